"""Writing entries to files: what a spreadsheet, a program or a map reads."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from bilan.pack.registers import Register
from bilan.registers.exporting.columns import Column
from bilan.registers.exporting.typed import typed_frame
from bilan.registers.ledger import Record
from bilan.tabular.places.exports import Column as PlaceColumn
from bilan.tabular.places.exports import write_features

Rows = Iterable[tuple[Record, Mapping[str, Any]]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""
LINES = 500
MOST_EXCEL = 1_000_000
"""Rows a sheet can hold below its header."""


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file.

    Attributes:
        worded: whether choices and links stand in words.
        write: makes the file; gives parts of bytes, or an open file.
    """

    title: str
    suffix: str
    mime: str
    worded: bool
    write: Callable[[Register, Sequence[Column], Rows], Iterator[bytes] | IO[bytes]]


def plain(value: Any) -> Any:
    """A value as text files hold it; text that a spreadsheet would take for a formula gets an apostrophe.

    Examples:
        >>> plain("=1+1"), plain(-3), plain([1, 2]), plain(None)
        ("'=1+1", -3, '[1, 2]', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(encoding: str) -> Callable[[Register, Sequence[Column], Rows], Iterator[bytes]]:
    def write(_register: Register, columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow([plain(column.heading) for column in columns])
        for number, (_record, values) in enumerate(rows, 1):
            writer.writerow([plain(values[column.name]) for column in columns])
            if number % LINES == 0:
                yield _taken(buffer).encode(encoding, "replace")
        yield _taken(buffer).encode(encoding, "replace")

    def marked(register: Register, columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
        if encoding == "utf-8":
            yield "\ufeff".encode()
        yield from write(register, columns, rows)

    return marked


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _excel(register: Register, columns: Sequence[Column], rows: Rows) -> IO[bytes]:
    # The response closes it once it is sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    book = xlsxwriter.Workbook(file, settings)
    sheet = book.add_worksheet(_sheet_name(register))
    sheet.freeze_panes(1, 0)
    head = book.add_format({"bold": True, "bg_color": "#eef2f6"})
    dated, clocked = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.heading, head)
        sheet.set_column(at, at, max(10, min(40, 2 * len(column.heading))))
    for line, (_record, values) in enumerate(rows, 1):
        if line > MOST_EXCEL:
            break
        for at, column in enumerate(columns):
            value = values[column.name]
            if isinstance(value, datetime):
                sheet.write_datetime(line, at, value, clocked)
            elif isinstance(value, date):
                sheet.write_datetime(line, at, datetime(value.year, value.month, value.day), dated)
            elif isinstance(value, bool | int | float):
                sheet.write(line, at, value)
            elif value is not None:
                sheet.write_string(line, at, str(value)[:32_000])
    book.close()
    file.seek(0)
    return file


def _sheet_name(register: Register) -> str:
    return "".join(sign for sign in register.title.zh if sign not in r"[]:*?/\'")[:31] or register.name[:31]


def _parquet(register: Register, columns: Sequence[Column], rows: Rows) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115
    frame = typed_frame(register, [column.name for column in columns], (values for _record, values in rows))
    frame.write_parquet(file)
    file.seek(0)
    return file


def _places(suffix: str) -> Callable[[Register, Sequence[Column], Rows], IO[bytes]]:
    def write(register: Register, columns: Sequence[Column], rows: Rows) -> IO[bytes]:
        attributes = [PlaceColumn(column.name, column.title, column.unit) for column in columns if column.name != "geometry"]
        features = ((record.geometry, {name: _attribute(value) for name, value in values.items()}) for record, values in rows)
        with tempfile.TemporaryDirectory(prefix="bilan-export-") as folder:
            path = Path(folder) / f"{register.name}{suffix}"
            write_features(path, features, attributes, layer=register.name)
            # Kept open after the folder goes: the response reads on.
            return path.open("rb")

    return write


def _attribute(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else value


FORMS: dict[str, Form] = {
    "xlsx": Form("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", True, _excel),
    "csv": Form("CSV", "csv", "text/csv; charset=utf-8", True, _csv("utf-8")),
    "csv-gb18030": Form("CSV (GB 18030)", "csv", "text/csv; charset=gb18030", True, _csv("gb18030")),
    "geojson": Form("GeoJSON", "geojson", "application/geo+json", False, _places(".geojson")),
    "kml": Form("KML", "kml", "application/vnd.google-earth.kml+xml", False, _places(".kml")),
    "shapefile": Form("Shapefile", "zip", "application/zip", False, _places(".zip")),
    "gpkg": Form("GeoPackage", "gpkg", "application/geopackage+sqlite3", False, _places(".gpkg")),
    "parquet": Form("Parquet", "parquet", "application/vnd.apache.parquet", False, _parquet),
}
"""Name in the address → kind of file."""
MAPPED = frozenset({"geojson", "kml", "shapefile", "gpkg"})
"""Kinds that need a place."""
