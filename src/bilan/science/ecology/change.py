"""Where vegetation was lost between two rasters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bilan.science.ecology.indices import otsu
from bilan.science.extra import extra

FLOOR = -0.2
"""A fall smaller than this is no loss: a threshold found from the data alone lies near zero where little changed."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A connected area of loss: its number, pixels, area [ha], middle (row, column) and mean change of the index."""

    number: int
    pixels: int
    area: float
    row: float
    column: float
    change: float


@dataclass(frozen=True, slots=True)
class Change:
    """Loss between two rasters.

    Attributes:
        lost: where; `threshold`: change of the index below which it counts as lost.
        area: of all patches [ha]; `patches`: largest first.
        judged: share of the pixels that both rasters have [%].
    """

    lost: NDArray[np.bool_]
    threshold: float
    area: float
    patches: tuple[Patch, ...]
    judged: float


def vegetation_change(before: ArrayLike, after: ArrayLike, pixel: float, *, floor: float = FLOOR, least: float = 0.0) -> Change:
    """Find where a vegetation index fell.

    Parameters:
        before, after: index [-] on the same grid; NaN where cloud or shade.
        pixel: side of a pixel [m].
        floor: least fall that counts (negative).
        least: smallest patch that is kept [ha].

    Raises:
        BilanError: SciPy is not installed.
        ValueError: the grids differ in shape.

    Examples:
        >>> first = np.full((40, 40), 0.7); second = first.copy(); second[10:20, 5:15] = 0.2
        >>> found = vegetation_change(first, second, 10)
        >>> found.area, len(found.patches)
        (1.0, 1)
    """
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError((first.shape, second.shape))
    ndimage = extra("scipy.ndimage", "science")
    difference = second - first
    known = np.isfinite(difference)
    threshold = floor
    if known.any() and np.ptp(difference[known]) > 0:
        threshold = min(floor, otsu(difference))
    lost = known & (difference <= threshold)
    labels, count = ndimage.label(lost)
    hectare = pixel * pixel / 10_000
    patches = _patches(ndimage, labels, count, difference, hectare, least)
    kept = np.isin(labels, [patch.number for patch in patches])
    return Change(kept, threshold, sum(patch.area for patch in patches), patches, 100 * float(known.mean()) if known.size else 0.0)


def _patches(
    ndimage: object, labels: NDArray[np.int32], count: int, difference: NDArray[np.float64], hectare: float, least: float
) -> tuple[Patch, ...]:
    numbers = np.arange(1, count + 1)
    pixels = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    wanted = numbers[pixels * hectare >= least]
    middles = ndimage.center_of_mass(labels > 0, labels, wanted)  # type: ignore[attr-defined]
    changes = ndimage.mean(difference, labels, wanted)  # type: ignore[attr-defined]
    found = [
        Patch(int(number), int(pixels[number - 1]), float(pixels[number - 1] * hectare), float(middle[0]), float(middle[1]), float(change))
        for number, middle, change in zip(wanted, middles, changes, strict=True)
    ]
    return tuple(sorted(found, key=lambda patch: (-patch.pixels, patch.number)))
