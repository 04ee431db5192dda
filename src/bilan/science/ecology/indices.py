"""Indices of single rasters."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Raster = NDArray[np.float64]
BINS = 256


def ndvi(red: ArrayLike, near_infrared: ArrayLike) -> Raster:
    """Normalised difference vegetation index, (NIR - red) / (NIR + red).

    Parameters:
        red, near_infrared: reflectances [-] of the same shape; NaN or a sum of zero gives NaN.

    Returns:
        Index from -1 to 1.

    Reference:
        Rouse et al. 1974, Monitoring vegetation systems in the Great Plains with ERTS

    Examples:
        >>> ndvi([[0.05, 0.2]], [[0.45, 0.2]]).round(2).tolist()
        [[0.8, 0.0]]
    """
    low, high = np.asarray(red, dtype=np.float64), np.asarray(near_infrared, dtype=np.float64)
    total = low + high
    index: Raster = np.divide(high - low, total, out=np.full(total.shape, np.nan), where=total != 0)
    return index


def otsu(values: ArrayLike) -> float:
    """Threshold that parts values into two groups with the least variance within.

    Parameters:
        values: any shape; NaN is left out.

    Raises:
        ValueError: fewer than two different values.

    Reference:
        Otsu 1979, IEEE Trans. Syst. Man Cybern. 9:62

    Examples:
        >>> 0.2 < otsu([0.1] * 50 + [0.8] * 50) < 0.8
        True
    """
    flat = np.asarray(values, dtype=np.float64).ravel()
    flat = flat[np.isfinite(flat)]
    if flat.size < 2 or flat.min() == flat.max():
        raise ValueError("values")
    counts, edges = np.histogram(flat, bins=BINS)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = flat.size - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    between[~np.isfinite(between)] = -1
    best = np.flatnonzero(between == between.max())
    return float(edges[1:][best].mean())
