"""Writing a table of the lake to one file: Parquet, CSV, Excel, and what map programs read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from bilan.lake import manifest as manifests
from bilan.lake import places
from bilan.lake.manifest import Manifest
from bilan.lake.reading import LakeTables
from bilan.lake.writing import FOOTER
from bilan.problems import BilanError, Problem, nearest
from bilan.tabular.writing import write_table

MOST_ROWS = 1_048_575
"""Rows of an Excel sheet below its heading."""
MAPS = (".gpkg", ".geojson", ".kml", ".zip")
ENDINGS = (".parquet", ".csv", ".xlsx", *MAPS)
_BOOK = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}


def export(
    lake: LakeTables, name: str, output: Path, version: int | None = None, begin: date | None = None, end: date | None = None
) -> int:
    """Write a table to the format that the ending of the file says.

    Places are kept in Parquet (GeoParquet) and in the formats of map programs, are written as WKT in CSV, and left out in Excel, where
    a cell holds 32,767 characters.

    Args:
        lake: where the table is.
        output: `.parquet`, `.csv`, `.xlsx`, `.gpkg`, `.geojson`, `.kml`, or `.zip` for a Shapefile.
        version: an earlier version.
        begin, end: first and last day, of a table that is cut by days.

    Returns:
        How many rows were written.

    Raises:
        BilanError: no such table or version, another ending, more rows than Excel holds, a table without places for a map program, or
            the file cannot be written.
    """
    ending, held = output.suffix.lower(), lake.manifest(name, version)
    if ending not in ENDINGS:
        raise BilanError(Problem("table.unknown_ending", {"value": ending, "allowed": ENDINGS, "nearest": nearest(ending, ENDINGS)}))
    frame = lake.scan(name, version)
    for day, compare in ((begin, pl.Expr.ge), (end, pl.Expr.le)):
        if held.table.by and day:
            frame = frame.filter(compare(pl.col(held.table.by), pl.lit(day)))
    if ending == ".xlsx":
        _fits(name, frame)
    rows = frame.collect()
    try:
        _write(held, rows, output, ending)
    except (OSError, xlsxwriter.exceptions.XlsxFileError) as error:
        raise BilanError(Problem("table.not_written", {"value": str(output), "reason": str(error)})) from error
    return rows.height


def _fits(name: str, frame: pl.LazyFrame) -> None:
    count = frame.select(pl.len()).collect().item()
    if count > MOST_ROWS:
        raise BilanError(Problem("lake.too_many_for_excel", {"place": name, "value": f"{count:,}", "allowed": f"{MOST_ROWS:,}"}))


def _write(held: Manifest, rows: pl.DataFrame, output: Path, ending: str) -> None:
    if ending == ".parquet":
        said = {FOOTER: json.dumps(manifests.described(held.table), ensure_ascii=False)}
        rows.write_parquet(output, compression="zstd", metadata=said | places.footer(held.table, rows))
    elif ending == ".xlsx":
        _write_book(held, _plain(rows.drop(places.geometries(held.table))), output)
    elif ending == ".csv":
        write_table(_plain(_worded(held, rows)), output)
    else:
        _write_map(held, rows, output)


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Lists as texts."""
    lists = [name for name, kind in rows.schema.items() if kind.is_nested()]
    return rows.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists)


def _shapes(column: pl.Series) -> Any:
    # An extra of the platform, as are the formats of map programs.
    import shapely  # noqa: PLC0415

    return shapely.from_wkb(column.to_numpy())


def _worded(held: Manifest, rows: pl.DataFrame) -> pl.DataFrame:
    """Places as WKT."""
    names = places.geometries(held.table)
    return rows.with_columns(
        pl.Series(name, [shape.wkt if shape is not None else None for shape in _shapes(rows[name])], dtype=pl.String) for name in names
    )


def _write_book(held: Manifest, rows: pl.DataFrame, output: Path) -> None:
    """A sheet of the rows, and one that says what they are."""
    table = held.table
    about = [
        (table.name, "", "", table.title.zh, table.title.text("en")),
        (f"v{held.version}", "", "", table.about.zh, table.about.text("en")),
        (held.checked, "", "", table.lineage.zh, table.lineage.text("en")),
        *((column.name, column.type, column.unit, column.title.zh, column.title.text("en")) for column in table.columns.values()),
    ]
    heads = ("列 · column", "类型 · type", "单位 · unit", "含义", "meaning")
    # Cells are data: a text that begins with "=" must not become a formula.
    with xlsxwriter.Workbook(output, _BOOK) as book:
        rows.write_excel(book, worksheet="数据 data", autofit=rows.height < 10_000, freeze_panes=(1, 0))
        pl.DataFrame(about, schema=heads, orient="row").write_excel(book, worksheet="说明 about", autofit=True, freeze_panes=(1, 0))


def _write_map(held: Manifest, rows: pl.DataFrame, output: Path) -> None:
    from bilan.tabular.places.exports import Column, write_features  # noqa: PLC0415

    names = places.geometries(held.table)
    if not names:
        raise BilanError(Problem("lake.no_places", {"place": held.table.name, "allowed": [".parquet", ".csv", ".xlsx"]}))
    plain = _plain(rows.drop(names))
    columns = [
        Column(column.name, f"{column.title.zh} · {column.title.text('en')}", column.unit)
        for column in held.table.columns.values()
        if column.name in plain.columns
    ]

    def features() -> Iterator[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]:
        for shape, row in zip(_shapes(rows[names[0]]), plain.iter_rows(named=True), strict=True):
            yield (shape.__geo_interface__ if shape is not None else None), row

    label = "name" if "name" in plain.columns else plain.columns[0]
    write_features(output, features(), columns, layer=held.table.name.replace(".", "_"), label=label)
