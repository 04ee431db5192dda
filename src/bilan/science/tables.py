"""The tables of the standards: CSV rows with version, clause, validity dates and confidence."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib import resources

Row = Mapping[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    """Rows of one table below ``science/standards/tables``, read once.

    Parameters:
        name: file name without ``.csv``.

    Examples:
        >>> table("air_aqi_categories")[0]["category_zh"]
        '优'
    """
    text = resources.files("bilan.science.standards").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def rows_where(name: str, **wanted: str) -> tuple[Row, ...]:
    """Rows of a table whose columns equal the wanted texts.

    Examples:
        >>> [row["bp_hi"] for row in rows_where("air_iaqi", version="2026", pollutant="PM2.5", averaging_period="24h")][:3]
        ['35', '60', '115']
    """
    return tuple(row for row in table(name) if all(row[column] == value for column, value in wanted.items()))


def in_force(rows: Iterable[Row], day: date) -> tuple[Row, ...]:
    """Rows whose validity dates hold on a day; an empty end date holds on.

    Examples:
        >>> {row["version"] for row in in_force(table("air_iaqi"), date(2026, 2, 28))}
        {'2012'}
    """
    text = day.isoformat()
    return tuple(row for row in rows if row["effective_from"] <= text and (not row["effective_to"] or text <= row["effective_to"]))


def starts(rows: Iterable[Row], column: str = "version") -> dict[str, date]:
    """First day of each version named in `column`, oldest first.

    Examples:
        >>> starts(table("air_iaqi"))
        {'2012': datetime.date(2016, 1, 1), '2026': datetime.date(2026, 3, 1)}
    """
    first: dict[str, str] = {}
    for row in rows:
        version, begin = row[column], row["effective_from"]
        if begin and (version not in first or begin < first[version]):
            first[version] = begin
    return {version: date.fromisoformat(begin) for version, begin in sorted(first.items(), key=lambda item: item[1])}
