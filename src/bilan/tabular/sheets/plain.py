"""Text tables as grids of cells, whatever their encoding and separator."""

from __future__ import annotations

import csv
import io

import polars as pl

from bilan.problems import BilanError, Place, Problem
from bilan.tabular.sheets.model import LARGEST, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Grid, letter
from bilan.tabular.text import decode, delimiter


def read_plain(content: bytes, file: str) -> Grid:
    """Read CSV or tab-separated text in UTF-8, UTF-16 or GB 18030.

    Raises:
        BilanError: it is no text, empty, a web page, too wide or too long.

    Examples:
        >>> read_plain("名称；数量\\n甲；1".replace("；", ",").encode("gb18030"), "a.csv").cells.rows()
        [('名称', '数量'), ('甲', '1')]
    """
    if len(content) > LARGEST:
        raise BilanError(Problem("sheet.bomb", {"allowed": LARGEST >> 20}, Place(file)))
    text = _decoded(content, file).replace("\x00", "")
    if not text.strip():
        raise BilanError(Problem("table.empty", {}, Place(file)))
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise BilanError(Problem("sheet.web_page", {}, Place(file)))
    sign = delimiter(text)
    if sign == "，":
        text, sign = text.replace("，", ","), ","
    rows = _rows(text, sign, file)
    width = max((len(row) for row in rows), default=0)
    columns = {f"c{index}": [(row[index] or None) if index < len(row) else None for row in rows] for index in range(width)}
    return Grid("", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def _decoded(content: bytes, file: str) -> str:
    if content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        head = content[:2000]
        for encoding, odd in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
            if len(head) > 8 and odd.count(0) * 3 > len(odd):
                try:
                    return content.decode(encoding)
                except UnicodeDecodeError as error:
                    raise BilanError(Problem("table.not_text", {"allowed": "UTF-8, UTF-16, GB 18030"}, Place(file))) from error
    return decode(content, file)


def _rows(text: str, sign: str, file: str) -> list[list[str]]:
    rows: list[list[str]] = []
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            if len(row) > MOST_COLUMNS:
                values = {"sheet": file, "value": letter(min(len(row), 20_000) - 1), "allowed": letter(MOST_COLUMNS - 1)}
                raise BilanError(Problem("sheet.too_wide", values, Place(file, len(rows) + 1)))
            rows.append(row)
            width = max(width, len(row))
            if len(rows) > MOST_ROWS or len(rows) * width > MOST_CELLS:
                raise BilanError(Problem("sheet.too_long", {"sheet": file, "value": len(rows), "allowed": MOST_ROWS}, Place(file)))
    except csv.Error as error:
        raise BilanError(Problem("table.unreadable", {"value": "CSV"}, Place(file, len(rows) + 1))) from error
    return rows
