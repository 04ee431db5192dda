"""Sea areas, bays and function zones: shares of the classes, the coastal status they give, what exceeds."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.sea.judge import REFERENCE_CLASS, WORST, known
from bilan.science.standards.single.shares import class_shares
from bilan.science.standards.water.main_pollutants import KEPT, with_largest
from bilan.science.tables import table

_NOISE = 1e-9


def evaluate_zones(frame: Native, by: str | Sequence[str] = ()) -> Native:
    """Judge sea areas, bays or function zones by the classes of their stations.

    Parameters:
        frame: one row a station of one period, as `judge` or `evaluate_periods` gives it: ``grade``, ``class_<item>`` and, for
            function zones, ``target_class``.
        by: columns that make a zone (``bay``, ``zone`` …; add ``start`` for several periods); the whole frame when empty.

    Returns:
        One row a zone: ``stations``, ``class_1`` … ``class_5`` (counts), ``share_first``, ``share_good`` (I and II),
        ``share_worst`` (worse than IV) [fraction], ``status`` (1 excellent … 5 very poor), ``status_zh``, ``status_en``, ``main``
        (up to three items by the share of stations beyond class II), ``with_target``, ``share_attained``, ``unverified``.

    Raises:
        BilanError: a column is missing.

    Reference:
        HJ 442.10-2020, status of coastal water (seawater_status.csv, seawater_rules MS1; from recollection, equal to the published
        judgements of 2017)

    Examples:
        >>> import polars as pl
        >>> stations = pl.DataFrame({"bay": ["A"] * 4, "grade": [1, 2, 2, 5], "class_din": [1, 2, 2, 5], "class_dip": [1, 1, 2, 3]})
        >>> evaluate_zones(stations, "bay").select("share_good", "share_worst", "status_en", "main").rows()
        [(0.75, 0.25, 'fair', 'DIN,DIP')]
    """
    keys = [by] if isinstance(by, str) else list(by)
    return run(frame, lambda data: _zones(data, keys))


def coastal_status(first: nw.Expr, good: nw.Expr, worst: nw.Expr) -> nw.Expr:
    """Status 1..5 of a sea area from its shares of class I, of I and II and of worse than IV [fraction], of stations or of area."""
    result: nw.Expr = nw.lit(None).cast(nw.Int64)
    for row in sorted(table("seawater_status"), key=lambda row: -int(row["order"])):
        inside = ~good.is_null()
        for text, value in ((row["first_from"], first), (row["good_from"], good)):
            if text:
                inside = inside & (value >= float(text) - _NOISE)
        if row["worst_to"]:
            inside = inside & (worst <= float(row["worst_to"]) + _NOISE)
        if row["worst_over"]:
            inside = inside & (worst > float(row["worst_over"]) + _NOISE)
        result = nw.when(inside).then(nw.lit(int(row["grade"]))).otherwise(result)
    return result.cast(nw.Int64)


def with_status(data: AnyFrame) -> AnyFrame:
    """Add ``status``, ``status_zh`` and ``status_en`` to a frame with ``share_first``, ``share_good`` and ``share_worst``."""
    data = data.with_columns(status=coastal_status(nw.col("share_first"), nw.col("share_good"), nw.col("share_worst")))
    rows = table("seawater_status")
    return data.with_columns(
        nw.coalesce(*[nw.when(nw.col("status") == int(row["grade"])).then(nw.lit(row[f"name_{language}"])) for row in rows]).alias(
            f"status_{language}"
        )
        for language in ("zh", "en")
    )


def _zones(data: AnyFrame, keys: Sequence[str]) -> AnyFrame:
    need(data, "grade")
    present = data.collect_schema().names()
    items = [entry for entry in known().items.values() if f"class_{entry.column}" in present]
    target = nw.col("target_class") if "target_class" in present else nw.lit(None).cast(nw.Int64)
    marks = {f"_over_{entry.column}": nw.col(f"class_{entry.column}") > REFERENCE_CLASS for entry in items}
    marks |= {"_target": ~target.is_null(), "_met": nw.col("grade") <= target}
    data = data.with_columns(expression.cast(nw.Int64).fill_null(0).alias(name) for name, expression in marks.items())
    found = class_shares(data, keys, good=REFERENCE_CLASS, worst=WORST, points="stations", sums=list(marks))
    order = {
        entry.symbol: nw.when(nw.col(f"_over_{entry.column}") > 0).then(nw.col(f"_over_{entry.column}") - place * 1e-3)
        for place, entry in enumerate(items)
    }
    found = with_largest(found, order, "main", KEPT) if order else found.with_columns(main=nw.lit(""))
    found = with_status(found).with_columns(
        with_target=nw.col("_target"),
        share_attained=nw.when(nw.col("_target") > 0).then(nw.col("_met") / nw.col("_target")),
        unverified=nw.lit("seawater_status"),
    )
    said = ("share_first", "share_good", "share_worst", "status", "status_zh", "status_en")
    classes = [f"class_{number}" for number in range(1, WORST + 1)]
    found = found.select(*keys, "stations", *classes, *said, "main", "with_target", "share_attained", "unverified")
    return found.sort(*keys) if keys else found
