"""Means of months, quarters, seasons and years of a point, before they are judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, begun, need
from bilan.science.rounding import snap
from bilan.science.standards.water.means import grouped_means, with_numbers

Period = Literal["month", "quarter", "season", "year"]

_TRUNCATE = {"month": "1mo", "quarter": "1q", "season": "1q", "year": "1y"}
PLACES = ("name", "city", "district", "bay", "zone", "lon", "lat", "target_class", "kind")
"""Columns that describe a point and are carried along."""
_KEPT_DECIMALS = 10


def period_means(data: AnyFrame, by: Period, point: str, columns: Sequence[str]) -> AnyFrame:
    """Mean of every item at every point in every period.

    Parameters:
        data: one row a sample: `point`, ``start`` and items, as numbers or as text with non-detects.
        by: month, quarter, season (March to May, June to August …) or year.
        point: column that names the point.
        columns: items to average.

    Returns:
        One row a point and period: ``start`` (of the period), the items and ``samples``.

    Raises:
        BilanError: a column is missing, or `by` is unknown.
    """
    if by not in _TRUNCATE:
        raise BilanError(Problem("value.unknown_choice", {"value": by, "allowed": tuple(_TRUNCATE), "nearest": nearest(by, _TRUNCATE)}))
    need(data, point, "start")
    present = data.collect_schema().names()
    keys = [point, *(column for column in PLACES if column in present and column != point), "start"]
    numbers = with_numbers(data, columns).with_columns(_begin(by).alias("start"))
    means = grouped_means(numbers, keys, columns, nw.len().alias("samples"))
    # A mean that stands at a limit must stand there on every engine, in whatever order its samples were added.
    return means.with_columns(snap(nw.col(column), _KEPT_DECIMALS).alias(column) for column in columns)


def _begin(by: Period) -> nw.Expr:
    start = nw.col("start")
    if by != "season":
        return begun(start, _TRUNCATE[by])
    # December opens the winter: a month later, seasons are quarters.
    return begun(begun(start, "1mo").dt.offset_by("1mo"), "1q").dt.offset_by("-1mo")
