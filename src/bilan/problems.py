"""What went wrong, said in the reader's language: the value, what is allowed, the nearest match, the place."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("zh-hans", "en")
"""Languages that every message exists in; the first is the default."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem stands: a file with row and column, or a byte position in a stream."""

    file: str = ""
    row: int | None = None
    column: str = ""

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the place in one short phrase.

        Examples:
            >>> Place("读数.xlsx", 12, "PM2.5").text("en")
            '读数.xlsx, row 12, column PM2.5'
            >>> Place("读数.xlsx", 12).text()
            '读数.xlsx 第 12 行'
        """
        if language == "en":
            parts = [self.file, f"row {self.row}" if self.row is not None else "", f"column {self.column}" if self.column else ""]
            return ", ".join(part for part in parts if part)
        parts = [self.file, f"第 {self.row} 行" if self.row is not None else "", f"“{self.column}”列" if self.column else ""]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be accepted, kept as a code and its values so that every reader gets it in their language.

    The sentences live in ``bilan/pack/problems/*.csv`` with the columns ``code, zh, en``; a sentence names its
    values in braces.

    Examples:
        >>> Problem("value.not_a_number", {"value": "12,5x"}, Place("a.csv", 3, "O3")).text("en")
        'a.csv, row 3, column O3: "12,5x" is not a number'
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Write the problem as one sentence in `language` (``zh-hans`` or ``en``)."""
        sentence = sentences()[self.code][0 if language != "en" else 1].format_map(_Readable(self.values))
        where = self.place.text(language) if self.place else ""
        separator = ": " if language == "en" else "："
        return f"{where}{separator}{sentence}" if where else sentence

    def position(self) -> tuple[str, int]:
        """File and row, which put problems in order."""
        return (self.place.file, self.place.row or 0) if self.place else ("", 0)

    def as_dict(self) -> dict[str, Any]:
        """Give the problem as plain values, for storing and for JSON."""
        place = {"file": self.place.file, "row": self.place.row, "column": self.place.column} if self.place else None
        return {"code": self.code, "values": dict(self.values), "place": place}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Problem:
        """Rebuild a problem from what `as_dict` gave.

        Examples:
            >>> Problem.from_dict(Problem("value.not_a_number", {"value": "x"}).as_dict()).text("en")
            '"x" is not a number'
        """
        place = stored.get("place")
        return cls(stored["code"], stored.get("values", {}), Place(**place) if place else None)


class BilanError(Exception):
    """An error a person can act on: it carries the problems and says them in either language."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.text("en") for problem in problems))

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say every problem, one a line."""
        return "\n".join(problem.text(language) for problem in self.problems)


class _Readable(dict[str, Any]):
    """Values as a sentence shows them: lists joined by commas, absent and empty ones as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        shown = ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else value
        return "–" if shown == "" else shown


@cache
def sentences() -> dict[str, tuple[str, str]]:
    """Every known problem code with its Chinese and its English sentence."""
    known: dict[str, tuple[str, str]] = {}
    for table in sorted(resources.files("bilan.pack").joinpath("problems").iterdir(), key=lambda entry: entry.name):
        if table.name.endswith(".csv"):
            for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
                known[row["code"]] = (row["zh"], row["en"])
    return known


def nearest(value: str, allowed: Iterable[str]) -> str:
    """Find the allowed word that looks most like `value`; empty when none is close.

    Examples:
        >>> nearest("huor", ["hour", "day"])
        'hour'
        >>> nearest("zzz", ["hour", "day"])
        ''
    """
    close = difflib.get_close_matches(value, list(allowed), n=1, cutoff=0.6)
    return close[0] if close else ""
