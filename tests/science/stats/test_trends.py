"""Trends: no bias on series whose slope is known, honest intervals, and the rules of missing data."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import stats
from bilan.science.stats.trend import kendall

MONTHS = pl.datetime_range(datetime(2019, 1, 1), datetime(2023, 12, 1), "1mo", eager=True)
YEARS = np.arange(60) / 12
SEASON = 8 * np.cos(2 * np.pi * YEARS)
TRUE = -1.5


def noise(generator: np.random.Generator, count: int = 60, likeness: float = 0.4, spread: float = 2.0) -> np.ndarray:
    """Remainders whose neighbours are alike (AR 1)."""
    drawn = generator.normal(0, spread * np.sqrt(1 - likeness**2), count + 30)
    for at in range(1, count + 30):
        drawn[at] += likeness * drawn[at - 1]
    return drawn[30:]


def series(values: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame({"start": MONTHS[: len(values)], "pm25": values})


def slope_after_climatology(values: np.ndarray) -> float:
    """The way not to do it: subtract the mean of each month, then Theil–Sen over all pairs."""
    month = np.arange(60) % 12
    left = values - np.array([values[month == one].mean() for one in range(12)])[month]
    first, second = np.triu_indices(60, 1)
    return float(np.median((left[second] - left[first]) / (YEARS[second] - YEARS[first])))


def test_bias_is_below_one_percent_of_the_slope() -> None:
    """Each noise and its mirror image, so that only the bias of the method is left."""
    generator = np.random.default_rng(7)
    ours, wrong = [], []
    for _ in range(100):
        remainder = noise(generator)
        for values in (50 + TRUE * YEARS + SEASON + remainder, 50 + TRUE * YEARS + SEASON - remainder):
            ours.append(stats.trend(series(values), "pm25", resamples=2).slope)
            wrong.append(slope_after_climatology(values))
    assert abs(np.mean(ours) - TRUE) < 0.01 * abs(TRUE)
    assert np.mean(wrong) - TRUE > 0.03 * abs(TRUE)


def test_the_interval_holds_the_truth() -> None:
    generator = np.random.default_rng(11)
    held = 0
    for _ in range(60):
        found = stats.trend(series(50 + TRUE * YEARS + SEASON + noise(generator)), "pm25", resamples=200)
        held += found.lower <= TRUE <= found.upper
    assert held >= 50


def test_no_trend_is_no_trend() -> None:
    generator = np.random.default_rng(5)
    signs = [stats.trend(series(50 + SEASON + noise(generator)), "pm25", resamples=200).sign for _ in range(40)]
    assert sum(sign != 0 for sign in signs) <= 9


@settings(max_examples=20, deadline=None)
@given(factor=st.floats(0.01, 100), shift=st.floats(-100, 100), seed=st.integers(0, 1000))
def test_units_do_not_matter(factor: float, shift: float, seed: int) -> None:
    values = 50 + TRUE * YEARS + SEASON + noise(np.random.default_rng(seed))
    one = stats.trend(series(values), "pm25", resamples=50)
    other = stats.trend(series(values * factor + shift), "pm25", resamples=50)
    assert other.slope == pytest.approx(one.slope * factor, rel=1e-6, abs=1e-9)
    assert (other.lower, other.upper) == pytest.approx((one.lower * factor, one.upper * factor), rel=1e-6, abs=1e-6)
    assert other.p_kendall == pytest.approx(one.p_kendall)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_order_of_rows_does_not_matter(seed: int) -> None:
    frame = series(50 + TRUE * YEARS + SEASON + noise(np.random.default_rng(seed)))
    mixed = stats.trend(frame.sample(fraction=1, shuffle=True, seed=seed), "pm25", resamples=20)
    assert mixed.slope == stats.trend(frame, "pm25", resamples=20).slope


def test_gaps_do_not_bend_the_trend() -> None:
    values = 50 + TRUE * YEARS + SEASON
    frame = series(values).with_row_index().filter((pl.col("index") * 7 % 10) > 2)
    found = stats.trend(frame, "pm25", resamples=20)
    assert found.slope == pytest.approx(TRUE)
    assert found.data.height == 59
    assert found.count == frame.height


def test_months_with_too_few_hours_do_not_count() -> None:
    hours = pl.datetime_range(datetime(2021, 1, 1), datetime(2023, 12, 31, 23), "1h", eager=True)
    frame = pl.DataFrame({"start": hours, "o3": np.ones(len(hours))})
    thin = frame.filter((pl.col("start").dt.month() != 5) | (pl.col("start").dt.day() <= 10))
    counted = stats.trend(thin, "o3", completeness=0.75, resamples=5).data
    assert counted.filter(pl.col("value").is_null())["start"].dt.month().to_list() == [5, 5, 5]


def test_too_short_a_series_is_refused() -> None:
    with pytest.raises(BilanError, match="at least 24"):
        stats.trend(series(np.arange(12.0)), "pm25")


def test_seasonal_kendall_of_two_seasons_by_hand() -> None:
    """Season one 1 < 2 < 3 < 4 (S = 6), season two 4 > 3 > 2 > 1 (S = −6): no trend; both rising: S = 12, Var = 2 · 26/3."""
    season = np.tile([0, 1], 4)
    assert kendall(np.array([1.0, 4, 2, 3, 3, 2, 4, 1]), season) == pytest.approx(1.0)
    z = 11 / np.sqrt(2 * 26 / 3)
    assert kendall(np.array([1.0, 1, 2, 2, 3, 3, 4, 4]), season) == pytest.approx(0.00824, abs=2e-5)
    assert z == pytest.approx(2.642, abs=1e-3)


def test_smooth_trend_follows_a_bend() -> None:
    bend = 50 + 10 * np.sin(2 * np.pi * YEARS / 5) + SEASON + noise(np.random.default_rng(2), spread=1.0)
    found = stats.smooth_trend(series(bend), "pm25")
    told = found.data["trend"].to_numpy()
    truth = 50 + 10 * np.sin(2 * np.pi * YEARS / 5)
    assert np.sqrt(np.mean((told - told.mean() - truth + truth.mean()) ** 2)) < 1.0
    assert found.freedom > 4
    inside = (found.data["lower"].to_numpy() <= truth) & (truth <= found.data["upper"].to_numpy())
    assert inside.mean() > 0.7


def test_smooth_trend_fills_no_gap_with_certainty() -> None:
    whole = (50 + 10 * np.sin(2 * np.pi * YEARS / 2.5) + noise(np.random.default_rng(4), spread=1.0)).tolist()
    gap = [*whole[:20], *[None] * 12, *whole[32:]]
    data = stats.smooth_trend(pl.DataFrame({"start": MONTHS, "pm25": gap}), "pm25", deseason=False).data
    width = (data["upper"] - data["lower"]).to_numpy()
    assert width[26] > 2 * width[10]
    assert data["value"][26] is None


def test_source_frames_of_other_kinds_give_the_same() -> None:
    frame = series(50 + TRUE * YEARS + SEASON)
    assert stats.trend(frame.to_pandas(), "pm25", resamples=5).slope == stats.trend(frame.lazy(), "pm25", resamples=5).slope


def test_normalised_weather_takes_out_the_wind_and_keeps_the_step() -> None:
    """Concentration falls with wind and by 12 half way; a windy second half must not pass for a cut."""
    generator = np.random.default_rng(3)
    start = [datetime(2022, 1, 1) + timedelta(hours=6 * step) for step in range(4 * 730)]
    half = np.arange(len(start)) >= len(start) // 2
    day = np.array([time.timetuple().tm_yday for time in start])
    wind = generator.gamma(4, 0.8, len(start)) * np.where(half, 1.25, 1.0)
    value = 80 + 10 * np.cos(2 * np.pi * day / 365) - 8 * np.minimum(wind, 7) - 12 * half + generator.normal(0, 3, len(start))
    frame = pl.DataFrame({"start": start, "pm25": value, "wind_speed": wind})
    found = stats.normalise_weather(frame, "pm25", weather=["wind_speed"], resamples=10, rounds=80, threads=1)
    told = found.data["normalised"].to_numpy()
    assert told.mean() == pytest.approx(value.mean(), rel=0.02)
    seen, kept = value[half].mean() - value[~half].mean(), told[half].mean() - told[~half].mean()
    assert seen < -15
    assert kept == pytest.approx(-12, abs=2.0)
    assert found.r2 > 0.7
    assert found.importance["feature"][0] == "wind_speed"
    assert found.months.height == 24
