"""Tables of the benchmark of fraud patterns: measuring episodes against the truth, and writing pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import polars as pl

EARLY, LATE = timedelta(days=1), timedelta(days=14)
"""An alert belongs to a fraud when they overlap, or when it comes within a fortnight of the fraud's end: windows look back."""
MEMORY = {"drift": timedelta(days=104)}
"""Patterns that look back further, and how far."""


@dataclass(frozen=True)
class Table:
    """One table of the page; without a frame the note says why."""

    name: str
    title: str
    frame: pl.DataFrame | None = None
    note: str = ""


def matched(alerts: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Every pair of an alert and a planted event of the same point that overlap.

    Parameters:
        alerts: columns point, pattern, found, last.
        truth: columns event, point, kind, begin, end (naive times).
    """
    pairs = alerts.with_row_index("alert").join(truth, on="point")
    late = pl.col("pattern").replace_strict(MEMORY, default=LATE, return_dtype=pl.Duration("us"))
    return pairs.filter((pl.col("last") >= pl.col("begin") - EARLY) & (pl.col("found") <= pl.col("end") + late))


def markdown(frame: pl.DataFrame) -> str:
    """A frame as a table of a page."""
    rule = "|".join("---" if dtype == pl.String else "---:" for dtype in frame.dtypes)
    lines = ["| " + " | ".join(frame.columns) + " |", f"|{rule}|"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.iter_rows()]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"
    return str(value)


def put(page: Path, tables: list[Table]) -> None:
    """Replace the tables of a page, each between its two marks."""
    text = page.read_text(encoding="utf-8")
    for table in tables:
        if table.frame is None:
            continue
        marks = re.compile(rf"(<!-- {table.name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = marks.sub(lambda found, table=table: f"{found[1]}{markdown(table.frame)}\n{found[2]}", text)
    page.write_text(text, encoding="utf-8")
