"""What lies inside a drawn shape, or within some metres of an entry: counts and rows of every register and network the reader may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db.models import TextField
from django.db.models.functions import Cast

from bilan.pack.registers import Register
from bilan.pack.vocab import networks
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.tabular.places import shapes
from bilan.web.areas.map.tree import mapped
from bilan.web.components import numbers
from bilan.web.registry import Request

_Hit = tuple[str, str, int]
ROWS = 50
"""Rows of a register that the answer lists."""
MOST = 300_000
"""Entries that are looked at."""
FARTHEST = 100_000
"""Largest radius or width [m]."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        area: polygon [deg].
        registers, networks: names of those looked into.
    """

    area: shapes.Geometry
    registers: tuple[str, ...]
    networks: tuple[str, ...]


def question(request: Request, asked: Mapping[str, Any]) -> Question:
    """Read what a browser asks: ``geometry`` (polygon; with ``metres`` anything), or ``register`` and ``code`` with ``metres``.

    Raises:
        BilanError: the shape is none, or the width is not a width.
        NotVisible: there is no such entry for this reader.
    """
    metres = asked.get("metres")
    if metres is not None and (not isinstance(metres, int | float) or isinstance(metres, bool) or not 0 < metres <= FARTHEST):
        raise BilanError(Problem("shape.bad_width", {"value": metres, "allowed": f"0–{FARTHEST}"}))
    if asked.get("register"):
        geometry = request.ledger.entry(str(asked["register"]), str(asked.get("code", ""))).geometry
    else:
        geometry = asked.get("geometry")
    checked = shapes.checked(geometry, "polygon" if metres is None else "any")
    area = checked if metres is None else shapes.buffer_m(checked, float(metres))
    return Question(area, _names(asked.get("registers")), _names(asked.get("networks")))


def _names(value: Any) -> tuple[str, ...]:
    return tuple(str(name) for name in value) if isinstance(value, list) else ()


def answer(request: Request, asked: Question) -> dict[str, Any]:
    """Counts and first rows, registers first, then networks; what holds nothing is left out."""
    numbers_inside = found(request, asked, Capability.SEE)
    records = _first(request, numbers_inside)
    language = numbers.language()
    titles = {register.name: register.title.text(language) for register in mapped(request)}
    parts = [
        {"register": name, "title": titles[name], "count": len(inside), "rows": records[name]}
        for name, inside in numbers_inside.items()
        if inside
    ]
    parts += _points(request, asked)
    return {
        "geometry": asked.area,
        "square_metres": round(shapes.area_m2(asked.area)),
        "total": sum(part["count"] for part in parts),
        "found": parts,
    }


def found(request: Request, asked: Question, capability: Capability) -> dict[str, list[int]]:
    """Primary keys of the entries inside, by register in the order of the tree."""
    registers = [register for register in mapped(request, capability) if not asked.registers or register.name in asked.registers]
    inside: dict[str, list[int]] = {register.name: [] for register in registers}
    if not registers:
        return inside
    for look in (_points_inside, _shapes_inside):
        for name, _, key in sorted(look(request, asked.area, registers, capability)):
            inside[name].append(key)
    return inside


def _points_inside(request: Request, area: shapes.Geometry, registers: Sequence[Register], capability: Capability) -> Iterator[_Hit]:
    west, south, east, north = shapes.bounds(area)
    base = request.ledger.visible(registers, capability).filter(archived=False, cell__isnull=False)
    # Of a point the western bound is its longitude: the only range that the index of bounds serves for both ends.
    near = base.filter(west__gte=west, west__lte=east, south__gte=south, south__lte=north).order_by()
    rows = list(near.values_list("register", "code", "pk", "lon", "lat")[:MOST])
    if rows:
        inside = shapes.places_within(np.array([row[3:] for row in rows], dtype=np.float64), area)
        yield from (row[:3] for row, hit in zip(rows, inside, strict=True) if hit)


def _shapes_inside(request: Request, area: shapes.Geometry, registers: Sequence[Register], capability: Capability) -> Iterator[_Hit]:
    west, south, east, north = shapes.bounds(area)
    shaped = [register for register in registers if register.geometry != "point"]
    base = request.ledger.visible(shaped, capability).filter(archived=False, cell__isnull=True)
    near = base.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south).order_by()
    rows = list(near.annotate(drawn=Cast("geometry", TextField())).values_list("register", "code", "pk", "drawn")[:MOST])
    if rows:
        polygon = shapes.as_shape(area)
        shapely.prepare(polygon)
        inside = shapely.intersects(polygon, shapely.from_geojson([row[3] for row in rows], on_invalid="ignore"))
        yield from (row[:3] for row, hit in zip(rows, inside, strict=True) if hit)


def _first(request: Request, inside: Mapping[str, Sequence[int]]) -> dict[str, list[dict[str, Any]]]:
    keys = [key for found_keys in inside.values() for key in found_keys[:ROWS]]
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in inside}
    visible = request.ledger.visible(mapped(request)).filter(pk__in=keys).order_by("code")
    for register, code, name, lon, lat in visible.values_list("register", "code", "name", "lon", "lat"):
        rows[register].append({"code": code, "name": name or code, "place": [lon, lat]})
    return rows


def _points(request: Request, asked: Question) -> list[dict[str, Any]]:
    """Points of the monitoring networks inside."""
    known = {code: entry for code, entry in networks().items() if code in asked.networks}
    points = [point for point in request.monitoring.points() if point.lon is not None and point.network in known]
    if not points:
        return []
    hits = shapes.places_within(np.array([[point.lon, point.lat] for point in points], dtype=np.float64), asked.area)
    parts = []
    for code, entry in known.items():
        inside = [point for point, hit in zip(points, hits, strict=True) if hit and point.network == code]
        rows = [{"code": point.code, "name": numbers.named(point), "place": [point.lon, point.lat]} for point in inside[:ROWS]]
        if inside:
            parts.append({"network": code, "title": numbers.named(entry), "count": len(inside), "rows": rows})
    return parts
