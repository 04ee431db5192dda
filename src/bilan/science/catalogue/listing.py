"""What tables there are, and which editions of a standard each holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.science.tables import Row, table

CATALOGUE = "catalogue"
EDITION = ("standard", "version", "phase")
"""Columns that say which edition of a standard a row belongs to."""


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table of the standards.

    Attributes:
        medium: what it is about; `kind`: limits, rules, grades, codes …
        keys: columns that say of what a row is, which two editions are joined by.
        values: columns that hold what the standard sets.
    """

    name: str
    medium: str
    kind: str
    title_zh: str
    title_en: str
    keys: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a standard within a table, with the dates between which it is in force; None where the table gives none."""

    standard: str
    version: str
    phase: str
    begins: date | None
    ends: date | None
    rows: int

    @property
    def name(self) -> str:
        """Key of the edition: standard, version and phase joined by ``/``."""
        return "/".join(part for part in (self.standard, self.version, self.phase) if part)


@cache
def tables() -> tuple[TableInfo, ...]:
    """Every table, by medium.

    Examples:
        >>> next(entry.title_en for entry in tables() if entry.name == "air_limits")
        'Limits of ambient air'
    """
    return tuple(
        TableInfo(row["table"], row["medium"], row["kind"], row["title_zh"], row["title_en"], _list(row["keys"]), _list(row["values"]))
        for row in table(CATALOGUE)
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def info(name: str) -> TableInfo:
    """One table.

    Raises:
        BilanError: no such table; the nearest name is told.

    Examples:
        >>> info("air_iaqi").title_en
        'Breakpoints of the individual index'
    """
    known = {entry.name: entry for entry in tables()}
    if name not in known:
        raise BilanError(Problem("science.no_table", {"value": name, "nearest": nearest(name, known)}))
    return known[name]


def rows(name: str, edition: str = "") -> pl.DataFrame:
    """Rows of a table as text, of one edition when it is named.

    Raises:
        BilanError: no such table or edition.

    Examples:
        >>> rows("air_limits", "GB 3095/2026/transition").filter(pollutant="PM2.5", averaging_period="annual")["class_2"].item()
        '30'
    """
    info(name)
    found = table(name)
    if edition:
        known = {entry.name for entry in editions(name)}
        if edition not in known:
            raise BilanError(
                Problem("science.no_edition", {"value": edition, "allowed": sorted(known), "nearest": nearest(edition, known)})
            )
        found = tuple(row for row in found if _edition(row) == edition)
    columns = list(found[0]) if found else []
    return pl.DataFrame([[row[column] for column in columns] for row in found], schema=dict.fromkeys(columns, pl.String), orient="row")


def editions(name: str) -> list[Edition]:
    """Editions that a table holds, oldest first.

    Examples:
        >>> [entry.name for entry in editions("air_iaqi")]
        ['HJ 633/2012', 'HJ 633/2026']
    """
    grouped: dict[str, list[Row]] = {}
    for row in table(info(name).name):
        grouped.setdefault(_edition(row), []).append(row)
    found = [_of(members) for key, members in grouped.items() if key]
    return sorted(found, key=lambda entry: (entry.standard, entry.begins or date.min, entry.version, entry.phase))


def _edition(row: Row) -> str:
    return "/".join(row[column] for column in EDITION if row.get(column))


def _of(members: list[Row]) -> Edition:
    first = members[0]
    begins = [row["effective_from"] for row in members if row.get("effective_from")]
    ends = [row.get("effective_to", "") for row in members]
    return Edition(
        standard=first.get("standard", ""),
        version=first.get("version", ""),
        phase=first.get("phase", ""),
        begins=date.fromisoformat(min(begins)) if begins else None,
        ends=date.fromisoformat(max(ends)) if ends and all(ends) else None,
        rows=len(members),
    )
