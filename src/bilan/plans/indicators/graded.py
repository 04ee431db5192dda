"""Classes of sea water and groundwater from the items that were measured."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.tables import Row, table

SEA, GROUND = "seawater_limits", "groundwater_limits"
CLASSES = 4
"""Classes that have limits; what meets none of them is one worse."""


def graded(frame: pl.DataFrame, limits: str) -> pl.DataFrame:
    """Judge each row by its worst item.

    Args:
        frame: one column an item, by its science name.
        limits: table of the limits, `SEA` or `GROUND`.

    Returns:
        The frame with ``grade``, 1 to 5 and empty where nothing was measured, and ``main``, the items that decide, joined by commas;
        of class I nothing decides.

    Reference:
        GB 3097-1997 Table 1; GB/T 14848-2017 Table 1; single-factor evaluation.

    Examples:
        >>> graded(pl.DataFrame({"din": [0.25, 0.6], "do": [7.0, 7.0]}), SEA).select("grade", "main").rows()
        [(2, 'din'), (5, 'din')]
    """
    items = [row for row in table(limits) if row["column"] in frame.columns]
    classes = {row["column"]: _class(row) for row in items}
    worst = pl.max_horizontal(*classes.values()) if classes else pl.lit(None, dtype=pl.Int32)
    with_grade = frame.with_columns(worst.cast(pl.Int32).alias("grade"))
    deciding = [
        pl.when((grade == pl.col("grade")) & (pl.col("grade") > 1)).then(pl.lit(column)).otherwise(None)
        for column, grade in classes.items()
    ]
    main = pl.concat_str(deciding, separator=",", ignore_nulls=True) if deciding else pl.lit("")
    return with_grade.with_columns(main.alias("main"))


def items(limits: str) -> Sequence[str]:
    """Science names of the items that a table of limits has."""
    return [row["column"] for row in table(limits)]


def _class(row: Row) -> pl.Expr:
    """Class of one item: the best whose limit it meets, one worse than all when it meets none."""
    value = pl.col(row["column"])
    grade: pl.Expr = pl.lit(CLASSES + 1)
    for number in range(CLASSES, 0, -1):
        grade = pl.when(_meets(value, row[f"class_{number}"], row["comparator"])).then(pl.lit(number)).otherwise(grade)
    return pl.when(value.is_not_null()).then(grade).otherwise(None).cast(pl.Int32)


def _meets(value: pl.Expr, limit: str, comparator: str) -> pl.Expr:
    if comparator.startswith("range"):
        ends = [part.split("-") for part in limit.split("|")]
        inside = [value.is_between(float(lower), float(upper)) for lower, upper in ends]
        return pl.any_horizontal(*inside)
    bound = float(limit)
    return {"<=": value <= bound, ">=": value >= bound, ">": value > bound, "<": value < bound}[comparator]
