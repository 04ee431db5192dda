"""Days and months of a point as its verdicts tell them: a calendar and a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bilan.evaluation.methods import KINDS, current
from bilan.pack import vocab
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.areas.verdicts.views import address
from bilan.web.areas.verdicts.words import form_of, standard_of
from bilan.web.components import levels, numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.registry import Request

CALENDARS = {"air": ("air.day",), "surface_water": ("water.month",)}
"""Network → methods whose verdicts make its calendar; of another network those that say how its points stand."""


@dataclass(frozen=True, slots=True)
class Year:
    """Verdicts of one year by one method.

    Attributes:
        days: for the calendar of days; empty for months.
        months: for the calendar of months; empty for days.
        counts: level → how often, as (label, fill, number).
    """

    year: int
    method: str
    kind: str
    rows: list[dict[str, Any]]
    days: list[dict[str, Any]]
    months: list[dict[str, Any]]
    counts: list[tuple[str, str, int]]


def year_of(request: Request, point: Point, year: int) -> Year | None:
    """Verdicts of a point in a year; None when nobody has judged it yet."""
    method = _method(request, point)
    if not method:
        return None
    kind = KINDS[method]
    begin, end = clock.seconds(datetime(year, 1, 1)), clock.seconds(datetime(year + 1, 1, 1))
    rows = [_described(row, kind) for row in request.monitoring.verdicts(method, [point.code], begin, end).to_dicts()]
    today = clock.moment(clock.now(site.city().timezone)).date()
    monthly = not method.endswith("day")
    return Year(
        year,
        method,
        kind,
        rows,
        [] if monthly else _days(rows, kind, year, today),
        _months(rows, year, today) if monthly else [],
        _counts(rows, kind),
    )


def _method(request: Request, point: Point) -> str:
    """The method whose verdicts make the calendar of a point: of several the one that judged it last."""
    methods = CALENDARS.get(point.network) or [method.name for method in current(point.network)]
    if len(methods) == 1:
        return methods[0]
    newest = request.monitoring.latest_verdicts(methods, [point.code]).sort("start").to_dicts()
    return str(newest[-1]["method"]) if newest else ""


def years(request: Request, point: Point, first: str | None) -> list[int]:
    """Years that the point can have verdicts of, newest first; `first` is ISO text of its first value."""
    this = clock.moment(clock.now(site.city().timezone)).year
    return list(range(this, (int(first[:4]) if first else this) - 1, -1))


def table(request: Request, point: Point, year: Year) -> Table:
    """The verdicts of a year as rows, each with its why."""
    grades = [(str(level.grade), level.label(numbers.language())) for level in levels.levels().values() if level.kind == year.kind]
    columns = [
        Column(
            "start",
            _("Time") if year.method.endswith("sample") else _("Month") if year.months else _("Day"),
            render=_span,
            href=lambda row: row["href"],
        ),
        Column("grade", _("Level"), kind=year.kind),
        *([Column("value", "AQI", kind="number", decimals=0)] if year.kind == "aqi" else []),
        Column("main_names", _main_title(year.kind)),
        Column("version", _("Standard"), wide=True),
        Column("validity", _("Validity"), wide=True),
    ]
    return Table(
        id=f"verdicts-{point.code}-{year.year}",
        caption=_("Verdicts"),
        columns=columns,
        rows=year.rows,
        query=request.GET,
        search=("main_names",),
        filters=[Filter("grade", _("All levels"), grades)],
        sort="-start",
        size=31,
        empty=_("Nothing was judged in this year."),
    )


def _main_title(kind: str) -> str:
    return {"aqi": _("Primary pollutant"), "limits": _("Over the limit")}.get(kind) or _("Main pollution items")


def main_names(main: str) -> str:
    """Main pollutants of a verdict as a reader knows them."""
    known = (vocab.parameters().get(name) for name in main.split(",") if name)
    names = [numbers.labelled(entry) if entry else name for name, entry in zip(filter(None, main.split(",")), known, strict=True)]
    return (", " if numbers.language() == "en" else "、").join(names)


def _span(row: Mapping[str, Any]) -> str:
    return numbers.wall(row["start"], "full" if row["method"].endswith("sample") else form_of(row["method"]))


def _described(row: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        **row,
        "version": standard_of(row),
        "kind": kind,
        "main_names": main_names(row["main"]),
        "validity": _("valid") if row["valid"] else _("not valid"),
        "href": address(row["method"], row["point"], row["start"]),
    }


def _days(rows: Sequence[Mapping[str, Any]], kind: str, year: int, today: date) -> list[dict[str, Any]]:
    known = {clock.moment(row["start"]).date(): row for row in rows}
    last = min(date(year, 12, 31), today)
    days = []
    for at in range((last - date(year, 1, 1)).days + 1):
        day = date(year, 1, 1) + timedelta(days=at)
        row = known.get(day)
        text = _("not judged") if row is None else _said(row, kind)
        days.append({"date": day, "grade": row["grade"] if row else None, "text": text})
    return days


def _said(row: Mapping[str, Any], kind: str) -> str:
    reached = levels.level(kind, row["grade"])
    named = f"AQI {numbers.digits(row['value'], 0)}" if kind == "aqi" else reached.label(numbers.language()) if reached else ""
    return " ".join(filter(None, (named, row["main_names"])))


def _months(rows: Sequence[Mapping[str, Any]], year: int, today: date) -> list[dict[str, Any]]:
    known = {clock.moment(row["start"]).month: row for row in rows}
    last = 12 if year < today.year else today.month
    return [{"month": date(year, month, 1), "row": known.get(month), "future": month > last} for month in range(1, 13)]


def _counts(rows: Sequence[Mapping[str, Any]], kind: str) -> list[tuple[str, str, int]]:
    counted = Counter(row["grade"] for row in rows if row["grade"] is not None)
    known = [(levels.level(kind, grade), number) for grade, number in sorted(counted.items())]
    return [(level.label(numbers.language()), level.fill, number) for level, number in known if level]
