"""Tables of one row a sample and one column a species, whatever the species are called: laboratories name them as they like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from bilan.problems import BilanError, Place, Problem
from bilan.tabular.findings import Findings
from bilan.tabular.numbers import read_numbers
from bilan.tabular.source import Grid, grids
from bilan.tabular.times import read_times

LOOK = 40
"""The header stands in the first so many rows."""
LEAST = 2
"""Columns of numbers a table needs beside its key."""
MISSING_CODE = -99.0
"""Values up to this stand for missing ones (−99, −999, −9999)."""
LISTED = 1000
_NUMERIC = re.compile(r"^[<＜]?\s*[-+]?[\d.,]+(e[-+]?\d+)?\s*[LD%]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Samples by species.

    Attributes:
        file: name of the file.
        sheet: name of the sheet; empty for text and Parquet.
        header_row: row of the header in the file, from 1; 0 when the names come with the format.
        frame: `row` (row in the file, from 1), `key` (times where the first column holds them, else text), one `Float64` column a species.
        problems: what could not be read, with its place; the first so many that were asked for.
        problem_count: how many problems there are altogether.
    """

    file: str
    sheet: str
    header_row: int
    frame: pl.DataFrame
    problems: list[Problem]
    problem_count: int

    @property
    def species(self) -> list[str]:
        """Names of the columns of numbers."""
        return self.frame.columns[2:]


def read_matrix(path: Path | str, *, name: str = "", sheet: str | None = None, listed: int = LISTED) -> Matrix:
    """Read a CSV, Excel or Parquet file whose first column names the sample and whose others are species.

    Values below a detection limit (``<0.01``) become half of it; −99, −999 and the like are missing and told.

    Parameters:
        path: the file.
        name: what the file is called where problems are told; its own name when empty.
        sheet: name of the sheet; the first with a table when not told.
        listed: so many problems are kept; all are counted.

    Raises:
        BilanError: no such file, not a table, or no row of names above numbers.
    """
    source = Path(path)
    file = name or source.name
    for grid in grids(source, sheet):
        found = _header(grid)
        if found is not None:
            return _read(grid, found, file, listed)
    raise BilanError(Problem("matrix.no_header", {"value": LEAST}, Place(file)))


def _header(grid: Grid) -> int | None:
    """Row of the names: −1 when the format carries them, None when no row of names stands above one of numbers."""
    if grid.headed:
        return -1
    rows = [[str(cell).strip() if cell is not None else "" for cell in row] for row in grid.cells.head(LOOK + 1).rows()]
    for at, (row, below) in enumerate(pairwise(rows)):
        names = [text for text in row if text]
        numbers = sum(bool(name) and bool(_NUMERIC.match(text)) for name, text in zip(row[1:], below[1:], strict=True))
        if numbers >= LEAST and not any(_NUMERIC.match(text) for text in names):
            return at
    return None


def _read(grid: Grid, header: int, file: str, listed: int) -> Matrix:
    findings = Findings(file, listed)
    texts = list(grid.cells.columns) if header < 0 else [str(cell).strip() if cell is not None else "" for cell in grid.cells.row(header)]
    cells = grid.cells.slice(header + 1)
    row = pl.int_range(header + 2, header + 2 + cells.height, eager=True).alias("row")
    filled = cells.select(pl.any_horizontal(pl.all().cast(pl.String, strict=False).str.strip_chars().fill_null("") != "")).to_series()
    cells, row = cells.filter(filled), row.filter(filled)
    columns: list[pl.Series] = []
    taken = {"row", "key"}
    for index, text in enumerate(texts[1:], start=1):
        if text in taken:
            findings.add("matrix.twice", {"value": text}, header + 1, text)
        elif text:
            taken.add(text)
            columns.append(_numbers(cells.to_series(index), row, text, findings))
    frame = pl.DataFrame([row, _key(cells.to_series(0), row, texts[0], findings), *columns])
    if len(columns) < LEAST or not frame.height:
        raise BilanError(Problem("matrix.no_header", {"value": LEAST}, Place(file)))
    return Matrix(file, grid.sheet, header + 1, frame.drop_nulls("key"), findings.problems, findings.count)


def _numbers(cells: pl.Series, row: pl.Series, column: str, findings: Findings) -> pl.Series:
    read = read_numbers(cells).with_columns(row, text=cells.cast(pl.String, strict=False))
    findings.add_cells(read, column)
    missing = pl.col("value") <= MISSING_CODE
    findings.add_cells(read.with_columns(trouble=pl.when(missing).then(pl.lit("matrix.missing_code"))), column)
    return read.select(pl.when(~missing).then("value").alias(column)).to_series()


def _key(cells: pl.Series, row: pl.Series, column: str, findings: Findings) -> pl.Series:
    """Times where most cells are, else the text; what is missing then is told."""
    read = read_times(cells)
    if read["start"].count() * 2 < len(cells):
        text = cells.cast(pl.String, strict=False).str.strip_chars().alias("key")
        return text.set(text == "", None)
    findings.add_cells(read.with_columns(row, text=cells.cast(pl.String, strict=False)), column)
    return read["start"].alias("key")
