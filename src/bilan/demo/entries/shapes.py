"""Shapes of sample entries: blots around a place, lines that wander, parts of a district, bays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping

from bilan.demo.entries.places import METRES_EAST, METRES_NORTH, Places

Geometry = dict[str, Any]
DIGITS = 6
SCALE = np.array((1 / METRES_EAST, 1 / METRES_NORTH))


def point(place: tuple[float, float]) -> Geometry:
    """A point."""
    return {"type": "Point", "coordinates": [round(place[0], DIGITS), round(place[1], DIGITS)]}


def blot(place: tuple[float, float], radius: float, random: np.random.Generator) -> Geometry:
    """An uneven polygon around a place; `radius` in metres."""
    angles = np.sort(random.uniform(0, 2 * np.pi, 11))
    reach = radius * random.uniform(0.65, 1.25, 11)
    corners = np.array(place) + np.stack([np.cos(angles) * reach, np.sin(angles) * reach], axis=1) * SCALE
    return geojson(shapely.convex_hull(shapely.MultiPoint(corners)))


def walk(place: tuple[float, float], length: float, random: np.random.Generator) -> Geometry:
    """A line that starts at a place and wanders for `length` metres."""
    steps = 6
    heading = random.uniform(0, 2 * np.pi) + np.cumsum(random.normal(0, 0.35, steps))
    offsets = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=1) * (length / steps), axis=0)
    line = np.concatenate([[place], np.array(place) + offsets * SCALE])
    return geojson(shapely.LineString(line))


def between(begin: tuple[float, float], end: tuple[float, float], random: np.random.Generator) -> Geometry:
    """A river from its source to its mouth, with bends."""
    steps = 24
    shares = np.linspace(0, 1, steps)[:, None]
    straight = np.array(begin) + (np.array(end) - np.array(begin)) * shares
    across = np.array([-(end[1] - begin[1]), end[0] - begin[0]])
    bends = np.cumsum(random.normal(0, 0.03, steps))
    bends -= np.linspace(bends[0], bends[-1], steps)
    return geojson(shapely.LineString(straight + across * bends[:, None]))


def along_coast(places: Places, adcode: str, place: tuple[float, float], length: float) -> Geometry:
    """The stretch of a district's coast that starts near a place; `length` in metres."""
    line = places.coast[adcode]
    at = int(np.hypot(*(line - np.array(place)).T).argmin())
    taken, gone = [line[at]], 0.0
    for corner in line[at + 1 :]:
        step = float(np.hypot(*((corner - taken[-1]) / SCALE)))
        if step > 5_000:
            break
        taken.append(corner)
        gone += step
        if gone >= length:
            break
    if len(taken) < 2:
        taken = [line[max(at - 1, 0)], line[at]] if at else [line[0], line[1]]
    return geojson(shapely.simplify(shapely.LineString(taken), 0.0003))


def bay(places: Places, middle: tuple[float, float], radius: float, random: np.random.Generator) -> Geometry:
    """The water around a place: a blot without the land."""
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    reach = radius * random.uniform(0.85, 1.1, 28)
    corners = np.array(middle) + np.stack([np.cos(angles) * reach, np.sin(angles) * reach], axis=1) * SCALE
    wet = shapely.Polygon(corners).difference(places.land)
    parts = [part for part in getattr(wet, "geoms", [wet]) if not part.is_empty]
    return geojson(shapely.simplify(max(parts, key=lambda part: part.area), 0.0008))


def tiles(places: Places, adcode: str, count: int, random: np.random.Generator) -> Iterator[Geometry]:
    """`count` parts that together fill a district."""
    area = places.areas[adcode]
    seeds = [places.place(adcode) for _ in range(count)]
    if count == 1:
        yield geojson(shapely.simplify(_largest(area), 0.001))
        return
    jitter = random.normal(0, 1e-5, (count, 2))
    cells = shapely.voronoi_polygons(shapely.MultiPoint(np.array(seeds) + jitter), extend_to=shapely.envelope(area))
    for cell in cells.geoms:
        part = cell.intersection(area)
        if not part.is_empty:
            yield geojson(shapely.simplify(_largest(part), 0.001))


def geojson(shape: Any) -> Geometry:
    """A shapely shape as GeoJSON with six decimals."""
    found: Geometry = mapping(shapely.set_precision(shape, 10**-DIGITS))
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"])}


def size(geometry: Geometry) -> tuple[str, float]:
    """``length`` [m] of a line or ``area`` [m²] of a polygon; an empty name for a point."""
    shape = shapely.transform(shapely.from_geojson(json.dumps(geometry)), lambda corners: corners / SCALE)
    if geometry["type"] == "LineString":
        return "length", float(shape.length)
    return ("area", float(shape.area)) if geometry["type"] in {"Polygon", "MultiPolygon"} else ("", 0.0)


def centre(geometry: Geometry) -> tuple[float, float]:
    """A place inside a geometry."""
    inside = shapely.from_geojson(json.dumps(geometry)).representative_point()
    return round(inside.x, DIGITS), round(inside.y, DIGITS)


def _largest(shape: Any) -> Any:
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area) if parts else shape


def _rounded(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else [_rounded(item) for item in value]
