"""Areas of the classes of land cover, from a raster."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from bilan.science.ecology.terms import LAND, land_classes, terms

KM2 = 1e6


def land_areas(cover: ArrayLike, pixel: float, *, zones: ArrayLike | None = None, codes: Mapping[int, str] | None = None) -> pl.DataFrame:
    """Count how much of each class of land cover lies in each zone.

    Parameters:
        cover: codes of land cover, rows × columns.
        pixel: side of a pixel [m].
        zones: number of the zone (county) of each pixel on the same grid; 0 is outside. Everything is zone 1 without it.
        codes: code → class; the codes of the national land-use rasters when not given. Other codes count as `unknown`.

    Returns:
        One row a zone: ``zone``, ``area`` (all of it), the classes and ``unknown`` [km²].

    Raises:
        ValueError: the grids differ in shape.

    Reference:
        Classes of HJ 192-2015 clause 5

    Examples:
        >>> cover = np.array([[21, 21], [51, 0]])
        >>> land_areas(cover, 1000).select("area", "forest_dense", "built_town", "unknown").row(0)
        (4.0, 2.0, 1.0, 1.0)
    """
    grid = np.asarray(cover)
    zone = np.ones(grid.shape, dtype=np.int64) if zones is None else np.asarray(zones)
    if zone.shape != grid.shape:
        raise ValueError((grid.shape, zone.shape))
    share = pixel * pixel / KM2
    wanted = land_classes() if codes is None else codes
    inside = zone > 0
    counted = pl.DataFrame({"zone": zone[inside].astype(np.int64), "code": grid[inside].astype(np.int64)})
    names = [term.key for term in terms(LAND)]
    named = counted.with_columns(land=pl.col("code").replace_strict(dict(wanted), default="unknown", return_dtype=pl.String))
    return (
        named.group_by("zone")
        .agg(
            (pl.len() * share).alias("area"),
            *(((pl.col("land") == name).sum() * share).alias(name) for name in (*names, "unknown")),
        )
        .sort("zone")
    )
