"""How much of a place lies in a zone, measured on the ellipsoid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import shapely

from bilan.tabular.places.shapes import ELLIPSOID, as_shape, bounds, buffer_m

LEAST = 0.01
"""Length [m] or area [m²] below which two geometries only touch."""
DEGREE = 88_000.0
"""Metres of a degree of longitude where it is shortest within China's south and middle; makes boxes generous."""


class Overlap(NamedTuple):
    """Share of the place (0 to 1) and the amount: m of a line, m² of an area, 0 for a point."""

    share: float
    amount: float


def box_around(geometry: Mapping[str, Any], metres: float) -> tuple[float, float, float, float]:
    """West, south, east, north [deg] of a geometry with at least `metres` [m] around it."""
    west, south, east, north = bounds(geometry)
    margin = metres / DEGREE * 2
    return west - margin, south - margin, east + margin, north + margin


def overlap(place: Mapping[str, Any], zone: Mapping[str, Any], buffer: float = 0.0) -> Overlap | None:
    """The part of a place that lies in a zone.

    Args:
        place: what is asked about; `zone` the zone: GeoJSON geometries in WGS 84.
        buffer: width [m] around a zone that is a point or a line.

    Returns:
        None where they have nothing in common. A point on the edge lies inside; a line or an area that only touches the edge does not.

    Examples:
        >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
        >>> overlap({"type": "Point", "coordinates": [1, 0.5]}, square)
        Overlap(share=1.0, amount=0.0)
        >>> half = overlap({"type": "LineString", "coordinates": [[0.5, 0.5], [1.5, 0.5]]}, square)
        >>> round(half.share, 3)
        0.5
        >>> overlap({"type": "LineString", "coordinates": [[1, 1], [2, 2]]}, square) is None
        True
    """
    here, there = as_shape(place), as_shape(zone)
    if shapely.get_dimensions(there) < 2 and buffer > 0:
        there = as_shape(buffer_m(zone, buffer))
    if not here.intersects(there):
        return None
    if shapely.get_dimensions(here) == 0:
        points = shapely.get_parts(here)
        return Overlap(float(shapely.intersects(points, there).mean()), 0.0)
    whole, common = _size(here), _size(here.intersection(there), int(shapely.get_dimensions(here)))
    if shapely.get_dimensions(there) < shapely.get_dimensions(here):
        return Overlap(0.0, 0.0)
    return Overlap(min(1.0, common / whole), common) if common >= LEAST and whole > 0 else None


def _size(made: Any, dimension: int | None = None) -> float:
    """Length [m] or area [m²] of the parts that have this dimension; of the geometry's own where none is named."""
    wanted = int(shapely.get_dimensions(made)) if dimension is None else dimension
    parts = [part for part in shapely.get_parts(made) if shapely.get_dimensions(part) == wanted]
    if wanted == 1:
        return sum(float(ELLIPSOID.geometry_length(part)) for part in parts)
    return sum(abs(float(ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(part))[0])) for part in parts)
