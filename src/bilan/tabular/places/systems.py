"""Coordinate reference systems that files declare, and the way from them to WGS 84."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from bilan.problems import BilanError, Problem
from bilan.tabular.places.coordinates import Lines

_AS_WGS84 = {4326, 4490, 4979, 4480}
"""EPSG codes in degrees that are WGS 84 at our accuracy."""


def reference(text: str) -> CRS | None:
    """The system that a text (EPSG code, URN, WKT) names; None for an empty text.

    Raises:
        BilanError: `geofile.unknown_system`.

    Examples:
        >>> reference("urn:ogc:def:crs:EPSG::4490").to_epsg()
        4490
    """
    if not text.strip():
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise BilanError(Problem("geofile.unknown_system", {"value": text[:80]})) from error


def carrier(system: CRS | None) -> Callable[[Any], Any]:
    """What carries shapely geometries (one or an array) from `system` to WGS 84 degrees, heights left out.

    Examples:
        >>> carrier(reference("EPSG:4528"))(shapely.Point(40500000, 0)).wkt
        'POINT (120 0)'
    """
    if system is None or system.to_epsg() in _AS_WGS84:
        return _flat
    transformer = Transformer.from_crs(system, "EPSG:4326", always_xy=True)

    def moved(rows: Lines) -> Lines:
        return np.round(np.stack(transformer.transform(rows[:, 0], rows[:, 1]), axis=1), 9)

    return lambda made: shapely.transform(_flat(made), moved)


def _flat(made: Any) -> Any:
    return shapely.force_2d(made)


def in_degrees(bounds: Sequence[float]) -> bool:
    """Whether bounds (west, south, east, north) can be degrees: for files that name no system."""
    west, south, east, north = bounds
    return not (west < -180 or east > 180 or south < -90 or north > 90)
