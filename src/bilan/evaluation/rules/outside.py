"""What a value is compared with outside its own column: its own season and its neighbours."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

SEASON_DAYS = 28
"""Days before, over which the usual value of an hour is taken."""
SEASON_LEAST = 10
"""Fewest of them that must have a value."""
NEIGHBOURS = 8
"""Most neighbours a point is compared with."""
NEIGHBOURS_LEAST = 3
"""Fewest of them that must have a value."""
ROBUST = 1.4826
"""Median absolute deviation → standard deviation of a normal distribution."""
SEASON_FLOOR, NEIGHBOUR_FLOOR = 0.05, 0.1
"""Least spread, as a part of the usual value: calmer series would raise alarms over nothing."""
EARTH = 6371.0
"""Mean radius [km]."""


def deviation(values: Numbers, centre: Numbers, spread: Numbers) -> Numbers:
    """Difference from what is usual, in spreads; not a number where the spread is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (values - centre) / spread
    found[~np.isfinite(found)] = np.nan
    return found


def usual(samples: Numbers, axis: int, least: int, floor: float) -> tuple[Numbers, Numbers]:
    """Median and robust spread along an axis; not a number where fewer than `least` samples are there.

    Args:
        samples: values, not a number where absent.
        floor: least spread as a part of the median.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        centre = np.nanmedian(samples, axis=axis)
        spread = ROBUST * np.nanmedian(np.abs(samples - np.expand_dims(centre, axis)), axis=axis)
    spread = np.maximum(spread, floor * np.abs(centre))
    few = np.isfinite(samples).sum(axis=axis) < least
    centre[few], spread[few] = np.nan, np.nan
    return centre, spread


def nearest(lon: Numbers, lat: Numbers, within: float) -> npt.NDArray[np.int64]:
    """Places of the nearest points, the nearest first; -1 where there are no more.

    Args:
        lon, lat: of the points [deg]; not a number where unknown.
        within: how far away they may lie [km].
    """
    count = lon.size
    found = np.full((count, NEIGHBOURS), -1, dtype=np.int64)
    x, y = np.radians(lon), np.radians(lat)
    for at in range(count):
        half = np.sin((y - y[at]) / 2) ** 2 + np.cos(y) * np.cos(y[at]) * np.sin((x - x[at]) / 2) ** 2
        distance = 2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
        distance[at] = np.inf
        distance[~(distance <= within)] = np.inf
        order = np.argsort(distance, kind="stable")[:NEIGHBOURS]
        order = order[np.isfinite(distance[order])]
        found[at, : order.size] = order
    return found


def neighbours(values: Numbers, beside: npt.NDArray[np.int64], width: int = 4096) -> Numbers:
    """Deviation of values from those of the points beside them at the same moment.

    Args:
        values: points × moments.
        beside: what `nearest` gives.
        width: moments dealt with at a time.
    """
    result = np.full_like(values, np.nan)
    for first in range(0, values.shape[1], width):
        part = values[:, first : first + width]
        around = np.where((beside >= 0)[:, :, None], part[beside], np.nan)
        centre, spread = usual(around, 1, NEIGHBOURS_LEAST, NEIGHBOUR_FLOOR)
        result[:, first : first + width] = deviation(part, centre, spread)
    return result


def coordinates(places: Sequence[tuple[float | None, float | None]]) -> tuple[Numbers, Numbers]:
    """Longitudes and latitudes as columns."""
    pairs = np.array([[np.nan if value is None else value for value in place] for place in places], dtype=float).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
