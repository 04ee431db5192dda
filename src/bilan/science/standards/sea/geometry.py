"""A regular grid over waters that are given as rings of coordinates, in kilometres about their middle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ring = Sequence[Sequence[float]] | Floats
"""Longitude and latitude of the corners of a ring [°]; the last may repeat the first or not."""

KM_PER_DEGREE = 111.195
"""Kilometres of one degree of a meridian of the mean sphere."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Kilometres east and north of a place: equal areas within the size of a city."""

    lon: float
    lat: float

    def km(self, lon: Floats, lat: Floats) -> Floats:
        """Places [°] → kilometres, shape (n, 2)."""
        narrow = float(np.cos(np.radians(self.lat)))
        return np.column_stack(((lon - self.lon) * KM_PER_DEGREE * narrow, (lat - self.lat) * KM_PER_DEGREE))


def rings_of(geojson: Mapping[str, Any]) -> list[Ring]:
    """Rings of a GeoJSON geometry, feature or collection; holes are rings like others.

    Examples:
        >>> rings_of({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1], [0, 0]]]})
        [[[0, 0], [1, 0], [0, 1], [0, 0]]]
    """
    kind = geojson["type"]
    if kind == "FeatureCollection":
        return [ring for feature in geojson["features"] for ring in rings_of(feature)]
    if kind == "Feature":
        return rings_of(geojson["geometry"])
    if kind == "GeometryCollection":
        return [ring for part in geojson["geometries"] for ring in rings_of(part)]
    parts = {"Polygon": [geojson["coordinates"]], "MultiPolygon": geojson["coordinates"]}.get(kind, []) if "coordinates" in geojson else []
    return [ring for part in parts for ring in part]


def within(lon: Floats, lat: Floats, rings: Iterable[Ring]) -> NDArray[np.bool_]:
    """Whether places lie within rings by the even-odd rule, so that a ring in a ring is a hole.

    Parameters:
        lon, lat: places [°], shape (n,).
        rings: closed lines; rings of one call must not overlap but as holes.

    Examples:
        >>> square = [[0, 0], [4, 0], [4, 4], [0, 4]]
        >>> hole = [[1, 1], [3, 1], [3, 3], [1, 3]]
        >>> within(np.array([0.5, 2.0, 5.0]), np.array([0.5, 2.0, 2.0]), [square, hole]).tolist()
        [True, False, False]
    """
    inside = np.zeros(len(lon), dtype=bool)
    for ring in rings:
        corners = np.asarray(ring, dtype=float)[:, :2]
        before = np.roll(corners, 1, axis=0)
        near = (lat >= corners[:, 1].min()) & (lat <= corners[:, 1].max()) & (lon <= corners[:, 0].max())
        x, y = lon[near], lat[near]
        crossed = np.zeros(len(x), dtype=bool)
        for (x1, y1), (x2, y2) in zip(before, corners, strict=True):
            spans = (y1 > y) != (y2 > y)
            if y1 != y2:
                crossed ^= spans & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        inside[near] ^= crossed
    return inside


@dataclass(frozen=True, slots=True)
class Grid:
    """Middles of the cells that are water: places [°] and kilometres, and the area of one cell [km²]."""

    lon: Floats
    lat: Floats
    km: Floats
    cell: float


def grid_over(
    stations: Floats, *, step: float, reach: float | None, waters: Iterable[Ring] | None, land: Iterable[Ring] | None
) -> tuple[Grid, Floats]:
    """Lay a grid over the waters.

    Parameters:
        stations: longitude and latitude of stations [°], shape (n, 2).
        step: side of a cell [km].
        reach: how far from a station the waters count [km]; without it everything within `waters` does.
        waters: rings of the waters judged; all around the stations when None.
        land: rings of land that is taken off.

    Returns:
        The grid, and the stations in its kilometres.
    """
    rings = [np.asarray(ring, dtype=float)[:, :2] for ring in waters] if waters is not None else []
    corners = np.vstack(rings) if rings else stations
    plane = Plane(float(stations[:, 0].mean()), float(stations[:, 1].mean()))
    km = plane.km(corners[:, 0], corners[:, 1])
    margin = 0.0 if rings else reach or 0.0
    low, high = km.min(axis=0) - margin, km.max(axis=0) + margin
    across, down = (_middles(float(low[axis]), float(high[axis]), step) for axis in (0, 1))
    x, y = (values.ravel() for values in np.meshgrid(across, down))
    lon = plane.lon + x / (KM_PER_DEGREE * np.cos(np.radians(plane.lat)))
    lat = plane.lat + y / KM_PER_DEGREE
    kept = within(lon, lat, rings) if rings else np.ones(len(x), dtype=bool)
    if land is not None:
        for ring in land:
            kept &= ~within(lon, lat, [ring])
    own = plane.km(stations[:, 0], stations[:, 1])
    if reach is not None:
        kept &= _near(np.column_stack((x, y)), own, reach)
    return Grid(lon[kept], lat[kept], np.column_stack((x, y))[kept], step * step), own


def _middles(low: float, high: float, step: float) -> Floats:
    """Middles of the cells along one axis, as far over the one end as over the other."""
    count = max(1, int(np.ceil((high - low) / step)))
    return np.asarray((low + high) / 2 + (np.arange(count) - (count - 1) / 2) * step, dtype=np.float64)


def _near(cells: Floats, stations: Floats, reach: float) -> NDArray[np.bool_]:
    found = np.zeros(len(cells), dtype=bool)
    for station in stations:
        found |= ((cells - station) ** 2).sum(axis=1) <= reach * reach
    return found
