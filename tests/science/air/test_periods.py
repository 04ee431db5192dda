"""Months, quarters and years: statistics, validity, limits, composite index, ranks, days."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.science import air

VALUES = {"so2": 6.0, "no2": 20.0, "co": 0.6, "o3_8h": 120.0, "pm10": 40.0, "pm25": 20.0}


def days(first: date, last: date, **values) -> pl.DataFrame:
    moments = pl.date_range(first, last, "1d", eager=True)
    frame = pl.DataFrame({"point": ["a"] * len(moments), "day": moments})
    return frame.with_columns(
        **{name: pl.lit(value) if isinstance(value, float) else pl.Series(value) for name, value in (VALUES | values).items()}
    )


def statistic(frame: pl.DataFrame, pollutant: str, name: str) -> dict:
    return frame.filter((pl.col("pollutant") == pollutant) & (pl.col("statistic") == name)).row(0, named=True)


def test_the_percentile_lies_between_neighbours():
    """HJ 663 A.6: n = 365 and p = 98 give the position 357.72."""
    values = np.arange(1.0, 366.0)
    year = air.evaluate_period(days(date(2025, 1, 1), date(2025, 12, 31), no2=values, co=values / 100), "year")
    assert statistic(year, "NO2", "p98")["value"] == 358  # 357.72
    assert statistic(year, "CO", "p95")["value"] == 3.5  # position 346.8
    assert statistic(year, "NO2", "mean")["value"] == 183


def test_a_clean_year_attains_and_a_dirty_one_says_by_how_much():
    clean = air.evaluate_period(days(date(2025, 1, 1), date(2025, 12, 31)), "year")
    assert clean.height == 10 and clean["attained"].all() and clean["valid"].all()
    assert clean["exceedance"].is_null().all()
    assert air.attainment(clean).select("attained", "exceeding", "valid").row(0) == (True, 0, True)
    dirty = air.evaluate_period(days(date(2025, 1, 1), date(2025, 12, 31), pm25=52.0), "year")
    row = statistic(dirty, "PM2.5", "mean")
    assert (row["limit"], row["exceedance"], row["attained"], row["attainment_rate"]) == (35, 0.49, False, 100)
    assert air.attainment(dirty).select("attained", "exceeding").row(0) == (False, 1)


@pytest.mark.parametrize(
    ("year", "standard", "limit", "version"),
    [
        (2017, "auto", 35, "2012"),
        (2025, "auto", 35, "2012+A1:2018"),
        (2026, "auto", 30, "2026 transition"),
        (2031, "auto", 25, "2026 final"),
        (2025, "2026", 30, "2026 transition"),
        (2031, "2012", 35, "2012+A1:2018"),
    ],
)
def test_the_limit_follows_the_date_of_the_data(year, standard, limit, version):
    row = statistic(air.evaluate_period(days(date(year, 1, 1), date(year, 12, 31)), "year", standard), "PM2.5", "mean")
    assert (row["limit"], row["version"]) == (limit, version)


def test_a_zone_of_class_one_has_its_own_limits():
    row = statistic(air.evaluate_period(days(date(2025, 1, 1), date(2025, 12, 31)), "year", zone=1), "PM2.5", "mean")
    assert (row["limit"], row["attained"]) == (15, False)


@pytest.mark.parametrize(("first", "last", "valid"), [(1, 31, True), (1, 27, True), (1, 26, False)])
def test_a_month_needs_twenty_seven_days(first, last, valid):
    month = air.evaluate_period(days(date(2025, 1, first), date(2025, 1, last)), "month")
    assert month["valid"].unique().to_list() == [valid]


@pytest.mark.parametrize(("last", "valid"), [(25, True), (24, False)])
def test_february_needs_twenty_five(last, valid):
    assert air.evaluate_period(days(date(2025, 2, 1), date(2025, 2, last)), "month")["valid"].unique().to_list() == [valid]


@pytest.mark.parametrize(("gone", "valid"), [(0, True), (4, True), (5, False)])
def test_a_year_needs_each_month(gone, valid):
    year = days(date(2025, 1, 1), date(2025, 12, 31)).filter(~((pl.col("day").dt.month() == 7) & (pl.col("day").dt.day() <= gone)))
    assert air.evaluate_period(year, "year")["valid"].unique().to_list() == [valid]


def test_a_year_needs_324_days():
    """Twenty-seven days in each of eleven months and twenty-five in February are 322."""
    year = days(date(2025, 1, 1), date(2025, 12, 31))
    least = year.filter(pl.col("day").dt.day() <= pl.when(pl.col("day").dt.month() == 2).then(25).otherwise(27))
    assert least.height == 322
    assert not air.evaluate_period(least, "year")["valid"].any()


def test_quarters_and_the_daily_attainment_rate():
    half = [60.0] * 45 + [80.0] * 45
    quarter = air.evaluate_period(days(date(2025, 1, 1), date(2025, 3, 31), pm25=half), "quarter")
    row = statistic(quarter, "PM2.5", "mean")
    assert (row["period"], row["days"], row["value"], row["valid"], row["attainment_rate"]) == (date(2025, 1, 1), 90, 70, True, 50)


def test_the_composite_index_is_the_sum_of_ratios():
    index = air.composite_index(days(date(2025, 1, 1), date(2025, 1, 31)), "month").row(0, named=True)
    assert index["composite"] == round(0.1 + 0.5 + 0.57 + 0.57 + 0.15 + 0.75, 2)
    assert (index["primary"], index["index_pm25"], index["valid"]) == ("O3", 0.57, True)
    later = air.composite_index(days(date(2026, 3, 1), date(2026, 3, 31)), "month").row(0, named=True)
    assert later["composite"] == round(0.1 + 0.5 + 0.67 + 0.67 + 0.15 + 0.75, 2)
    weighted = air.composite_index(days(date(2026, 3, 1), date(2026, 3, 31)), "month", weights=air.published_weights())
    assert weighted["composite"][0] == round(0.1 + 2 * 0.5 + 0.67 + 3 * 0.67 + 0.15 + 2 * 0.75, 2)


def test_without_a_pollutant_there_is_no_composite_index():
    index = air.composite_index(days(date(2025, 1, 1), date(2025, 1, 31)).drop("co"), "month")
    assert index["composite"].to_list() == [None]
    assert index["valid"].to_list() == [False]


def test_equal_values_share_a_rank():
    frame = pl.DataFrame({"period": [1, 1, 1, 2], "composite": [3.0, 2.5, 2.5, 9.0]})
    assert air.rank(frame)["rank"].to_list() == [3, 1, 1, 1]
    assert air.rank(frame, descending=True)["rank"].to_list() == [1, 2, 2, 1]


def test_days_are_counted_by_definition():
    frame = pl.DataFrame(
        {
            "point": ["a"] * 5,
            "day": [date(2026, 3, day) for day in range(1, 6)],
            "aqi": [50, 100, 101, 201, None],
            "level": [1, 2, 3, 5, None],
            "pm25": [10.0, 40.0, 61.0, 160.0, None],
        }
    )
    row = air.good_days(frame).row(0, named=True)
    assert (row["days"], row["good"], row["heavy"], row["blue_sky"], row["ratio"]) == (4, 2, 1, 2, 50.0)
    assert [row[f"level_{level}"] for level in range(1, 7)] == [1, 1, 1, 0, 1, 0]
    own = air.good_days(frame, definitions=[air.DayDefinition("azure", (("aqi", "<=", 100), ("pm25", "<", 35)))]).row(0, named=True)
    assert (own["azure"], own["ratio"]) == (1, 25.0)


def test_dust_days_are_left_out_only_when_asked():
    dusty = days(date(2025, 4, 1), date(2025, 4, 30), pm10=[400.0] * 3 + [40.0] * 27).with_columns(dust=pl.int_range(30) < 3)
    assert statistic(air.evaluate_period(dusty, "month"), "PM10", "mean")["value"] == 76
    without = statistic(air.evaluate_period(dusty, "month", exclude_dust=True), "PM10", "mean")
    assert (without["value"], without["days"]) == (40, 27)
    assert statistic(air.evaluate_period(dusty, "month", exclude_dust=True), "NO2", "mean")["days"] == 30


def test_an_unknown_period_names_the_nearest():
    with pytest.raises(BilanError, match="month"):
        air.evaluate_period(days(date(2025, 1, 1), date(2025, 1, 31)), "months")
