"""Tables as files: CSV that Excel opens with the right characters, Excel, Parquet; CSV leaves line by line."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import polars as pl
import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from bilan.problems import BilanError, Problem

Head = tuple[str, str, str]
"""Name, translated title and unit of a column."""
Rows = Iterable[Mapping[str, Any]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LINES = 500


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file."""

    title: str
    suffix: str
    mime: str
    write: Callable[[Sequence[Head], Rows], Any]


def respond(form: str, name: str, heads: Sequence[Head], rows: Rows) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Rows as a file to keep.

    Raises:
        BilanError: there is no such form.
    """
    if form not in FORMS:
        raise BilanError(Problem("web.bad_parameter", {"name": "export", "value": form, "allowed": list(FORMS)}))
    wanted = FORMS[form]
    content = wanted.write(heads, rows)
    if isinstance(content, Iterator):
        response = StreamingHttpResponse(content, content_type=wanted.mime)
    else:
        response = FileResponse(content, content_type=wanted.mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{wanted.suffix}"
    return response


def titled(head: Head) -> str:
    """Heading of a column in a file: its title with the unit."""
    _name, title, unit = head
    return f"{title} ({unit})" if unit else title


def _csv(heads: Sequence[Head], rows: Rows) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([titled(head) for head in heads])
    yield "\ufeff".encode()
    for number, row in enumerate(rows, 1):
        writer.writerow([_plain(row.get(name)) for name, _title, _unit in heads])
        if number % LINES == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _plain(value: Any) -> Any:
    """A value as CSV holds it; text that a spreadsheet would take for a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else value


def _excel(heads: Sequence[Head], rows: Rows) -> Any:
    # The response closes it once it is sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    )
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    clocked, dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, head in enumerate(heads):
        sheet.write_string(0, at, titled(head), bold)
        sheet.set_column(at, at, max(10, min(40, 2 * len(titled(head)))))
    for line, row in enumerate(rows, 1):
        for at, (name, _title, _unit) in enumerate(heads):
            value = row.get(name)
            if isinstance(value, datetime):
                sheet.write_datetime(line, at, value, clocked)
            elif isinstance(value, date):
                sheet.write_datetime(line, at, value, dated)
            elif value is not None:
                sheet.write(line, at, value)
    book.close()
    file.seek(0)
    return file


def _parquet(heads: Sequence[Head], rows: Rows) -> Any:
    """Columns keep their short names, so that a program reads the same file in either language."""
    frame = pl.DataFrame([{name: row.get(name) for name, _title, _unit in heads} for row in rows], infer_schema_length=None)
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    buffer.seek(0)
    return buffer


FORMS = {
    "csv": Form("CSV", "csv", "text/csv; charset=utf-8", _csv),
    "xlsx": Form("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _excel),
    "parquet": Form("Parquet", "parquet", "application/vnd.apache.parquet", _parquet),
}
"""Name in the address → kind of file."""
