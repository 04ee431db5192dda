"""Which limit a point is held to at which time: what a permit states, else its outlet in the register, else the point itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import polars as pl

from bilan.evaluation.rules.context import LIMITS
from bilan.pack.vocab import vocabulary
from bilan.telemetry.model import Point
from bilan.telemetry.store.limits import ALWAYS, SCHEMA

ATTRIBUTE = "limits"
"""Attribute of a point: parameter (code or column) → limit [unit of the series]."""
PERMIT, OUTLET, POINT = "permit", "outlet", "point"
SOURCES = (PERMIT, OUTLET, POINT)
"""What states limits, the first that speaks at a time holds."""
HELD = {**LIMITS, "reference": pl.String, "clause": pl.String, "valid_from": pl.Int64, "valid_to": pl.Int64}


class _Row(NamedTuple):
    value: float
    source: str
    reference: str
    clause: str
    since: int
    until: int

    @property
    def order(self) -> tuple[int, float]:
        """The smallest of those that are valid holds: by source, then the strictest."""
        return SOURCES.index(self.source), self.value


def held(stated: pl.DataFrame, points: Iterable[Point], begin: int = ALWAYS[0], end: int = ALWAYS[1]) -> pl.DataFrame:
    """The limit of each point and parameter at each time, as stretches that do not overlap.

    Args:
        stated: what the registers state, columns of `bilan.telemetry.store.limits.SCHEMA`.
        points: points; what they carry holds where nothing is stated.
        begin, end: stretches are cut to begin ≤ time < end [s of the wall clock].

    Returns:
        Frame for `Context.limits`: point, parameter, limit [unit of the series], source (``permit``, ``outlet``, ``point``), its number in
        reference, clause, valid_from, valid_to [s of the wall clock, the latter excluded].

    Reference:
        排污许可管理条例 (2021), article 20: what the permit states comes first.

    Examples:
        >>> permit = pl.DataFrame([("E1", "a21026", 35.0, "permit", "P1", "", 0, 7200)], schema=SCHEMA, orient="row")
        >>> point = Point("E1", "source_gas", "排口", attributes={"limits": {"so2": 50}})
        >>> held(permit, [point], 0, 10800).select("limit", "source", "valid_from", "valid_to").rows()
        [(35.0, 'permit', 0, 7200), (50.0, 'point', 7200, 10800)]
    """
    known = list(points)
    wanted = {point.code for point in known}
    by_key: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for code, parameter, *rest in stated.select(tuple(SCHEMA)).iter_rows():
        if code in wanted:
            by_key[code, parameter].append(_Row(*rest))
    for code, parameter, value in _carried(known):
        by_key[code, parameter].append(_Row(value, POINT, "", "", *ALWAYS))
    rows = [
        (code, parameter, row.value, None, row.source, row.reference, row.clause, first, last)
        for (code, parameter), found in by_key.items()
        for first, last, row in _stretches(found, begin, end)
    ]
    return pl.DataFrame(rows, schema=HELD, orient="row")


def _carried(points: Iterable[Point]) -> Iterable[tuple[str, str, float]]:
    by_column = {parameter.column: parameter.code for parameter in vocabulary().by_code.values()}
    for point in points:
        declared: Any = point.attributes.get(ATTRIBUTE)
        for name, limit in declared.items() if isinstance(declared, Mapping) else ():
            if isinstance(limit, int | float) and not isinstance(limit, bool):
                yield point.code, by_column.get(name) or str(name), float(limit)


def _stretches(rows: list[_Row], begin: int, end: int) -> Iterable[tuple[int, int, _Row]]:
    """Begin, end and the row that holds, in order; neighbours of one row are one stretch."""
    if len(rows) == 1:
        (row,) = rows
        first, last = max(begin, row.since), min(end, row.until)
        return [(first, last, row)] if first < last else []
    edges = sorted({begin, end, *(edge for row in rows for edge in (row.since, row.until) if begin < edge < end)})
    found: list[tuple[int, int, _Row]] = []
    for first, last in pairwise(edges):
        valid = [row for row in rows if row.since <= first < row.until]
        if not valid:
            continue
        chosen = min(valid, key=lambda row: row.order)
        if found and found[-1][2] == chosen and found[-1][1] == first:
            found[-1] = (found[-1][0], last, chosen)
        else:
            found.append((first, last, chosen))
    return found
