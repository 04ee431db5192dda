"""What the days so far say of level, trend, season and present swing: a Kalman filter over daily values, many series at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bilan.plans.odds.memory import HARMONICS, YEAR, Floats, Memory, waves

LEVEL, DRIFT, SEASON = 0, 1, 2
SLOW = SEASON + 2 * HARMONICS
FAST = SLOW + 1
SIZE = FAST + 1
"""Positions within the state: level, slope of the trend [1/a], waves of the year, slow and fast swing."""

WIDE = 1.0
"""Variance of the level before anything was seen."""

HALVING = 2.0
"""Years in which a trend loses half of its slope, so that it does not run on for ever."""

OWN_SPREAD = 60.0
"""Days that a series must show before its own spread counts as much as the one learnt from other cities."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known at the end of a day.

    Attributes:
        day: that day, in days since 1970-01-01.
        mean: state of each series, of shape (series, `SIZE`).
        spread: its covariance, of shape (series, `SIZE`, `SIZE`).
        scale: how much more (or less) each series varies than those that the memory was fitted on, of shape (series,).
        seen: days with a value, of shape (series,).
    """

    day: int
    mean: Floats
    spread: Floats
    scale: Floats
    seen: NDArray[np.int64]


def step(memory: Memory) -> tuple[Floats, Floats]:
    """From one day to the next: the transition matrix and the covariance of what is new."""
    turn = np.eye(SIZE)
    turn[LEVEL, DRIFT] = 1.0 / YEAR
    turn[DRIFT, DRIFT] = 0.5 ** (1.0 / (HALVING * YEAR))
    turn[SLOW, SLOW] = np.exp(-1.0 / memory.slow_days)
    turn[FAST, FAST] = np.exp(-1.0 / memory.fast_days)
    new = np.zeros((SIZE, SIZE))
    new[LEVEL, LEVEL] = memory.walk**2 / YEAR
    new[SLOW, SLOW] = memory.slow**2 * (1.0 - turn[SLOW, SLOW] ** 2)
    new[FAST, FAST] = memory.fast**2 * (1.0 - turn[FAST, FAST] ** 2)
    return turn, new


def looks(days: NDArray[np.int64], memory: Memory) -> Floats:
    """How a day's value is made of the state, one row a day; its last number is how restless the day's weather is."""
    found = np.ones((len(days), SIZE))
    found[:, DRIFT] = 0.0
    found[:, SEASON:SLOW] = waves(days)
    found[:, FAST] = memory.restless(days)
    return found


def learn(
    scaled: Floats, first: int, memory: Memory, stops: Sequence[int] | None = None, noise: Floats | None = None, trend: float = 0.0
) -> list[Knowledge]:
    """Go through the days and tell what is known at the end of each of `stops`.

    Args:
        scaled: values on the memory's scale, of shape (series, days), without gaps in the days; NaN where there is none.
        first: day of the first column, in days since 1970-01-01.
        memory: structure of the quantity.
        stops: days to tell the knowledge of, ascending; the last day alone when None.
        noise: further variance of single days' values, of shape (days,), for values that are forecast and not measured.
        trend: slope [1/a] that the region is known to have, from which a series' own is learnt.

    Returns:
        One entry a stop.

    References:
        Durbin and Koopman, Time Series Analysis by State Space Methods, 2nd edition, §4.3.
    """
    count, length = scaled.shape
    days = first + np.arange(length)
    wanted = set(stops if stops is not None else [int(days[-1])])
    rows = looks(days, memory)
    turn, new = step(memory)
    mean, spread = before(scaled, memory, trend)
    surprise, seen = np.zeros(count), np.zeros(count, dtype=np.int64)
    found: list[Knowledge] = []
    for position in range(length):
        if position:
            mean = mean @ turn.T
            spread = turn @ spread @ turn.T + new
        there = ~np.isnan(scaled[:, position])
        if there.any():
            extra = (memory.noise * rows[position, FAST]) ** 2 + (0.0 if noise is None else noise[position])
            mean, spread, chance = take_in(mean, spread, rows[position], np.where(there, scaled[:, position], 0.0), there, extra)
            surprise += chance
            seen += there
        if int(days[position]) in wanted:
            scale = (OWN_SPREAD + surprise) / (OWN_SPREAD + seen)
            found.append(Knowledge(int(days[position]), mean.copy(), spread * scale[:, None, None], np.sqrt(scale), seen.copy()))
    return found


def before(scaled: Floats, memory: Memory, trend: float = 0.0) -> tuple[Floats, Floats]:
    """What is known before the first day."""
    count = len(scaled)
    variances = np.empty(SIZE)
    variances[LEVEL], variances[DRIFT] = WIDE, memory.drift**2
    variances[SEASON:SLOW] = np.repeat(np.square(memory.season_spread), 2)
    variances[SLOW], variances[FAST] = memory.slow**2, memory.fast**2
    mean = np.zeros((count, SIZE))
    there = ~np.isnan(scaled)
    mean[:, LEVEL] = np.where(there, scaled, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    mean[:, DRIFT] = trend
    mean[:, SEASON:SLOW] = memory.season
    return mean, np.broadcast_to(np.diag(variances), (count, SIZE, SIZE)).copy()


def take_in(
    mean: Floats, spread: Floats, row: Floats, value: Floats, there: NDArray[np.bool_], noise: float
) -> tuple[Floats, Floats, Floats]:
    """Take in one day's values; also how surprising each was, squared, in units of what was expected."""
    along = spread @ row
    variance = along @ row + noise
    error = np.where(there, value - mean @ row, 0.0)
    gain = np.where(there[:, None], along / variance[:, None], 0.0)
    return mean + gain * error[:, None], spread - gain[:, :, None] * along[:, None, :], error**2 / variance
