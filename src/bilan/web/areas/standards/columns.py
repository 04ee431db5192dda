"""Headings of the columns of the standards' tables, in both languages."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from bilan.web.components import numbers


def heading(column: str) -> str:
    """Heading of a column in the reader's language; its name where none is declared."""
    row = headings().get(column)
    return column if row is None else row[1 if numbers.language() == "en" else 0]


def worded(value: str) -> str:
    """A coded value in the reader's language; itself where no words are declared."""
    row = _read("words.csv", "word").get(value)
    return value if row is None else row[1 if numbers.language() == "en" else 0]


def titled(edition: str, parts: str | None = "/") -> str:
    """Name of an edition in the reader's language."""
    return " ".join(worded(part) for part in edition.split(parts))


def headings() -> dict[str, tuple[str, str]]:
    """Column → heading in Chinese and English."""
    return _read("columns.csv", "column")


@cache
def _read(file: str, key: str) -> dict[str, tuple[str, str]]:
    text = resources.files("bilan.web.areas.standards").joinpath(file).read_text(encoding="utf-8")
    return {row[key]: (row["zh"], row["en"]) for row in csv.DictReader(text.splitlines())}
