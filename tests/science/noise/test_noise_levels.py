"""Levels of periods against published results and against a real monitor."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bilan.problems import BilanError
from bilan.science import noise
from tests.shared import shared_data

few = settings(max_examples=15, deadline=None)
levels = st.lists(st.floats(min_value=20, max_value=110), min_size=1, max_size=30)


def test_the_weighted_energy_mean_that_openoise_prints():
    """OpeNoise (R, CRAN) README: energetic_w.mean(c(55.2, 88.6), c("03:22:52", "08:55:33")) gives 87.2."""
    seconds = [3 * 3600 + 22 * 60 + 52, 8 * 3600 + 55 * 60 + 33]
    assert round(noise.energy_mean([55.2, 88.6], seconds), 1) == 87.2


@few
@given(levels, st.floats(min_value=-10, max_value=10), st.randoms())
def test_properties_of_the_energy_mean(values, shift, random):
    mean = noise.energy_mean(values)
    assert min(values) - 1e-9 <= mean <= max(values) + 1e-9
    assert mean >= sum(values) / len(values) - 1e-9
    assert math.isclose(noise.energy_mean([value + shift for value in values]), mean + shift, abs_tol=1e-9)
    random.shuffle(values)
    assert math.isclose(noise.energy_mean(values), mean, abs_tol=1e-9)


def monitor() -> pl.DataFrame:
    frame = pl.read_csv(shared_data("noise_levels", "laeq1m.csv.gz"), try_parse_dates=True)
    return frame.select(point=pl.lit("m"), start=pl.col("datetime"), leq=pl.col("LEQ dB -A"))


def test_eleven_days_of_a_real_monitor():
    """Minutes of valerianF/noisemonitor: our hours and days against numpy on the same minutes."""
    minutes = monitor()
    hours = noise.statistics(minutes).sort("start")
    found = noise.days(hours).sort("day")
    assert minutes.height == 16470
    assert found.filter(pl.col("ld").is_not_null()).height == 11
    assert found["day"].dt.date().to_list()[0] == date(2025, 3, 20)
    for row in hours.sample(20, seed=1).iter_rows(named=True):
        own = minutes.filter(pl.col("start").dt.truncate("1h") == row["start"])["leq"].to_numpy()
        assert row["leq"] == pytest.approx(10 * math.log10(np.mean(10 ** (own / 10))), abs=1e-6)
        assert (row["l10"], row["l50"], row["l90"]) == pytest.approx(tuple(np.percentile(own, (90, 50, 10))), abs=1e-6)
        assert row["lmin"] <= row["l90"] <= row["l50"] <= row["l10"] <= row["lmax"]
        assert row["samples"] == len(own)
    for row in found.drop_nulls().iter_rows(named=True):
        expected = 10 * math.log10((16 * 10 ** (row["ld"] / 10) + 8 * 10 ** ((row["ln"] + 10) / 10)) / 24)
        assert row["ldn"] == pytest.approx(expected, abs=1e-6)
        assert row["ldn"] > row["ld"]


def test_the_night_belongs_to_the_day_before():
    """GB 3096-2008 3.3: 6:00 to 22:00 and 22:00 to 6:00."""
    begin = datetime(2026, 2, 28, 6)
    starts = [begin + timedelta(hours=at) for at in range(24)]
    frame = pl.DataFrame({"point": ["a"] * 24, "start": starts, "leq": [60.0] * 16 + [50.0, 40.0] * 4})
    row = noise.days(frame).row(0, named=True)
    assert (row["day"].date(), row["hours_day"], row["hours_night"]) == (date(2026, 2, 28), 16, 8)
    assert row["ln"] == pytest.approx(noise.energy_mean([50.0, 40.0]))


def test_too_few_hours_give_no_level():
    begin = datetime(2026, 3, 1, 6)
    frame = pl.DataFrame({"point": ["a"] * 24, "start": [begin + timedelta(hours=at) for at in range(24)], "leq": [50.0] * 24})
    some = frame.with_columns(leq=pl.when(pl.col("start").dt.hour().is_in([23, 0, 1])).then(None).otherwise("leq"))
    assert noise.days(some).select("ld", "ln", "ldn", "hours_night").row(0) == (50.0, None, None, 5)
    assert noise.days(some, least_night=5)["ln"].item() == 50.0


def test_unknown_intervals_name_what_is_known():
    with pytest.raises(BilanError) as caught:
        noise.statistics(monitor().head(5), "hours")  # type: ignore[arg-type]
    assert "hour" in caught.value.text("en")


def test_duckdb_agrees_on_levels():
    minutes = monitor().head(3000)
    ours = noise.days(noise.statistics(minutes)).sort("day")
    theirs = noise.days(noise.statistics(duckdb.sql("SELECT * FROM minutes"))).pl().sort("day")
    assert_frame_equal(ours, theirs, check_dtypes=False, rel_tol=1e-9)
    months = noise.evaluate_periods(ours, "month")
    assert_frame_equal(months, noise.evaluate_periods(duckdb.sql("SELECT * FROM theirs"), "month").pl(), check_dtypes=False, rel_tol=1e-9)
