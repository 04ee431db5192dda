"""Rules of the hourly report."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.science import air

CLEAN = {"so2": 5, "no2": 20, "co": 0.5, "o3": 50, "pm10": 30, "pm25": 15}
OLD, NEW = datetime(2026, 2, 28, 23), datetime(2026, 3, 1, 0)


def series(hours: int, start: datetime = OLD, **values) -> pl.DataFrame:
    times = pl.datetime_range(start, interval="1h", end=start.replace(year=start.year + 1), eager=True, time_unit="us")[:hours]
    return pl.DataFrame({"point": ["a"] * hours, "start": times}).with_columns(**{name: pl.lit(value) for name, value in values.items()})


def test_a_frame_may_span_the_change_of_the_standard():
    judged = air.judge_hours(series(2, **(CLEAN | {"pm25": 61})))
    assert judged.select("start", "version", "aqi", "level").rows() == [(OLD, "2012", 83, 2), (NEW, "2026", 101, 3)]


@pytest.mark.parametrize(("standard", "aqi"), [("2012", [83, 83]), ("2026", [101, 101])])
def test_a_standard_can_be_forced(standard, aqi):
    assert air.judge_hours(series(2, **(CLEAN | {"pm25": 61})), standard)["aqi"].to_list() == aqi


def test_ties_are_named_together_and_none_up_to_fifty():
    assert air.judge(CLEAN | {"pm25": 60, "o3": 200}, NEW)["primary"] == "PM2.5,O3"
    assert air.judge(CLEAN | {"pm25": 35, "pm10": 50}, NEW)["primary"] == ""


def test_2026_withholds_the_aqi_of_a_clean_hour_with_a_missing_pollutant():
    judged = air.judge({name: value for name, value in CLEAN.items() if name != "co"}, NEW)
    assert (judged["aqi"], judged["level"], judged["primary"], judged["valid"]) == (None, None, "", False)
    assert (judged["missing"], judged["reason"]) == ("CO", "aqi-2026-missing")
    assert judged["iaqi_pm10"] == 30


def test_2026_publishes_a_polluted_hour_with_a_missing_pollutant():
    judged = air.judge({"pm25": 61}, NEW)
    assert (judged["aqi"], judged["primary"], judged["valid"]) == (101, "PM2.5", True)


def test_2012_judges_by_the_pollutants_that_are_there():
    judged = air.judge({name: value for name, value in CLEAN.items() if name != "co"}, OLD)
    assert (judged["aqi"], judged["missing"], judged["valid"]) == (30, "CO", True)


def test_sulphur_dioxide_above_800_in_2026_counts_200():
    judged = air.judge(CLEAN | {"so2": 801}, NEW)
    assert (judged["aqi"], judged["primary"], judged["reason"]) == (200, "SO2", "aqi-2026-so2")


def test_sulphur_dioxide_above_800_in_2012_is_judged_by_its_24_hour_mean():
    given = air.judge(CLEAN | {"so2": 801, "so2_24h": 150}, OLD)
    assert (given["iaqi_so2"], given["reason"]) == (100, "aqi-2012-so2")
    hours = series(24, datetime(2020, 1, 1), **CLEAN).with_columns(so2=pl.when(pl.col("start").dt.hour() == 23).then(850.0).otherwise(50.0))
    judged = air.judge_hours(hours)
    mean = (23 * 50 + 850) / 24
    assert judged["iaqi_so2"][-1] == air.judge({"so2": mean}, OLD.date())["iaqi_so2"]
    assert judged.columns[: len(hours.columns)] == hours.columns
    assert "so2_24h" not in judged.columns


def test_the_text_of_2012_takes_sliding_means():
    hours = series(24, datetime(2020, 1, 1), **(CLEAN | {"pm25": 35.0})).with_columns(
        pm25=pl.when(pl.col("start").dt.hour() < 12).then(15.0).otherwise(55.0)
    )
    judged = air.judge_hours(hours, method="text")
    assert judged["iaqi_pm25"][:19].is_null().all()
    assert judged["pm25_24h"][-1] == 35
    assert judged["iaqi_pm25"][-1] == 50
    assert air.judge_hours(hours)["iaqi_pm25"][-1] == 75


def test_eight_hours_need_six_and_do_not_bridge_a_gap():
    hours = series(8, datetime(2020, 1, 1), o3=80.0).filter(~pl.col("start").dt.hour().is_in([1, 2]))
    means = air.sliding_means(hours, "o3_8h")
    assert means["o3_8h"].to_list() == [None] * 5 + [80.0]
    later = pl.concat([hours, hours.with_columns(start=pl.col("start").dt.offset_by("5d"))])
    assert air.sliding_means(later, "o3_8h")["o3_8h"].to_list() == [None] * 5 + [80.0] + [None] * 5 + [80.0]


def test_sliding_means_reach_over_midnight():
    hours = series(30, datetime(2020, 1, 1, 20), o3=60.0)
    assert air.sliding_means(hours, "o3_8h")["o3_8h"].is_not_null().sum() == 25


def test_rows_keep_their_order():
    hours = series(30, datetime(2020, 1, 1), **CLEAN).sample(fraction=1, shuffle=True, seed=1)
    assert air.judge_hours(hours, method="text")["start"].to_list() == hours["start"].to_list()


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (series(1, **CLEAN).drop("point"), "air.missing_column"),
        (series(1), "air.no_pollutant"),
        (series(1, **CLEAN).with_columns(pl.col("start").dt.replace_time_zone("Asia/Shanghai")), "air.not_a_time_column"),
        (series(1, **CLEAN).with_columns(pl.col("start").cast(pl.String)), "air.not_a_time_column"),
    ],
)
def test_an_unusable_frame_is_refused_with_its_reason(frame, code):
    with pytest.raises(BilanError) as refused:
        air.judge_hours(frame)
    assert refused.value.problems[0].code == code
    assert refused.value.text("en") and refused.value.text("zh-hans")


def test_an_unknown_standard_or_method_names_the_nearest():
    with pytest.raises(BilanError, match="2026"):
        air.judge_hours(series(1, **CLEAN), "2025")
    with pytest.raises(BilanError, match="published"):
        air.judge_hours(series(1, **CLEAN), method="publish")


def test_an_hour_that_is_there_twice_is_refused():
    hours = series(3, **CLEAN)
    with pytest.raises(BilanError) as refused:
        air.judge_days(pl.concat([hours, hours[:1]]))
    assert refused.value.problems[0].code == "air.duplicate_hours"
