"""Rules of the daily report: validity, ozone windows, versions."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from bilan.science import air

CLEAN = {"so2": 5.0, "no2": 20.0, "co": 0.5, "o3": 50.0, "pm10": 30.0, "pm25": 15.0}


def day(moment: date = date(2026, 4, 1), hours: int = 24, **values) -> pl.DataFrame:
    start = datetime(moment.year, moment.month, moment.day)
    times = pl.datetime_range(start, start.replace(hour=23), "1h", eager=True, time_unit="us")[:hours]
    chosen = CLEAN | values
    return pl.DataFrame({"point": ["a"] * hours, "start": times}).with_columns(**{name: pl.lit(value) for name, value in chosen.items()})


def judged(frame: pl.DataFrame, standard: str = "auto") -> dict:
    return air.judge_days(frame, standard).row(0, named=True)


def test_a_full_day():
    row = judged(day())
    assert (row["day"], row["pm10"], row["n_pm10"], row["o3_8h"], row["n_o3_8h"]) == (date(2026, 4, 1), 30, 24, 50, 17)
    assert (row["aqi"], row["level"], row["primary"], row["valid"]) == (30, 1, "", True)


@pytest.mark.parametrize(("hours", "stands"), [(19, False), (20, True)])
def test_a_daily_mean_needs_twenty_hours(hours, stands):
    row = judged(day().with_columns(pm25=pl.when(pl.int_range(24) < hours).then("pm25")))
    assert row["n_pm25"] == hours
    assert (row["pm25"] is not None) == stands
    assert (row["aqi"] is not None) == stands


def test_eight_hour_windows_end_from_eight_to_midnight():
    """Ozone of the day before and windows that end before 08:00 do not count."""
    before = day(date(2026, 3, 31), o3=300.0)
    row = air.judge_days(pl.concat([before, day()])).row(1, named=True)
    assert row["o3_8h"] == 50


@pytest.mark.parametrize(("missing", "windows"), [([], 17), ([3, 4], 17), ([2, 3, 4], 14), ([3, 4, 5], 13), ([3, 4, 5, 12, 13, 14], 7)])
def test_a_window_needs_six_hours(missing, windows):
    row = judged(day().with_columns(o3=pl.when(~pl.col("start").dt.hour().is_in(missing)).then("o3")))
    assert row["n_o3_8h"] == windows
    assert (row["o3_8h"] is not None) == (windows >= 14)


@pytest.mark.parametrize(("ozone", "stands"), [(160.0, False), (160.4, False), (160.5, False), (160.6, True), (161.0, True)])
def test_few_windows_stand_only_above_the_limit(ozone, stands):
    row = judged(day(o3=ozone).with_columns(o3=pl.when(pl.col("start").dt.hour() >= 16).then("o3")))
    assert row["n_o3_8h"] == 3
    assert (row["o3_8h"] is not None) == stands


def test_absent_hours_count_as_missing_hours():
    whole = day().with_columns(o3=pl.when(~pl.col("start").dt.hour().is_in([2, 3, 4])).then("o3"))
    assert judged(whole.filter(pl.col("o3").is_not_null()))["n_o3_8h"] == judged(whole)["n_o3_8h"] == 14


def test_2012_takes_the_highest_hour_of_ozone_too_and_2026_does_not():
    peak = day(date(2020, 4, 1)).with_columns(o3=pl.when(pl.int_range(24) == 14).then(300.0).otherwise(60.0))
    assert judged(peak)["iaqi_o3"] == 150
    assert judged(peak, "2026")["iaqi_o3"] == 45


def test_ozone_above_800_by_version():
    high = day(o3=801.0)
    assert (judged(high, "2026")["iaqi_o3"], judged(high, "2026")["reason"]) == (300, "aqi-2026-o3")
    assert (judged(high, "2012")["iaqi_o3"], judged(high, "2012")["reason"]) == (301, "aqi-2012-o3")


def test_a_missing_pollutant_by_version():
    without = day().drop("so2")
    assert judged(without, "2012")["aqi"] == 30
    assert judged(without, "2026")["aqi"] is None
    assert judged(without.with_columns(pm25=pl.lit(61.0)), "2026")["aqi"] == 101


def test_means_are_rounded_half_to_even_in_the_decimal_sense():
    """Twelve hours of 0.2 and twelve of 0.3 make 0.25 mg/m³, which is 0.2; binary sums must not tip it."""
    row = judged(day(co=0.2).with_columns(co=pl.when(pl.int_range(24) < 12).then(0.2).otherwise(0.3)))
    assert row["iaqi_co"] == 5
    row = judged(day().with_columns(pm25=pl.when(pl.int_range(24) < 12).then(35.0).otherwise(36.0)))
    assert (row["pm25"], row["iaqi_pm25"]) == (35.5, 52)


def test_days_of_two_versions_in_one_frame():
    frame = pl.concat([day(date(2026, 2, 28), pm25=61.0), day(date(2026, 3, 1), pm25=61.0)])
    assert air.judge_days(frame).select("version", "aqi").rows() == [("2012", 83), ("2026", 101)]


def test_an_empty_frame_gives_an_empty_frame():
    assert air.judge_days(day()[:0]).is_empty()
    assert air.judge_hours(day()[:0]).is_empty()


def test_city_values_are_means_over_city_sites():
    sites = pl.concat([day(pm25=value).with_columns(point=pl.lit(name)) for name, value in (("a", 20.0), ("b", 41.0), ("c", 500.0))])
    kinds = pl.DataFrame({"point": ["a", "b", "c"], "city": ["x"] * 3, "kind": ["city", "city", "traffic"]})
    days = air.judge_days(sites).join(kinds, on="point")
    row = air.city_days(days).row(0, named=True)
    assert (row["point"], row["sites"], row["pm25"], row["iaqi_pm25"]) == ("x", 2, 30.5, 43)
    hour = air.city_hours(sites.join(kinds, on="point")).row(0, named=True)
    assert (hour["point"], hour["pm25"], hour["iaqi_pm25"]) == ("x", 30.5, 43)
