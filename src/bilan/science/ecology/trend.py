"""Trend of a time series of rasters, pixel by pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_YEARS = 60
LEAST_YEARS = 4


@dataclass(frozen=True, slots=True)
class PixelTrend:
    """Slope [per year] and two-sided probability of no trend, for each pixel; NaN where fewer than four years are known."""

    slope: NDArray[np.float64]
    p: NDArray[np.float64]


def pixel_trend(stack: ArrayLike, years: ArrayLike) -> PixelTrend:
    """Sen's slope and the Mann–Kendall test for each pixel.

    Parameters:
        stack: years × rows × columns; NaN where unknown.
        years: of each layer, at most 60.

    Raises:
        ValueError: not as many years as layers, or too many.

    Reference:
        Sen 1968, J. Am. Stat. Assoc. 63:1379; Mann 1945, Econometrica 13:245; Kendall 1975 (with continuity correction)

    Examples:
        >>> stack = np.arange(8.0).reshape(8, 1, 1) * 0.01
        >>> found = pixel_trend(stack, range(2016, 2024))
        >>> round(float(found.slope[0, 0]), 6), bool(found.p[0, 0] < 0.01)
        (0.01, True)
    """
    values, when = np.asarray(stack, dtype=np.float64), np.asarray(years, dtype=np.float64)
    if len(values) != len(when) or len(when) > MOST_YEARS:
        raise ValueError((len(values), len(when)))
    first, second = np.triu_indices(len(when), 1)
    rise = values[second] - values[first]
    slopes = rise / (when[second] - when[first])[:, None, None]
    count = np.isfinite(values).sum(axis=0)
    enough = count >= LEAST_YEARS
    with np.errstate(all="ignore"):
        slope = np.where(enough, _median(slopes), np.nan)
        signs = np.nansum(np.sign(rise), axis=0)
        variance = count * (count - 1) * (2 * count + 5) / 18
        z = np.where(signs == 0, 0.0, (signs - np.sign(signs)) / np.sqrt(variance))
    p = np.vectorize(lambda value: math.erfc(abs(value) / math.sqrt(2)) if math.isfinite(value) else math.nan, otypes=[np.float64])(z)
    return PixelTrend(slope, np.where(enough, p, np.nan))


def _median(slopes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median along the first axis without a warning for pixels that are unknown throughout."""
    known = np.isfinite(slopes).any(axis=0)
    found = np.full(slopes.shape[1:], np.nan)
    if known.any():
        found[known] = np.nanmedian(slopes[:, known], axis=0)
    return found
