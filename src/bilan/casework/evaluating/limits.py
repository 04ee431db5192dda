"""Limits of points, as permits and outlets state them: which the rules about emissions compare with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from bilan.evaluation.rules.limits import of_points
from bilan.pack.vocab import networks, parameters
from bilan.registers.models import Entry
from bilan.tabular.sheets.units import conversion
from bilan.telemetry.model import Point

OUTLET, PERMIT = "outlet", "discharge-permit"
IN_FORCE = ("valid", "renewal", "rectification")
"""States of a permit in which its limits hold."""
SCHEMA = {
    "point": pl.String,
    "parameter": pl.String,
    "limit": pl.Float64,
    "limit_low": pl.Float64,
    "source": pl.String,
    "valid_from": pl.String,
    "valid_to": pl.String,
}


def limits(points: Iterable[Point]) -> pl.DataFrame:
    """Limits of points as `bilan.evaluation.rules.Context` takes them.

    What a permit in force says of an outlet holds for the points of that outlet; else what the outlet says; else what the point carries.
    """
    known = {point.code: point for point in points}
    outlets = list(Entry.objects.filter(register=OUTLET, archived=False).only("code", "data"))
    permitted = _of_permits(outlets, known)
    told = {(row[0], row[1]) for row in permitted}
    own = [row for row in _of_outlets(outlets, known) if (row[0], row[1]) not in told]
    told |= {(row[0], row[1]) for row in own}
    carried = [(*row, None, None) for row in of_points(known.values()).iter_rows() if (row[0], row[1]) not in told]
    return pl.DataFrame([*permitted, *own, *carried], schema=SCHEMA, orient="row")


def in_unit_of(point: Point, stated: Mapping[str, Any]) -> tuple[str, float] | None:
    """A stated limit as parameter and number in the unit of the point's series; None when it is none, or its unit another quantity's.

    Examples:
        >>> in_unit_of(Point("E1", "source_gas", "排口"), {"parameter": "a21026", "limit": 35000.0, "unit": "ug/m3"})
        ('a21026', 35.0)
    """
    parameter, limit = parameters().get(str(stated.get("parameter") or "")), stated.get("limit")
    if parameter is None or not isinstance(limit, int | float) or isinstance(limit, bool):
        return None
    network = networks().get(point.network)
    unit = parameter.emission_unit if network is not None and network.unit_kind == "emission" else parameter.unit
    factor = conversion(str(stated.get("unit") or ""), unit)
    return None if factor is None else (parameter.code, float(limit) * factor)


def _of_permits(outlets: Iterable[Entry], known: Mapping[str, Point]) -> list[tuple[Any, ...]]:
    measured: dict[tuple[str, str], list[str]] = defaultdict(list)
    for outlet in outlets:
        key = (str(outlet.data.get("enterprise") or ""), str(outlet.data.get("number") or ""))
        measured[key] += _points(outlet, known)
    rows = []
    for permit in Entry.objects.filter(register=PERMIT, archived=False, status__in=IN_FORCE).only("code", "data").order_by("code"):
        for clause in permit.data.get("limits") or ():
            for code in measured.get((str(permit.data.get("enterprise") or ""), str(clause.get("outlet") or "")), ()):
                found = in_unit_of(known[code], clause.get("item") or {})
                if found:
                    rows.append((code, *found, None, f"{PERMIT}|{permit.code}", permit.data.get("issued"), _after(permit)))
    return rows


def _after(permit: Entry) -> str | None:
    """The day on which a permit ends; one whose renewal is under way goes on."""
    return permit.data.get("expires") if permit.status == "valid" else None


def _of_outlets(outlets: Iterable[Entry], known: Mapping[str, Point]) -> list[tuple[Any, ...]]:
    rows = []
    for outlet in outlets:
        for code in _points(outlet, known):
            for stated in outlet.data.get("limits") or ():
                found = in_unit_of(known[code], stated)
                if found:
                    rows.append((code, *found, None, f"{OUTLET}|{outlet.code}", None, None))
    return rows


def _points(outlet: Entry, known: Mapping[str, Point]) -> list[str]:
    return [code for code in outlet.data.get("points") or () if code in known]
