"""Each pattern is found where it was put, and honest series, gaps and standstills are left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from bilan.pack.vocab import parameters
from bilan.science import integrity
from bilan.science.integrity import PAIRS, PATTERNS

BEGIN = datetime(2026, 3, 2)
HOURS = 60 * 24


def honest(seed: int = 1, hours: int = HOURS, level: float = 20.0, sigma: float = 0.2) -> pl.DataFrame:
    """A lively series: first-order autoregression of the logarithm, one decimal, as analysers report."""
    random = np.random.default_rng(seed)
    noise = np.zeros(hours)
    for hour in range(1, hours):
        noise[hour] = 0.8 * noise[hour - 1] + 0.6 * random.normal()
    start = pl.datetime_range(BEGIN, BEGIN + timedelta(hours=hours - 1), "1h", eager=True, time_unit="us")
    value = np.round(level * np.exp(sigma * noise), 1)
    return pl.DataFrame({"point": "a", "start": start, "value": value})


def spoilt(frame: pl.DataFrame, first: int, last: int, change: Callable[[np.ndarray], np.ndarray]) -> pl.DataFrame:
    values = frame["value"].to_numpy().copy()
    values[first:last] = change(values[first:last])
    return frame.with_columns(value=pl.Series(values).round(1))


def dimmed(values: np.ndarray) -> np.ndarray:
    hour = np.arange(len(values)) % 24
    return np.where((hour >= 22) | (hour < 6), values * 0.35, values)


SINGLE = {
    "constant": (integrity.constant, lambda values: np.full_like(values, 21.3)),
    "stair": (integrity.stair, lambda values: np.repeat(values[::6], 6)[: len(values)]),
    "clipped": (lambda frame: integrity.clipped(frame, limit=30), lambda values: np.minimum(values * 1.4, 29.1)),
    "night_shift": (integrity.night_shift, dimmed),
}  # fmt: skip


@pytest.mark.parametrize("name", SINGLE)
def test_a_planted_pattern_is_found_while_it_lasts_and_not_before(name: str) -> None:
    find, change = SINGLE[name]
    found = find(spoilt(honest(), 720, 1200, change))
    episodes = integrity.episodes(found, name)
    assert not found.head(720)[name].any()
    assert episodes.height >= 1
    assert BEGIN + timedelta(hours=720 - 24) <= episodes["began"][0] <= episodes["found"][0] <= BEGIN + timedelta(hours=720 + 144)


@pytest.mark.parametrize("name", [*SINGLE, "copied_days", "drift"])
@pytest.mark.parametrize("seed", range(5))
def test_honest_series_are_left_alone(name: str, seed: int) -> None:
    find = SINGLE[name][0] if name in SINGLE else PATTERNS[name].find
    assert not find(honest(seed))[name].any()


@pytest.mark.parametrize("name", SINGLE)
def test_gaps_neither_hide_nor_make_a_pattern(name: str) -> None:
    find, change = SINGLE[name]
    random = np.random.default_rng(3)
    whole = spoilt(honest(), 720, 1200, change)
    holes = pl.Series(random.random(HOURS) < 0.1)
    nulls = whole.with_columns(value=pl.when(~holes).then("value"))
    for gappy in (nulls, whole.filter(~holes), nulls.with_columns(value=pl.col("value").fill_null(float("nan")))):
        found = find(gappy)
        assert found.height == gappy.height
        assert found.filter(pl.col("start") >= BEGIN + timedelta(hours=720))[name].any()
        assert not found.filter(pl.col("start") < BEGIN + timedelta(hours=720))[name].any()
    assert not find(honest().filter(~holes))[name].any()


def test_a_constant_zero_while_stopped_is_no_fraud_but_while_running_it_is() -> None:
    stopped = spoilt(honest(), 720, 900, np.zeros_like)
    assert not integrity.constant(stopped)["constant"].any()
    flow = pl.Series(np.where((np.arange(HOURS) >= 720) & (np.arange(HOURS) < 900), 0.0, 5000.0))
    idle = integrity.running(stopped.with_columns(flow=flow))
    assert not integrity.constant(idle, running="running")["constant"].any()
    lying = stopped.with_columns(running=pl.lit(value=True))
    assert integrity.constant(lying, running="running")["constant"].sum() > 150


def test_a_coarse_calm_series_needs_a_longer_run() -> None:
    calm = honest().with_columns(value=(pl.col("value") / 20).round(1))
    assert not integrity.constant(calm)["constant"].any()
    assert not integrity.stair(calm)["stair"].any()


def test_copies_between_points_name_the_other_and_constants_do_not_count() -> None:
    first, second = honest(1), honest(2).with_columns(point=pl.lit("b"))
    mixed = second.with_columns(
        value=pl.when(pl.col("start").is_between(BEGIN + timedelta(days=20), BEGIN + timedelta(days=25)))
        .then(first["value"])
        .otherwise("value")
    )
    found = integrity.copied_points(pl.concat([first, mixed]))
    hits = found.filter("copied_points")
    assert set(hits["point"]) == {"a", "b"}
    assert hits.filter(point="b")["copied_points_of"].unique().to_list() == ["a"]
    assert hits["copied_points_began"].min() == BEGIN + timedelta(days=20)
    flat = pl.concat([first.with_columns(value=pl.lit(3.0)), second.with_columns(value=pl.lit(3.0))])
    assert not integrity.copied_points(flat)["copied_points"].any()


def test_copies_between_days_are_found_at_any_distance() -> None:
    values = honest()["value"].to_numpy().copy()
    values[1000:1048] = values[1000 - 167 : 1048 - 167]
    found = integrity.copied_days(honest().with_columns(value=pl.Series(values))).filter("copied_days")
    assert found["copied_days_began"].min() == BEGIN + timedelta(hours=1000)
    assert found["copied_days_lag"].unique().to_list() == pytest.approx([167 / 24])


def test_points_are_judged_apart() -> None:
    bad = spoilt(honest(1), 720, 1200, lambda values: np.full_like(values, 21.3))
    both = pl.concat([bad, honest(2).with_columns(point=pl.lit("b"))])
    for name, pattern in PATTERNS.items():
        if pattern.columns == ("value", "running"):
            alone, together = pattern.find(bad), pattern.find(both)
            assert together.filter(point="a").select(name, f"{name}_began").equals(alone.select(name, f"{name}_began")), name
    assert not integrity.constant(both).filter(point="b")["constant"].any()


def test_lazy_frames_stay_lazy_and_say_the_same() -> None:
    frame = spoilt(honest(), 720, 1200, lambda values: np.full_like(values, 21.3))
    lazy = integrity.constant(frame.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().equals(integrity.constant(frame))


def test_an_empty_frame_is_answered_with_an_empty_frame() -> None:
    empty = honest().clear()
    for name, pattern in PATTERNS.items():
        if pattern.columns == ("value", "running"):
            assert pattern.find(empty).columns[:6] == ["point", "start", "value", name, f"{name}_score", f"{name}_began"]


def test_bounded_pairs_name_columns_of_the_vocabulary() -> None:
    columns = {word.column for word in parameters().values()}
    assert {column for pair in PAIRS for column in (pair.part, pair.whole)} <= columns
