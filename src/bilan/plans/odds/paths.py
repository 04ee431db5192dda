"""Days that may come: daily values drawn from what is known today."""

from __future__ import annotations

import numpy as np

from bilan.plans.odds.filtering import DRIFT, FAST, HALVING, LEVEL, SEASON, SIZE, SLOW, Knowledge
from bilan.plans.odds.memory import YEAR, Floats, Memory, waves

PATHS = 1000
"""Possible futures that are drawn."""


def futures(
    known: Knowledge, memory: Memory, days: int, unit: float = 1.0, *, series: int = 0, paths: int = PATHS, seed: int | None = None
) -> Floats:
    """Draw possible values of the next days.

    Args:
        known: what is known at the end of a day.
        memory: structure of the quantity.
        days: how many days to draw.
        unit: usual value of the series, as it was scaled by.
        series: which series of `known`.
        paths: how many futures; even, since every second mirrors the one before.
        seed: of the draws; the day itself when None, so that a statement can be made again.

    Returns:
        Values of shape (paths, days).
    """
    random = np.random.default_rng(known.day if seed is None else seed)
    half = (paths + 1) // 2

    def normal(*shape: int) -> Floats:
        drawn = random.standard_normal((half, *shape))
        return np.concatenate([drawn, -drawn])[:paths]

    scale = float(known.scale[series])
    state = known.mean[series] + normal(SIZE) @ _root(known.spread[series]).T
    ahead = np.arange(1, days + 1)
    decay = 0.5 ** (1.0 / (HALVING * YEAR))
    scaled = state[:, SEASON:SLOW] @ waves(known.day + ahead).T
    scaled += state[:, LEVEL, None] + state[:, DRIFT, None] / YEAR * ((1.0 - decay**ahead) / (1.0 - decay))
    scaled += np.cumsum(normal(days), axis=1) * (scale * memory.walk / np.sqrt(YEAR))
    scaled += _swing(state[:, SLOW], normal(days), memory.slow_days, scale * memory.slow)
    weather = _swing(state[:, FAST], normal(days), memory.fast_days, scale * memory.fast) + normal(days) * (scale * memory.noise)
    scaled += weather * memory.restless(known.day + ahead)
    return memory.unscaled(scaled, unit)


def _swing(begin: Floats, drawn: Floats, length: float, size: float) -> Floats:
    """A first-order autoregression that goes on from where it is."""
    keep = float(np.exp(-1.0 / length))
    new = size * np.sqrt(1.0 - keep**2)
    found = np.empty_like(drawn)
    last = begin
    for day in range(drawn.shape[1]):
        last = keep * last + new * drawn[:, day]
        found[:, day] = last
    return found


def _root(spread: Floats) -> Floats:
    """A square root of a covariance that may have lost rank by rounding."""
    values, vectors = np.linalg.eigh(0.5 * (spread + spread.T))
    root: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return root
