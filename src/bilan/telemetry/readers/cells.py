"""A table as single values, compared with each other and with the store."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from bilan.pack.vocab import networks
from bilan.problems import Place, Problem
from bilan.tabular import TableRead
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

_KEY = ("point", "parameter", "start")
SCHEMA = {
    "row": pl.Int64,
    "column": pl.String,
    "point": pl.String,
    "parameter": pl.String,
    "start": pl.Int64,
    "value": pl.Float64,
    "unit": pl.String,
}


def long_cells(frame: pl.DataFrame, table: TableRead, points: Mapping[str, Point]) -> pl.DataFrame:
    """One row a value that is there: `row`, `column`, `point`, `parameter`, `start`, `value`, `unit`."""
    parts = []
    emission = {code for code, point in points.items() if networks()[point.network].unit_kind == "emission"}
    for column in table.columns:
        parameter = column.parameter
        if parameter is None or column.name not in frame.columns:
            continue
        part = frame.filter(pl.col(column.name).is_not_null()).select(
            pl.col("row").cast(pl.Int64),
            pl.lit(column.header).alias("column"),
            "point",
            pl.lit(parameter.code).alias("parameter"),
            "start",
            pl.col(column.name).alias("value"),
            pl.when(pl.col("point").is_in(list(emission)))
            .then(pl.lit(parameter.emission_unit))
            .otherwise(pl.lit(parameter.unit))
            .alias("unit"),
        )
        parts.append(part)
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


def duplicates(cells: pl.DataFrame, file: str, problems: dict[int, list[Problem]]) -> pl.DataFrame:
    """Keep the first of values for the same point, parameter and time; a later one that differs is refused."""
    opening = [pl.col("row").first().alias("first_row"), pl.col("value").first().alias("first")]
    first = cells.group_by(_KEY, maintain_order=True).agg(opening)
    differs = (pl.col("row") != pl.col("first_row")) & (pl.col("value") != pl.col("first"))
    repeated = cells.join(first, on=_KEY, maintain_order="left").filter(differs)
    for row, column, value, first_row, other in repeated.select("row", "column", "value", "first_row", "first").iter_rows():
        problems[row].append(Problem("import.duplicate", {"row": first_row, "value": value, "other": other}, Place(file, row, column)))
    return cells.unique(_KEY, keep="first", maintain_order=True)


def mark_existing(store: Store, cells: pl.DataFrame, interval: str, statistic: str) -> pl.DataFrame:
    """Add `status` and `old`: what the store holds at the same place."""
    known = store.catalogue.series_frame(cells["point"].unique().to_list(), cells["parameter"].unique().to_list(), interval)
    known = known.filter(pl.col("statistic") == statistic, pl.col("occurrence") == 1).select(
        pl.col("id").alias("series"), "point", "parameter"
    )
    marked = cells.join(known, on=("point", "parameter"), how="left", maintain_order="left")
    if known.is_empty() or cells.is_empty():
        return marked.drop("series").with_columns(status=pl.lit("new"), old=pl.lit(None, pl.Float64))
    begin, end = (int(bound) for bound in cells.select(low=pl.col("start").min(), high=pl.col("start").max()).row(0))
    held = store.scan(known["series"].to_list(), begin, end + 1, interval, level="raw")
    held = held.select("series", "start", pl.col("value").alias("old"), there=pl.lit(True))
    marked = marked.join(held, on=("series", "start"), how="left", maintain_order="left")
    same = pl.col("old").eq_missing(pl.col("value"))
    status = pl.when(pl.col("there").is_null()).then(pl.lit("new")).when(same).then(pl.lit("unchanged")).otherwise(pl.lit("changed"))
    return marked.with_columns(status=status).drop("series", "there")
