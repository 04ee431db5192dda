"""Limits that points carry themselves, where no permit says more."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from bilan.evaluation.rules.context import LIMITS
from bilan.pack.vocab import vocabulary
from bilan.telemetry.model import Point

ATTRIBUTE = "limits"
"""Attribute of a point: parameter (code or column) → limit [unit of the series]."""


def of_points(points: Iterable[Point]) -> pl.DataFrame:
    """Limits as `Context.limits` takes them, from the attribute `limits` of points.

    Examples:
        >>> of_points([Point("E1", "source_gas", "排口", attributes={"limits": {"so2": 35}})]).row(0)
        ('E1', 'a21026', 35.0, None, 'attributes')
    """
    by_column = {parameter.column: parameter.code for parameter in vocabulary().by_code.values()}
    rows = []
    for point in points:
        declared = point.attributes.get(ATTRIBUTE)
        for name, limit in declared.items() if isinstance(declared, dict) else ():
            if isinstance(limit, int | float) and not isinstance(limit, bool):
                rows.append((point.code, by_column.get(name, name), float(limit), None, "attributes"))
    return pl.DataFrame(rows, schema=LIMITS, orient="row")
