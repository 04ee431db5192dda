"""Bytes of a text table: which encoding, which delimiter, how wide."""

from __future__ import annotations

import csv
import io
from collections import Counter

import polars as pl

from bilan.problems import BilanError, Place, Problem

_DELIMITERS = ",\t;|，"
_LOOK = 200
WIDEST = 2000
"""A table has at most this many columns."""


def decode(content: bytes, file: str = "") -> str:
    """Decode a text table: byte-order marks, UTF-8, else GB 18030 (which holds GBK and GB 2312).

    Raises:
        BilanError: the bytes are no text in any of them.

    Examples:
        >>> decode("溶解氧".encode("gbk"))
        '溶解氧'
    """
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BilanError(Problem("table.not_text", {"allowed": "UTF-8, GB 18030"}, Place(file)))


def delimiter(text: str) -> str:
    """Guess what separates the cells: the sign that gives most lines of the beginning the same number of cells above one.

    Examples:
        >>> delimiter("a;b;c\\n1,5;2;3\\n")
        ';'
    """
    lines = [line for line in text[:100_000].splitlines()[:_LOOK] if line.strip()]
    best, score = ",", 0
    for sign in _DELIMITERS:
        widths = Counter(line.count(sign) for line in lines if sign in line)
        if not widths:
            continue
        width, often = widths.most_common(1)[0]
        if often * min(width, 20) > score:
            best, score = sign, often * min(width, 20)
    return best


def read_text(content: bytes, file: str = "") -> pl.DataFrame:
    """Read a text table into cells: one row a record, every cell text or null, columns named by position.

    Raises:
        BilanError: no text, no cells, or wider than `WIDEST`.
    """
    text = decode(content, file).replace("\x00", "")
    sign = delimiter(text)
    if sign == "，":
        text, sign = text.replace("，", ","), ","
    width = _width(text, sign)
    if not text.strip():
        raise BilanError(Problem("table.empty", {}, Place(file)))
    if width > WIDEST:
        raise BilanError(Problem("table.too_wide", {"value": width, "allowed": WIDEST}, Place(file)))
    # A header of our own makes the reader accept title rows that are narrower than the table.
    body = (sign.join(f"c{index}" for index in range(width)) + "\n" + text).encode("utf-8", "replace")
    for quote in ('"', None):
        try:
            return pl.read_csv(io.BytesIO(body), separator=sign, quote_char=quote, infer_schema=False, truncate_ragged_lines=True)
        except pl.exceptions.PolarsError:
            continue
    raise BilanError(Problem("table.unreadable", {"value": "CSV"}, Place(file)))


def _width(text: str, sign: str) -> int:
    lines = text[:1_000_000].splitlines()[:_LOOK]
    try:
        return max((len(cells) for cells in csv.reader(lines, delimiter=sign)), default=1) or 1
    except csv.Error:
        return max((line.count(sign) + 1 for line in lines), default=1)
