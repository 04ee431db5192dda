"""GeoJSON coordinates of unknown making turned into shapely geometries, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from bilan.problems import BilanError, Problem
from bilan.tabular.places.coordinates import Lines

MOST_VERTICES = 200_000
"""Positions a geometry may have."""
_RANGES = "-180–180, -90–90"


def positions(type_: str, coordinates: Any, notes: list[Problem]) -> Any:
    """Make the geometry of a GeoJSON type from its coordinates.

    Args:
        type_: one of the six types of GeoJSON.
        coordinates: what stood under that key, of any type at all.
        notes: given `shape.closed` when a ring had to be closed.

    Raises:
        BilanError: the coordinates are not those of such a geometry.
    """
    _counted(coordinates)
    made = _made(type_, coordinates, notes)
    if made.is_empty:
        raise BilanError(Problem("shape.too_short", {"value": 0, "allowed": 1}))
    return made


def _made(type_: str, coordinates: Any, notes: list[Problem]) -> Any:
    match type_:
        case "Point":
            return shapely.Point(_rows([coordinates])[0])
        case "MultiPoint":
            return shapely.MultiPoint(_rows(coordinates))
        case "LineString":
            return _line(coordinates)
        case "Polygon":
            return _polygon(coordinates, notes)
        case "MultiLineString":
            return shapely.MultiLineString([_line(part) for part in _parts(coordinates)])
        case _:
            return shapely.MultiPolygon([_polygon(part, notes) for part in _parts(coordinates)])


def _counted(coordinates: Any) -> None:
    """Refuse what is too large or nested too deep before anything is copied."""
    count, level = 0, [coordinates]
    for _ in range(5):
        lists = [part for part in level if isinstance(part, list | tuple)]
        count += len(lists)
        if count > 2 * MOST_VERTICES:
            raise BilanError(Problem("shape.too_many", {"value": count, "allowed": MOST_VERTICES}))
        if not lists:
            return
        if sum(len(part) for part in lists) > 5 * MOST_VERTICES:
            raise BilanError(Problem("shape.too_many", {"value": sum(len(part) for part in lists), "allowed": MOST_VERTICES}))
        level = [inner for part in lists for inner in part]
    raise BilanError(Problem("shape.bad_position", {"value": "[[[[[…]]]]]"}))


def _parts(coordinates: Any) -> Sequence[Any]:
    if not isinstance(coordinates, list | tuple) or not coordinates:
        raise BilanError(Problem("shape.bad_position", {"value": str(coordinates)[:60]}))
    return coordinates


def _rows(coordinates: Any) -> Lines:
    """Positions as an array of two columns, every one a place on Earth."""
    listed = _parts(coordinates)
    for position in listed:
        if not _is_position(position):
            raise BilanError(Problem("shape.bad_position", {"value": str(position)[:60]}))
    if len(listed) > MOST_VERTICES:
        raise BilanError(Problem("shape.too_many", {"value": len(listed), "allowed": MOST_VERTICES}))
    rows = np.array([[position[0], position[1]] for position in listed], dtype=np.float64)
    outside = ~np.isfinite(rows).all(axis=1) | (np.abs(rows) > (180, 90)).any(axis=1)
    if outside.any():
        bad = rows[int(np.argmax(outside))]
        raise BilanError(Problem("shape.out_of_range", {"value": f"{bad[0]:g}, {bad[1]:g}", "allowed": _RANGES}))
    return rows


def _is_position(position: Any) -> bool:
    if not isinstance(position, list | tuple) or not 2 <= len(position) <= 4:
        return False
    return all(isinstance(number, int | float) and not isinstance(number, bool) and abs(number) < 1e12 for number in position[:2])


def _distinct(rows: Lines) -> Lines:
    """Without positions that repeat the one before."""
    keep = np.ones(len(rows), dtype=bool)
    keep[1:] = (np.diff(rows, axis=0) != 0).any(axis=1)
    return rows[keep]


def _line(coordinates: Any) -> Any:
    rows = _distinct(_rows(coordinates))
    if len(rows) < 2:
        raise BilanError(Problem("shape.too_short", {"value": len(rows), "allowed": 2}))
    return shapely.LineString(rows)


def _polygon(coordinates: Any, notes: list[Problem]) -> Any:
    rings = [_ring(part, notes) for part in _parts(coordinates)]
    return shapely.Polygon(rings[0], rings[1:])


def _ring(coordinates: Any, notes: list[Problem]) -> Lines:
    rows = _distinct(_rows(coordinates))
    if len(rows) and (rows[0] != rows[-1]).any():
        rows = np.vstack([rows, rows[:1]])
        if not any(note.code == "shape.closed" for note in notes):
            notes.append(Problem("shape.closed"))
    if len(rows) < 4:
        raise BilanError(Problem("shape.too_short", {"value": len(rows), "allowed": 4}))
    return rows
