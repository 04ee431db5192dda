"""Commitments as a table: the columns that annotated plans have, for export and for measuring the reader."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from bilan.plans.commitments import Read
from bilan.problems import BilanError, Problem

COLUMNS = (
    "id",
    "article_or_section",
    "sentence_zh",
    "subject_zh",
    "metric_zh",
    "comparator",
    "value",
    "value_upper",
    "unit",
    "baseline",
    "deadline",
    "nature",
    "kind",
    "line",
    "note",
)
NEEDED = ("sentence_zh", "metric_zh", "comparator", "value", "unit", "deadline", "kind", "line")
"""Columns a table must have to be measured."""

Row = dict[str, str]


def rows(commitments: Sequence[Read]) -> list[Row]:
    """Commitments with the columns of annotated plans, numbered ``C0001`` and so on."""
    return [_row(f"C{number:04d}", read) for number, read in enumerate(commitments, start=1)]


def _row(name: str, read: Read) -> Row:
    """One commitment as a row."""
    value = read.wording if read.value is None else plain(read.value)
    values = (
        name,
        read.section,
        read.sentence,
        read.subject,
        read.metric,
        read.comparator,
        value,
        "" if read.upper is None else plain(read.upper),
        read.unit,
        _baseline(read),
        read.deadline,
        read.nature,
        read.kind,
        str(read.line),
        "; ".join(read.notes),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _baseline(read: Read) -> str:
    """Base year and its value, as ``2015=27``."""
    value = "" if read.baseline is None else plain(read.baseline)
    return f"{read.baseline_year}={value}" if value else str(read.baseline_year or "")


def plain(value: float) -> str:
    """A number without exponent and without a needless point.

    Examples:
        >>> plain(10159.0), plain(7.39)
        ('10159', '7.39')
    """
    return str(int(value)) if float(value).is_integer() else str(value)


def write(path: Path, commitments: Sequence[Read]) -> None:
    """Write commitments as CSV with a byte order mark, so that spreadsheets show the Chinese right."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows(commitments))


def load(path: Path) -> list[Row]:
    """Read annotated commitments, or ones that `write` wrote.

    Raises:
        BilanError: there is no such file, or a column is missing.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in NEEDED if column not in (reader.fieldnames or ())]
            if missing:
                raise BilanError(Problem("plan.no_column", {"name": path.name, "value": missing[0]}))
            return [{column: row.get(column) or "" for column in COLUMNS} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BilanError(Problem("plan.no_text_file", {"name": path.name})) from error


def ranges(text: str) -> list[tuple[int, int]]:
    """Ranges of lines such as ``1-50,600-698``.

    Raises:
        BilanError: it is written otherwise.

    Examples:
        >>> ranges("1-50,600-698")
        [(1, 50), (600, 698)]
    """
    found: list[tuple[int, int]] = []
    for part in filter(None, text.replace("，", ",").split(",")):
        first, _, last = part.strip().partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            raise BilanError(Problem("plan.bad_lines", {"value": part}))
        found.append((int(first), int(last or first)))
    return found


def within(listed: Iterable[Row], lines: Sequence[tuple[int, int]]) -> list[Row]:
    """Rows whose line lies in one of the ranges; all when there are none."""
    return [row for row in listed if not lines or any(first <= line_of(row) <= last for first, last in lines)]


def line_of(row: Row) -> int:
    """Line a row stands on, 0 when it does not say."""
    try:
        return int(float(row["line"]))
    except ValueError:
        return 0
