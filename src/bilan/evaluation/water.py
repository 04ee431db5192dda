"""River and lake sections, judged by the hour and by the month."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.evaluation.frames import as_verdicts, observed
from bilan.science import water
from bilan.telemetry.clock import HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

ITEMS = ("ph", "do", "codmn", "nh3n", "tp")
"""Items that automatic stations measure and the national publication judges."""

BESIDE = ("tn", "wt")
CARRY = 3
"""Hours for which an item keeps its last value: automatic stations analyse nutrients every four hours. A section says otherwise by
its attribute ``carry_hours``, 0 where the station repeats its values itself."""

_SECTION = {"section_type": "river", "target_class": None, "carry_hours": CARRY}
_WHY = (
    *ITEMS,
    *BESIDE,
    *(f"class_{item}" for item in ITEMS),
    *(f"factor_{item}" for item in ITEMS),
    "items",
    "samples",
    "deciding",
    "section_type",
    "target_class",
    "attained",
)


def judge_hours(store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the hours of sections by GB 3838.

    Args:
        store: where the readings are.
        points: sections, with ``section_type`` and ``target_class`` among their attributes.
        begin, end: span of hours [s of the wall clock], `end` excluded.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``water.hour``, only for hours at which the section reported something.

    Reference:
        GB 3838-2002 Table 1; 环办[2011]22号, 断面水质评价.
    """
    rows = observed(store, points, (*ITEMS, *BESIDE), begin - CARRY * HOUR, end)
    if rows.is_empty():
        return rows
    judged = water.classify(carried(with_sections(rows, points), ITEMS), items=ITEMS)
    first = pl.from_epoch(pl.lit(begin), time_unit="s").cast(pl.Datetime("us"))
    return _verdicts(judged.filter(pl.col("start") >= first), "water.hour", pl.lit(HOUR, dtype=pl.Int64), now)


def judge_months(store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the months of sections by GB 3838 from the means of their hours.

    Args:
        store: where the readings are.
        points: sections.
        begin, end: span that covers whole months [s of the wall clock], `end` excluded.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``water.month``.

    Reference:
        环办[2011]22号, 数据统计.
    """
    rows = observed(store, points, (*ITEMS, *BESIDE), begin, end)
    if rows.is_empty():
        return rows
    judged = water.evaluate_periods(with_sections(rows, points), by="month")
    length = (pl.col("start").dt.offset_by("1mo") - pl.col("start")).dt.total_seconds()
    return _verdicts(judged, "water.month", length, now)


def carried(rows: pl.DataFrame, items: Sequence[str]) -> pl.DataFrame:
    """Keep the last value of each item for up to ``carry_hours`` after it was measured.

    Examples:
        >>> from datetime import datetime
        >>> hours = [datetime(2026, 1, 1, h) for h in (0, 2, 4)]
        >>> rows = pl.DataFrame({"point": ["s"] * 3, "start": hours, "tp": [0.1, None, None], "carry_hours": [3] * 3})
        >>> carried(rows, ["tp"])["tp"].to_list()
        [0.1, 0.1, None]
    """
    ordered = rows.sort("point", "start")
    return ordered.with_columns(
        pl.when(_age(item) <= pl.duration(hours="carry_hours")).then(pl.col(item).forward_fill().over("point")).alias(item)
        for item in items
    )


def with_sections(rows: pl.DataFrame, points: Sequence[Point]) -> pl.DataFrame:
    """Put section type, target class and hours of carrying beside the rows."""
    known = pl.DataFrame(
        [(point.code, *(point.attributes.get(name, default) for name, default in _SECTION.items())) for point in points],
        schema={"point": pl.String, "section_type": pl.String, "target_class": pl.Int64, "carry_hours": pl.Int64},
        orient="row",
    )
    return rows.join(known, on="point", how="left")


def _age(item: str) -> pl.Expr:
    measured = pl.when(pl.col(item).is_not_null()).then(pl.col("start"))
    return pl.col("start") - measured.forward_fill().over("point")


def _verdicts(judged: pl.DataFrame, method: str, seconds: pl.Expr, now: int) -> pl.DataFrame:
    number = judged.with_columns(pl.col("grade").cast(pl.Float64).alias("class_value"))
    return as_verdicts(number, method=method, seconds=seconds, value="class_value", grade="grade", main="main", detail=_WHY, now=now)
