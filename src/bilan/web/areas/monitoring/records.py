"""Values of a point as rows: a table of any period, the doubtful ones alone, and what reviewers decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bilan.pack import vocab
from bilan.people.roles import Action
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.store import INVALIDATED, AmendmentKind
from bilan.web.areas.monitoring import choices
from bilan.web.areas.monitoring.marks import doubts
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.registry import Request

LEVELS = ("reviewed", "raw")
MOST_ROWS = 9_000
"""Times that one table may hold; a year of hours fits."""
FIRST_COLUMNS = 12
"""Columns that are shown until the reader chooses."""
DEFAULT = 3 * clock.DAY
DOUBT = 30 * clock.DAY
MOST_DOUBTFUL = 2_000
COUNTED = frozenset({"hour", "day"})
"""Intervals whose values come at set times, so that missing ones can be counted."""
_STEP = {"instant": 60, "minute": 600, "hour": clock.HOUR, "day": clock.DAY, "sample": clock.DAY}


def values_table(request: Request, point: Point) -> tuple[Table, choices.Chosen, str]:
    """A row a time and a column a parameter, with what was chosen and the level it is read at.

    Raises:
        BilanError: the period is too long for the interval.
    """
    chosen = choices.chosen(request, point, length=DEFAULT)
    level = request.GET.get("level", LEVELS[0])
    level = level if level in LEVELS else LEVELS[0]
    likely = (chosen.end - chosen.begin) // _STEP[chosen.interval]
    if likely > MOST_ROWS:
        raise BilanError(Problem("web.period_too_long", {"value": likely, "allowed": MOST_ROWS}))
    numbers_of = {row["id"]: row["parameter"] for row in chosen.series}
    frame = request.monitoring.scan(list(numbers_of), chosen.begin, chosen.end, chosen.interval, level=level)
    rows: dict[int, dict[str, Any]] = {}
    for series, start, seconds, value, flag, quality in frame.iter_rows():
        row = rows.setdefault(start, {"start": start, "seconds": seconds})
        code = numbers_of[series]
        row |= {code: value, f"{code}.flag": flag, f"{code}.quality": quality}
    table = Table(
        id="values",
        caption=_("Data"),
        columns=[
            Column("start", _("Begin of the span"), kind="time", render=_begin),
            *(_column(request, point, row, shown=at < FIRST_COLUMNS) for at, row in enumerate(chosen.series)),
        ],
        rows=list(rows.values()),
        query=request.GET,
        sort="-start",
        size=48,
        empty=_("No values in this period."),
    )
    return table, chosen, level


def _begin(row: Mapping[str, Any]) -> str:
    return numbers.wall(row["start"], "iso")


def _column(request: Request, point: Point, series: Mapping[str, Any], *, shown: bool) -> Column:
    code = series["parameter"]
    places = choices.decimals(point.network, vocab.parameters().get(code))
    operator = request.monitoring.can(Action.OPERATE)

    def render(row: Mapping[str, Any]) -> str:
        return _cell(point, series, row, code, places, proof=operator)

    return Column(code, choices.label(code), kind="number", unit=series["unit"], decimals=places, render=render, shown=shown)


def _cell(point: Point, series: Mapping[str, Any], row: Mapping[str, Any], code: str, places: int | None, *, proof: bool) -> str:
    """A value with a sign when something is to be said against it; for operators a way to the frame it came in."""
    if f"{code}.flag" not in row:
        return numbers.NOTHING
    text = numbers.digits(row[code], places)
    said = "; ".join(doubts(point.network, row[f"{code}.flag"], row[f"{code}.quality"]))
    if said:
        shape = "✕" if row[f"{code}.flag"] == INVALIDATED else "▲"
        text = format_html(
            '{} <span class="doubt" title="{}"><span aria-hidden="true">{}</span><span class="hidden">{}</span></span>',
            text,
            said,
            shape,
            said,
        )
    if not proof:
        return text
    title = _("Proof of %(name)s, %(time)s") % {"name": choices.label(code), "time": numbers.wall(row["start"])}
    return format_html('<a class="plain" href="{}" data-drawer="{}">{}</a>', proof_address(point, series["id"], row["start"]), title, text)


def proof_address(point: Point, series: int, start: int) -> str:
    """Address of the frame that brought a value."""
    return f"{reverse('point-proof', args=[point.code])}?{urlencode({'series': series, 'start': start})}"


def doubtful(request: Request, point: Point) -> tuple[pl.DataFrame, choices.Chosen]:
    """Values of the chosen period that carry a mark or a doubt, newest first, at most `MOST_DOUBTFUL`."""
    chosen = choices.chosen(request, point, length=DOUBT)
    likely = (chosen.end - chosen.begin) // _STEP[chosen.interval] * len(chosen.series)
    begin = chosen.begin if likely <= 1_000_000 else chosen.end - DOUBT
    frame = request.monitoring.scan([row["id"] for row in chosen.series], begin, chosen.end, chosen.interval)
    found = frame.filter((pl.col("flag") != "N") | (pl.col("quality") != 0)).sort("start", descending=True).head(MOST_DOUBTFUL)
    return found, chosen


def doubtful_rows(point: Point, found: pl.DataFrame, chosen: choices.Chosen) -> list[dict[str, Any]]:
    """Doubtful values with their parameter and what is to be said, in words."""
    series = {row["id"]: row for row in chosen.series}
    return [
        {
            **row,
            "parameter": series[row["series"]]["parameter"],
            "label": choices.label(series[row["series"]]["parameter"]),
            "unit": series[row["series"]]["unit"],
            "said": "; ".join(doubts(point.network, row["flag"], row["quality"])),
        }
        for row in found.to_dicts()
    ]


def doubtful_table(request: Request, point: Point) -> Table:
    """Marks and doubts of the last month, or of the period asked for."""
    rows = doubtful_rows(point, *doubtful(request, point))
    labels = sorted({(row["parameter"], row["label"]) for row in rows}, key=lambda pair: pair[1])
    return Table(
        id="doubtful",
        prefix="d-",
        caption=_("Marks and doubts"),
        columns=[
            Column("start", _("Begin of the span"), kind="time", render=_begin),
            Column("label", _("Parameter")),
            Column("value", _("Value"), kind="number", render=_value(point)),
            Column("unit", _("Unit"), shown=False),
            Column("said", _("What is doubtful")),
            Column("flag", _("Mark"), wide=True),
        ],
        rows=rows,
        query=request.GET,
        search=("label", "said"),
        filters=[Filter("parameter", _("All parameters"), labels)],
        sort="-start",
        size=20,
        empty=_("Nothing is marked or doubted in this period."),
    )


def _value(point: Point) -> Callable[[Mapping[str, Any]], str]:
    def render(row: Mapping[str, Any]) -> str:
        text = numbers.digits(row["value"], choices.decimals(point.network, vocab.parameters().get(row["parameter"])))
        return format_html('{} <span class="unit">{}</span>', text, numbers.unit(row["unit"]))

    return render


def amendments_table(request: Request, point: Point) -> Table:
    """What was decided about the point's values, newest first."""
    series = {row["id"]: row for row in request.monitoring.series([point.code]).to_dicts()}
    kinds = {
        AmendmentKind.INVALIDATE: _("declared invalid"),
        AmendmentKind.RESTORE: _("restored"),
        AmendmentKind.REPLACE: _("replaced"),
        AmendmentKind.FLAG: _("marked"),
        AmendmentKind.REVIEW: _("looked at"),
        AmendmentKind.FINAL: _("closed"),
    }
    rows = [
        {
            "made": entry.made,
            "what": str(kinds.get(AmendmentKind(entry.kind), entry.kind)),
            "label": choices.label(series[entry.series]["parameter"]),
            "begin": entry.begin,
            "end": entry.end,
            "who": entry.who,
            "why": entry.why,
            "rule": entry.rule,
        }
        for entry in request.monitoring.amendments(list(series))
    ]
    return Table(
        id="amendments",
        prefix="a-",
        caption=_("Amendments"),
        columns=[
            Column("made", _("Decided"), kind="time"),
            Column("what", _("Decision")),
            Column("label", _("Parameter")),
            Column("begin", _("Begin"), kind="time"),
            Column("end", _("End"), kind="time"),
            Column("who", _("Person")),
            Column("why", _("Reason")),
            Column("rule", _("Rule"), shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("label", "who", "why"),
        sort="-made",
        size=20,
        empty=_("Nobody has amended a value of this point."),
    )
