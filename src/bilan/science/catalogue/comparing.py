"""What one edition of a standard changes against another."""

from __future__ import annotations

import polars as pl

from bilan.science.catalogue.listing import info, rows


def compare(name: str, before: str, after: str) -> pl.DataFrame:
    """Set two editions of a table side by side.

    Parameters:
        name: of the table.
        before, after: keys of the editions, such as ``GB 3095/2012/single``.

    Returns:
        One row for each thing and value column: the columns that say of what, ``column``, ``before``, ``after``, ``change``
        (``added``, ``removed``, ``changed``, ``same``), with the clause of both.

    Raises:
        BilanError: no such table or edition.

    Examples:
        >>> changed = compare("air_iaqi", "HJ 633/2012", "HJ 633/2026").filter(change="changed", pollutant="PM2.5", averaging_period="24h")
        >>> changed.filter(column="bp_hi").select("iaqi_hi", "before", "after").rows()
        [('100', '75', '60')]
    """
    described = info(name)
    old, new = rows(name, before), rows(name, after)
    keys = [column for column in described.keys if column in old.columns]
    frames = []
    for column in (column for column in described.values if column in old.columns):
        sides = [
            frame.select(*keys, pl.col(column).alias(said), *_clause(frame, said)).unique(keys, keep="first", maintain_order=True)
            for frame, said in ((old, "before"), (new, "after"))
        ]
        joined = sides[0].join(sides[1], on=keys, how="full", coalesce=True, maintain_order="left_right")
        frames.append(joined.with_columns(pl.lit(column).alias("column")))
    together = pl.concat(frames, how="diagonal").filter(pl.col("before").fill_null("") + pl.col("after").fill_null("") != "")
    return together.with_columns(change=_change()).select(*keys, "column", "before", "after", "change", pl.col("^clause_.*$"))


def _change() -> pl.Expr:
    before, after = (pl.col(side).fill_null("") for side in ("before", "after"))
    alike = (before == after) | (before.cast(pl.Float64, strict=False) == after.cast(pl.Float64, strict=False)).fill_null(value=False)
    said = {"added": before == "", "removed": after == "", "same": alike}
    change = pl.lit("changed")
    for word, holds in reversed(said.items()):
        change = pl.when(holds).then(pl.lit(word)).otherwise(change)
    return change


def _clause(frame: pl.DataFrame, said: str) -> list[pl.Expr]:
    return [pl.col("clause").alias(f"clause_{said}")] if "clause" in frame.columns else []
