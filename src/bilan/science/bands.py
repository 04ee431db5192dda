"""Grades by bounds: the row of a table whose bounds a value lies within."""

from __future__ import annotations

from collections.abc import Iterable

import narwhals as nw

from bilan.science.tables import Row


def band(value: nw.Expr, rows: Iterable[Row]) -> nw.Expr:
    """Grade of a value by rows with ``grade``, ``lower``, ``lower_inclusive``, ``upper``, ``upper_inclusive``; empty bounds are open.

    Examples:
        >>> import polars as pl
        >>> rows = [{"grade": "1", "lower": "", "lower_inclusive": "", "upper": "1", "upper_inclusive": "0"}]
        >>> nw.from_native(pl.DataFrame({"e": [0.9, 1.0]})).select(band(nw.col("e"), rows))["literal"].to_list()
        [1, None]
    """
    result: nw.Expr = nw.lit(None).cast(nw.Int64)
    for row in rows:
        inside = ~value.is_null()
        if row["lower"]:
            lower = float(row["lower"])
            inside = inside & (value >= lower if row["lower_inclusive"] == "1" else value > lower)
        if row["upper"]:
            upper = float(row["upper"])
            inside = inside & (value <= upper if row["upper_inclusive"] == "1" else value < upper)
        result = nw.when(inside).then(nw.lit(int(row["grade"]))).otherwise(result)
    return result.cast(nw.Int64)


def doubts(present: Iterable[str], name: str) -> nw.Expr:
    """Column ``unverified`` with one more name.

    Parameters:
        present: columns of the frame.
        name: table or item that is from recollection only.
    """
    if "unverified" not in present:
        return nw.lit(name)
    told = nw.concat_str(nw.col("unverified"), nw.lit(name), separator=",")
    return nw.when(nw.col("unverified") == "").then(nw.lit(name)).otherwise(told)
