"""Excel workbooks as grids of text cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import fastexcel
import polars as pl

from bilan.problems import BilanError, Place, Problem, nearest
from bilan.tabular.sheets.model import MOST_COLUMNS, MOST_ROWS, Grid, letter
from bilan.tabular.sheets.package import Package

MOST_SHEETS = 30
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_OLE_LOCKED = "EncryptedPackage".encode("utf-16-le")
_UNREADABLE = (fastexcel.FastExcelError, pl.exceptions.PolarsError, OSError, ValueError, pl.exceptions.PanicException)


class Workbook:
    """A workbook whose sheets are read one by one.

    Raises:
        BilanError: it is damaged, too large, locked, or carries macros or links to other files.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        self._package: Package | None = None
        self._parts: dict[str, str] = {}
        if content[:4] == ZIP:
            self._package = Package(content, file)
            self._parts = self._package.sheets()
        elif _OLE_LOCKED in content:
            raise BilanError(Problem("sheet.locked", {}, Place(file)))
        elif _OLE_MACROS in content:
            raise BilanError(Problem("sheet.macros", {}, Place(file)))
        try:
            self._reader = fastexcel.read_excel(content)
            self.names: list[str] = self._reader.sheet_names
        except _UNREADABLE as error:
            raise BilanError(Problem("sheet.damaged", {}, Place(file))) from error

    def grids(self, sheet: str | None = None) -> Iterator[Grid]:
        """The sheets that hold anything, in their order; only the one named `sheet` when it is given.

        Raises:
            BilanError: there is no such sheet, or one is too large.
        """
        if sheet is not None and sheet not in self.names:
            values = {"value": sheet, "allowed": self.names, "nearest": nearest(sheet, self.names)}
            raise BilanError(Problem("table.no_sheet", values, Place(self.file)))
        for name in [sheet] if sheet is not None else self.names[:MOST_SHEETS]:
            grid = self._grid(name)
            if grid is not None:
                yield grid

    def _grid(self, name: str) -> Grid | None:
        part = self._parts.get(name, "")
        if self._package and not part.startswith("xl/worksheets/"):
            return None  # a sheet of charts
        facts = self._package.facts(name, part) if self._package else None
        try:
            loaded = self._reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            cells, visible = loaded.to_polars(), loaded.visible == "visible"
        except _UNREADABLE as error:
            raise BilanError(Problem("sheet.damaged", {}, Place(self.file))) from error
        if cells.width > MOST_COLUMNS:
            values = {"sheet": name, "value": letter(cells.width - 1), "allowed": letter(MOST_COLUMNS - 1)}
            raise BilanError(Problem("sheet.too_wide", values, Place(self.file)))
        if cells.height > MOST_ROWS:
            raise BilanError(Problem("sheet.too_long", {"sheet": name, "value": cells.height, "allowed": MOST_ROWS}, Place(self.file)))
        if not cells.width or not cells.height:
            return None
        cells = cells.rename({old: f"c{index}" for index, old in enumerate(cells.columns)})
        grid = Grid(name, cells, visible=visible)
        if facts is None:
            return grid
        merged = tuple(
            replace(span, left=span.left - facts.left, right=span.right - facts.left) for span in facts.merged if span.left >= facts.left
        )
        uncomputed = tuple((row, column - facts.left) for row, column in facts.uncomputed)
        return replace(grid, left=facts.left, merged=merged, formulas=facts.formulas, uncomputed=uncomputed, exact=True)
