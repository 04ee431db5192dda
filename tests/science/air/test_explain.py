"""An explanation agrees with the verdict, cites its sources and exists in both languages."""

from __future__ import annotations

import json
from datetime import date, datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.science import air

READING = (
    st.none()
    | st.integers(0, 4000).map(float)
    | st.floats(0, 200).map(lambda value: round(value, 2))
    | st.sampled_from([-1.0, float("nan")])
)
VALUES = st.fixed_dictionaries(dict.fromkeys(("so2", "no2", "co", "o3", "pm10", "pm25", "o3_8h", "o3_1h", "so2_24h"), READING))
MOMENTS = st.sampled_from([datetime(2020, 4, 1, 8), datetime(2026, 4, 1, 8)])
INDICES = ("iaqi_so2", "iaqi_no2", "iaqi_pm10", "iaqi_pm25", "iaqi_o3", "iaqi_co")
VERDICT = (*INDICES, "aqi", "level", "primary", "missing", "reason", "valid", "version")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(MOMENTS, VALUES), min_size=20, max_size=40))
def test_a_single_reading_and_a_column_are_judged_alike(rows):
    """The columns interpolate in binary, the single reading in decimals: the two check each other."""
    schema = {"start": pl.Datetime("us")} | dict.fromkeys(rows[0][1], pl.Float64)
    frame = pl.DataFrame([{"start": moment, **values} for moment, values in rows], schema=schema)
    frame = frame.with_columns(point=pl.int_range(len(rows)).cast(pl.String), day=pl.col("start").dt.date())
    hours, days = air.judge_hours(frame), air.judge_day_means(frame.drop("start"))
    for place, (moment, values) in enumerate(rows):
        for judged, key in ((hours, moment), (days, moment.date())):
            single, column = air.judge(values, key), judged.row(place, named=True)
            assert {name: single[name] for name in VERDICT} == {name: column[name] for name in VERDICT}


@settings(max_examples=50, deadline=None)
@given(VALUES, MOMENTS)
def test_the_parts_lead_to_the_verdict(values, moment):
    row = air.judge(values, moment)
    why = air.explain({"start": moment, **values})
    assert why.aqi == row["aqi"]
    assert why.aqi is None or any(part.decides for part in why.parts)
    assert why.text() and why.text("en")


def test_a_daily_verdict_counts_its_samples():
    times = pl.datetime_range(datetime(2026, 4, 1), datetime(2026, 4, 1, 23), "1h", eager=True, time_unit="us")
    hours = pl.DataFrame({"point": ["a"] * 24, "start": times}).with_columns(so2=5.0, no2=20.0, co=0.5, o3=50.0, pm10=30.0, pm25=70.0)
    why = air.explain(air.judge_days(hours[:22]).row(0, named=True))
    assert why.moment == date(2026, 4, 1) and why.point == "a"
    particles = next(part for part in why.parts if part.symbol == "PM2.5")
    assert (particles.samples, particles.needed, particles.decides) == (22, 20, True)
    ozone = next(part for part in why.parts if part.symbol == "O3")
    assert (ozone.samples, ozone.needed) == (17, 14)
    assert "22 hours, 20 needed" in why.text("en") and "22 小时，需 20" in why.text()


def test_a_withheld_verdict_says_what_is_missing_and_by_which_clause():
    why = air.explain({"start": datetime(2026, 4, 1, 8), "pm25": 20.0})
    assert why.aqi is None and why.highest == 29
    assert any(rule.clause == "5.3.1" for rule in why.rules)
    assert "缺测" in why.text() and "missing" in why.text("en")


def test_sources_and_confidence_are_named():
    why = air.explain({"start": datetime(2020, 4, 1, 8), "pm25": 80.0, "pm10": 90.0, "so2": 1, "no2": 1, "co": 1, "o3": 1})
    assert why.confidence == "verified_2plus"
    assert "24 小时限值" in why.text()
    assert "by 24-hour breakpoints" in why.text("en")


def test_an_explanation_is_plain_json():
    why = air.explain({"start": datetime(2026, 4, 1, 8), "pm25": 80.5})
    assert json.loads(json.dumps(why.as_dict()))["moment"] == "2026-04-01T08:00:00"
