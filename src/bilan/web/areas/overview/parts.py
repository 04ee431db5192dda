"""The parts of the overview that are more than text: calendar, districts, water classes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.web import site
from bilan.web.areas.overview.sparkline import sparkline
from bilan.web.components import numbers
from bilan.web.components.levels import level
from bilan.web.components.pollutants import primary, symbol
from bilan.web.components.table import Column, Table
from bilan.web.registry import Request

Digest = Mapping[str, Any]

MARKED = 3
"""From this level on a day of the calendar carries its number."""

CHANGE_OF_STANDARD = date(2026, 3, 1)
"""First day of GB 3095-2026 and HJ 633-2026."""


def calendar(air: Digest, today: date, scope: str) -> dict[str, Any]:
    """Every day of the year with its official level, and the months above them.

    Parameters:
        air: the digest's ``air``.
        today: a day of the year to show.
        scope: what the ranking that a day leads to shows.
    """
    known = {date.fromisoformat(row[0]): row for row in air["calendar"]}
    first = date(today.year, 1, 1)
    days = [first + timedelta(days=at) for at in range((date(today.year + 1, 1, 1) - first).days)]
    shift = first.weekday()
    return {
        "days": [_day(day, known.get(day), (day - first).days + shift, scope) for day in days],
        "months": [{"column": _column(date(today.year, month, 1), first, shift), "text": _month(month)} for month in range(1, 13)],
        "columns": _column(days[-1], first, shift),
        "table": [(day, row[1], row[2], primary(row[3])) for day, row in sorted(known.items())],
    }


def _column(day: date, first: date, shift: int) -> int:
    return ((day - first).days + shift) // 7 + 1


def _month(number: int) -> str:
    return f"{date(2000, number, 1):%b}" if numbers.language() == "en" else f"{number}月"


def _day(day: date, row: list[Any] | None, place: int, scope: str) -> dict[str, Any]:
    reached = level("aqi", row[2]) if row else None
    shown = {"date": day, "column": place // 7 + 1, "row": place % 7 + 2}
    if row is None or reached is None:
        return {**shown, "text": _("no index"), "fill": "", "href": "", "mark": "", "starts": day == CHANGE_OF_STANDARD}
    text = f"AQI {numbers.digits(row[1], 0)} {reached.label(numbers.language())} {primary(row[3])}".strip()
    return {
        **shown,
        "text": text,
        "fill": reached.fill,
        "ink": reached.on_fill,
        "mark": str(reached.grade) if reached.grade >= MARKED else "",
        "href": f"{reverse('ranking')}?{urlencode({'of': scope, 'period': 'day', 'at': day.isoformat()})}",
    }


def primaries(air: Digest) -> str:
    """How many days each pollutant was the primary one, in words."""
    counts = air["year"].get("primaries", {})
    between = ", " if numbers.language() == "en" else "、"
    return between.join(_("%(pollutant)s %(n)s days") % {"pollutant": symbol(name), "n": count} for name, count in counts.items())


def districts_table(request: Request, rows: list[Digest]) -> Table:
    """This month of every district."""
    shown = [
        {
            "district": row["district"],
            "name": site.district_name(row["district"], numbers.language()),
            "grade": row["now"]["grade"] if row["now"] else None,
            "composite": row["month"].get("composite"),
            "ratio": row["month"]["ratio"] / 100 if row["month"].get("ratio") is not None else None,
            "met": row["met"] / row["targeted"] if row["targeted"] else None,
            "sections": f"{row['met']} / {row['targeted']}" if row["targeted"] else numbers.NOTHING,
            "online": row["online"] / 100 if row["online"] is not None else None,
            "trend": ", ".join(numbers.digits(value, 2) for value in row["trend"]),
            "values": row["trend"],
        }
        for row in rows
    ]
    return Table(
        id="districts",
        caption=_("Districts this month"),
        columns=[
            Column("name", _("District"), href=lambda row: f"?district={row['district']}"),
            Column("grade", _("Air now"), kind="aqi", live=lambda row: f"{row['district']}/air.hour"),
            Column("composite", _("Composite index"), kind="number", decimals=2),
            Column("ratio", _("Good-days ratio"), kind="share"),
            Column("met", _("Sections on target"), kind="share", render=lambda row: row["sections"]),
            Column("online", _("Online"), kind="share"),
            Column("trend", _("Twelve months"), wide=True, render=lambda row: sparkline(row["values"], f"{row['name']}: {row['trend']}")),
        ],
        rows=shown,
        query=request.GET,
        sort="composite",
    )


def classes(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Each class that occurs, best first, with its share of the bar."""
    total = sum(counts.values())
    found = ((level("water", grade), count) for grade, count in sorted(counts.items(), key=lambda entry: int(entry[0])))
    return [
        {"fill": entry.fill, "label": entry.label(numbers.language()), "count": count, "share": 100 * count / total}
        for entry, count in found
        if entry is not None
    ]


def changed(rows: list[Digest]) -> list[dict[str, Any]]:
    """Sections whose class differs from yesterday's, those that got worse first."""
    return [
        {**row, "worse": row["grade"] > row["before"]}
        for row in sorted(rows, key=lambda row: (row["grade"] <= row["before"], -row["grade"]))
    ]
