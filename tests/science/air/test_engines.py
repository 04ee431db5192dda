"""Every rule gives the same result on Polars, on a lazy Polars frame and on DuckDB, to the last digit."""

from __future__ import annotations

from datetime import datetime

import duckdb
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bilan.science import air


@pytest.fixture(scope="module")
def hours() -> pl.DataFrame:
    """Sixty days over the change of the standard; gaps, nulls, nonsense and very high values."""
    random = np.random.default_rng(7)
    start = pl.datetime_range(datetime(2026, 2, 1), datetime(2026, 4, 1, 23), "1h", eager=True, time_unit="us")
    frame = pl.DataFrame({"point": ["a", "b", "c"]}).join(pl.DataFrame({"start": start}), how="cross")
    for column, mean in {"so2": 60, "no2": 60, "co": 1.7, "o3": 130, "pm10": 110, "pm25": 70}.items():
        values = np.round(random.gamma(1.2, mean / 1.2, frame.height), 3)
        values[random.random(frame.height) < 0.002] = -1
        values[random.random(frame.height) < 0.002] = 900
        present = pl.Series(random.random(frame.height) > 0.1)
        frame = frame.with_columns(pl.when(present).then(pl.Series(values)).alias(column))
    return frame.filter(pl.Series(random.random(frame.height) > 0.03))


def on_duckdb(frame: pl.DataFrame, *names: str):
    """The same rows as a relation of DuckDB's default connection."""
    return duckdb.sql("select * from frame")


def same(result, relation, *order: str) -> None:
    other = relation.pl()
    columns = result.columns
    assert_frame_equal(result.sort(*order), other.select(columns).sort(*order), check_exact=True, check_dtypes=False, check_row_order=True)


@pytest.mark.parametrize("standard", ["auto", "2012", "2026"])
def test_days_are_equal(hours, standard):
    judged = air.judge_days(hours, standard)
    same(judged, air.judge_days(on_duckdb(hours), standard), "point", "day")
    assert_frame_equal(judged, air.judge_days(hours.lazy(), standard).collect())


@pytest.mark.parametrize("method", ["published", "text"])
def test_hours_are_equal(hours, method):
    judged = air.judge_hours(hours, method=method)
    same(judged, air.judge_hours(on_duckdb(hours), method=method), "point", "start")


def test_order_of_rows_does_not_matter(hours):
    assert_frame_equal(air.judge_days(hours), air.judge_days(hours.sample(fraction=1, shuffle=True, seed=3)))


def test_sliding_means_are_equal(hours):
    same(air.sliding_means(hours), air.sliding_means(on_duckdb(hours)), "point", "start")


@pytest.mark.parametrize("by", ["month", "quarter", "year"])
def test_periods_are_equal(hours, by):
    days = air.judge_days(hours)
    same(air.evaluate_period(days, by), air.evaluate_period(on_duckdb(days), by), "point", "period", "pollutant", "statistic")
    same(air.composite_index(days, by), air.composite_index(on_duckdb(days), by), "point", "period")
    same(air.good_days(days, by), air.good_days(on_duckdb(days), by), "point", "period")


def test_cities_are_equal(hours):
    days = air.judge_days(hours).with_columns(city=pl.lit("x"))
    same(air.city_days(days), air.city_days(on_duckdb(days)), "point", "day")
    sites = hours.with_columns(city=pl.lit("x"))
    same(air.city_hours(sites), air.city_hours(on_duckdb(sites)), "point", "start")


def test_attainment_and_rank_are_equal(hours):
    days = air.judge_days(hours)
    evaluation = air.evaluate_period(days, "month")
    same(air.attainment(evaluation), air.attainment(on_duckdb(evaluation)), "point", "period")
    index = air.composite_index(days, "month")
    same(air.rank(index), air.rank(on_duckdb(index)), "point", "period")
