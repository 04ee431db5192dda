"""Files as grids of cells, whatever their format."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from bilan.problems import BilanError, Place, Problem, nearest
from bilan.tabular.text import WIDEST, read_text

LARGEST = 1 << 30
"""A file is at most this large, unpacked [byte]."""
SHEETS = 50
"""At most this many sheets of a workbook are looked at."""
EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PARQUET = (".parquet", ".pq")


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one sheet.

    Attributes:
        cells: the rows; text for CSV and Excel, typed for Parquet.
        headed: whether the names of `cells` are the header (Parquet).
        sheet: name of the sheet; empty when the format has none.
        merged: whether a cell may stand for the ones below and beside it (Excel).
    """

    cells: pl.DataFrame
    headed: bool = False
    sheet: str = ""
    merged: bool = False


def grids(path: Path, sheet: str | None = None) -> Iterator[Grid]:
    """Give the grids of a file one after the other: one for text and Parquet, one a sheet for workbooks.

    Raises:
        BilanError: no such file or sheet, too large, or not what its name says.
    """
    if not path.is_file():
        raise BilanError(Problem("file.not_found", {"value": str(path)}))
    content = _content(path)
    kind = _kind(path, content)
    if kind == "excel":
        yield from _workbook(content, path.name, sheet)
    elif kind == "parquet":
        yield Grid(_parquet(content, path.name), headed=True)
    else:
        yield Grid(read_text(content, path.name))


def _content(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise BilanError(Problem("table.too_large", {"value": path.stat().st_size, "allowed": LARGEST}, Place(path.name)))
    content = path.read_bytes()
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            unpacked = stream.read(LARGEST + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise BilanError(Problem("table.unreadable", {"value": "gzip"}, Place(path.name))) from error
    if len(unpacked) > LARGEST:
        raise BilanError(Problem("table.too_large", {"value": f"> {LARGEST}", "allowed": LARGEST}, Place(path.name)))
    return unpacked


def _kind(path: Path, content: bytes) -> str:
    suffix = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if content[:4] == b"PAR1" or f".{suffix}" in PARQUET:
        return "parquet"
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") or f".{suffix}" in EXCEL:
        return "excel"
    return "text"


def _parquet(content: bytes, file: str) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError, ValueError, pl.exceptions.PanicException) as error:
        raise BilanError(Problem("table.unreadable", {"value": "Parquet"}, Place(file))) from error
    if frame.width > WIDEST:
        raise BilanError(Problem("table.too_wide", {"value": frame.width, "allowed": WIDEST}, Place(file)))
    return frame


def _workbook(content: bytes, file: str, sheet: str | None) -> Iterator[Grid]:
    _bounded(content, file)
    try:
        reader = fastexcel.read_excel(content)
        names = reader.sheet_names
    except (fastexcel.FastExcelError, OSError, ValueError, pl.exceptions.PanicException) as error:
        raise BilanError(Problem("table.unreadable", {"value": "Excel"}, Place(file))) from error
    if sheet is not None and sheet not in names:
        raise BilanError(Problem("table.no_sheet", {"value": sheet, "allowed": names, "nearest": nearest(sheet, names)}, Place(file)))
    for name in [sheet] if sheet is not None else names[:SHEETS]:
        try:
            loaded = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        except (fastexcel.FastExcelError, pl.exceptions.PolarsError, OSError, ValueError, pl.exceptions.PanicException) as error:
            raise BilanError(Problem("table.unreadable", {"value": name}, Place(file))) from error
        if loaded.width:
            yield Grid(loaded.rename({old: f"c{index}" for index, old in enumerate(loaded.columns)}), sheet=name, merged=True)


def _bounded(content: bytes, file: str) -> None:
    """Refuse a packed workbook that would unpack beyond `LARGEST`."""
    if content[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BilanError(Problem("table.unreadable", {"value": "Excel"}, Place(file))) from error
    if size > LARGEST:
        raise BilanError(Problem("table.too_large", {"value": size, "allowed": LARGEST}, Place(file)))
