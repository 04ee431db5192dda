"""A file with a table somewhere in it, read into a `Sheet`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from bilan.problems import BilanError, Place, Problem
from bilan.tabular.sheets.body import read_body
from bilan.tabular.sheets.header import Header, find_header, headings
from bilan.tabular.sheets.model import LARGEST, Grid, Sheet
from bilan.tabular.sheets.plain import read_plain
from bilan.tabular.sheets.words import normal
from bilan.tabular.sheets.workbook import OLE, ZIP, Workbook

ENDINGS = (".xlsx", ".xls", ".csv", ".txt", ".tsv", ".xlsm")
_REFUSED = (".xlsb", ".ods", ".et", ".numbers", ".wps")
_LISTED = 200


def read_sheet(path: Path | str, *, sheet: str | None = None, known: Collection[str] = ()) -> Sheet:
    """Read the table in an Excel or text file as a bureau keeps it.

    Title rows above the header and notes below the rows are cut off and reported; the header may stand over two rows with merged cells;
    cells merged over several rows count in each of them. Rows and columns keep the numbers and letters they have in the file.

    Args:
        path: the file; by its content, whatever its name says.
        sheet: name of the sheet; without it the visible sheet whose headings are known best, else the largest.
        known: headings that are looked for, in any writing.

    Raises:
        BilanError: no such file or sheet, no table in it, too large, locked, damaged, or with macros or links to other files.
    """
    source = Path(path)
    words = frozenset(normal(word) for word in known) - {""}
    found: list[tuple[Grid, Header]] = []
    sheets: list[tuple[str, bool]] = []
    for grid in _grids(source, sheet):
        sheets.append((grid.name, grid.visible))
        header = find_header(grid, words)
        if header:
            found.append((grid, header))
    if not found:
        raise BilanError(Problem("sheet.no_table", {}, Place(source.name)))
    grid, header = max(found, key=_worth)
    return _sheet(source.name, grid, header, _reason(found, grid, header, named=sheet is not None), tuple(sheets))


def _grids(source: Path, sheet: str | None) -> Iterator[Grid]:
    if not source.is_file():
        raise BilanError(Problem("file.not_found", {"value": source.name}))
    if source.suffix.lower() in _REFUSED:
        raise BilanError(Problem("sheet.other_format", {"value": source.suffix.lower(), "allowed": ENDINGS}, Place(source.name)))
    if source.stat().st_size > LARGEST:
        raise BilanError(Problem("sheet.bomb", {"allowed": LARGEST >> 20}, Place(source.name)))
    content = source.read_bytes()
    if content[:4] in (ZIP, OLE):
        yield from Workbook(content, source.name).grids(sheet)
    else:
        yield read_plain(content, source.name)


def _worth(candidate: tuple[Grid, Header]) -> tuple[bool, int, int]:
    grid, header = candidate
    return grid.visible, header.hits, grid.cells.height * sum(bool(text) for text in header.lower)


def _reason(found: list[tuple[Grid, Header]], grid: Grid, header: Header, *, named: bool) -> Problem:
    if named:
        return Problem("sheet.chosen_named", {"value": grid.name})
    if len(found) == 1:
        return Problem("sheet.chosen_only" if grid.visible else "sheet.chosen_hidden", {"value": grid.name})
    if header.hits:
        return Problem("sheet.chosen_headings", {"value": grid.name, "count": header.hits})
    return Problem("sheet.chosen_largest", {"value": grid.name, "count": grid.cells.height})


def _sheet(file: str, grid: Grid, header: Header, reason: Problem, sheets: tuple[tuple[str, bool], ...]) -> Sheet:
    row, cells, notes = read_body(grid, header)
    used = {index for index, name in enumerate(cells.columns) if cells[name].null_count() < cells.height}
    columns = headings(header, grid, used)
    problems = []
    if grid.formulas:
        problems.append(Problem("sheet.formulas", {"count": grid.formulas}, Place(file)))
    for at, index in grid.uncomputed[:_LISTED]:
        heading = next((column for column in columns if column.index == index), None)
        if heading and at >= header.body:
            problems.append(Problem("sheet.uncomputed", {}, Place(file, at + 1, heading.title or heading.letter)))
    cells = cells.select(pl.nth(column.index).alias(f"c{at}") for at, column in enumerate(columns))
    columns = tuple(replace(column, index=at) for at, column in enumerate(columns))
    return Sheet(file, grid.name, reason, sheets, (header.first + 1, header.last + 1), columns, row, cells, tuple(notes), tuple(problems))
