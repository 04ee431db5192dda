"""A vector sketch of an entry's surroundings: shapes in a square of one, ready to be drawn by whatever prints."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely

from bilan.registers.dossier import Dossier
from bilan.registers.dossier.surroundings import around
from bilan.tabular.places import shapes

STEPS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
"""Lengths of scale bars [m]."""
LABEL = 0.14
"""Room that the name of a dot takes, as a share of the width."""
MARGIN = 1300
"""How much is drawn around the entry [m]."""
_DEGREE = 111_320.0


def sketch(dossier: Dossier, outlines: Mapping[str, Any] | None, ratio: float) -> dict[str, Any] | None:
    """Shapes to draw; None for an entry without a place.

    Parameters:
        ratio: width of the picture over its height.

    Returns:
        ``shapes`` (each ``kind`` own, near, zone or outline, ``form`` dot, line or area, ``colour``, ``paths`` of [x, y] from the
        lower left in shares of width and height, ``name``), and ``bar`` with its ``share`` of the width and its ``text``.
    """
    record, found = dossier.record, dossier.surroundings
    if found is None or record.lon is None:
        return None
    frame = _Frame(around((record.west, record.south, record.east, record.north), MARGIN), ratio)
    drawn = [
        entry for feature in (outlines or {}).get("features", []) for entry in frame.drawn(feature.get("geometry"), "outline", "#c5ced7")
    ]
    for zone in found.zones:
        drawn += frame.drawn(zone.record.geometry, "zone", zone.register.style.colour, zone.record.name)
    for entry in found.near[:80]:
        drawn += frame.drawn(entry.record.geometry, "near", entry.register.style.colour, entry.record.name)
    drawn += frame.drawn(record.geometry, "own", dossier.register.style.colour, record.name)
    _unnamed(drawn, ratio)
    length = max((step for step in STEPS if step <= frame.width * 0.3), default=STEPS[0])
    text = f"{length} m" if length < 1000 else f"{length // 1000} km"
    return {"shapes": drawn, "bar": {"share": length / frame.width, "text": text}}


def _unnamed(drawn: list[dict[str, Any]], ratio: float) -> None:
    """Take off the names of dots that would be set over others; the entry's own stands in any case."""
    dots = [entry for entry in drawn if entry["form"] == "dot"]
    taken = [entry["path"][0] for entry in dots if entry["kind"] == "own"]
    for entry in dots:
        x, y = entry["path"][0]
        if entry["kind"] == "own":
            continue
        if any(abs(x - left) < LABEL and abs(y - up) < 0.035 * ratio for left, up in taken):
            entry["name"] = ""
        else:
            taken.append([x, y])


class _Frame:
    """A window on the land, widened to the ratio of the picture."""

    def __init__(self, box: tuple[float, float, float, float], ratio: float) -> None:
        west, south, east, north = box
        self._middle = ((west + east) / 2, (south + north) / 2)
        self._across = _DEGREE * math.cos(math.radians(self._middle[1]))
        width, height = (east - west) * self._across, (north - south) * _DEGREE
        self.width = max(width, height * ratio)
        self.height = self.width / ratio
        half = (self.width / self._across / 2, self.height / _DEGREE / 2)
        (lon, lat) = self._middle
        self._window = shapely.box(lon - half[0], lat - half[1], lon + half[0], lat + half[1])

    def drawn(self, geometry: Any, kind: str, colour: str, name: str = "") -> list[dict[str, Any]]:
        """Shapes of what lies in the window."""
        if not geometry:
            return []
        cut = shapely.intersection(shapely.make_valid(shapes.as_shape(geometry)), self._window)
        tolerance = self.width / self._across / 600
        made: list[dict[str, Any]] = []
        for part in shapely.get_parts(shapely.simplify(cut, tolerance)):
            for form, path in _paths(part):
                named = name if not made else ""
                made.append({"kind": kind, "form": form, "colour": colour, "name": named, "path": [self._place(*pair) for pair in path]})
        return made

    def _place(self, lon: float, lat: float) -> list[float]:
        x = 0.5 + (lon - self._middle[0]) * self._across / self.width
        y = 0.5 + (lat - self._middle[1]) * _DEGREE / self.height
        return [round(x, 4), round(y, 4)]


def _paths(part: Any) -> Iterator[tuple[str, Sequence[Any]]]:
    match part.geom_type:
        case "Point":
            yield "dot", [(part.x, part.y)]
        case "LineString" if not part.is_empty:
            yield "line", list(part.coords)
        case "Polygon" if not part.is_empty:
            yield "area", list(part.exterior.coords)
        case "MultiLineString" | "MultiPolygon" | "GeometryCollection" | "MultiPoint":
            for inner in part.geoms:
                yield from _paths(inner)
