"""Hours of an outlet over a limit: what was measured, what it was compared with, how the values came about, whose limit it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.evaluation.classes import OVER
from bilan.evaluation.emission import BLIND, CONVERTED, STANDARD
from bilan.evaluation.rules.limits import OUTLET, PERMIT, POINT
from bilan.pack import vocab
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web.areas.monitoring import choices
from bilan.web.areas.monitoring.marks import doubts
from bilan.web.areas.verdicts.outlets import origin
from bilan.web.areas.verdicts.views import address
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.registry import Request

NETWORKS = frozenset({"source_gas", "source_water"})
"""Networks whose points are outlets."""
LENGTH, LONGEST = 30 * clock.DAY, 366 * clock.DAY
"""Period that is shown when the address names none, and the longest [s]."""
REGISTERS = {PERMIT: "discharge-permit", OUTLET: "outlet"}
"""Source of a limit → register in which it stands."""
_STATISTICS = ("mean", CONVERTED)


@dataclass(frozen=True, slots=True)
class Exceeding:
    """Hours over a limit in a period.

    Attributes:
        begin, end: the period [s of the wall clock].
        hours, days: how many hours and days have an item over its limit.
        blind: hours that count and were not judged, for too much or for no measured oxygen.
    """

    table: Table
    begin: int
    end: int
    hours: int
    days: int
    blind: tuple[int, int]


def exceeding(request: Request, point: Point) -> Exceeding:
    """Hours of an outlet over a limit in the period that the address asks for.

    Raises:
        BilanError: the period is no period, or too long.
    """
    begin, end = choices.period(request.GET.get("begin"), request.GET.get("end"), LENGTH)
    if end - begin > LONGEST:
        raise BilanError(Problem("web.period_too_long", {"value": (end - begin) // clock.HOUR, "allowed": LONGEST // clock.HOUR}))
    found = request.monitoring.verdicts("emission.hour", [point.code], begin, end).filter(pl.col("grade") == OVER)
    rows = list(_rows(request, point, found, begin, end))
    days = request.monitoring.verdicts("emission.day", [point.code], begin - begin % clock.DAY, end)["detail"].to_list()
    told = [json.loads(text) for text in days if text]
    high, missing = (sum(int(detail.get(name) or 0) for detail in told) for name in BLIND)
    starts = {row["start"] for row in rows}
    return Exceeding(_table(request, point, rows), begin, end, len(starts), len({start // clock.DAY for start in starts}), (high, missing))


def _rows(request: Request, point: Point, found: pl.DataFrame, begin: int, end: int) -> Iterator[dict[str, Any]]:
    """One row an hour and item over its limit."""
    values = _values(request, point, begin, end) if found.height else {}
    replaced = _replaced(request, point, begin, end) if found.height else set()
    for start, text in found.select("start", "detail").iter_rows():
        detail = json.loads(text or "{}")
        for item in [name.removeprefix("class_") for name, grade in detail.items() if name.startswith("class_") and grade == OVER]:
            parameter = vocab.by_column(item)
            referred = "reference_o2" in detail or "source" in detail
            device = "o2" not in detail and "reference_o2" not in detail and "reference_o2" in point.attributes
            key = (parameter.code, CONVERTED if device else "mean", start)
            flag, quality = values.get(key, ("", 0))
            by = detail.get(f"by_{item}", "")
            yield {
                "start": start,
                "item": item,
                "label": numbers.labelled(parameter),
                "value": None if device else detail.get(item),
                "o2": detail.get("o2"),
                "converted": detail.get(item) if device else detail.get(f"converted_{item}") if referred else None,
                "limit": detail.get(f"limit_{item}"),
                "factor": detail.get(f"factor_{item}"),
                "unit": numbers.unit(parameter.emission_unit),
                "state": "device" if device else "replaced" if key in replaced else "measured",
                "flag": flag,
                "said": "; ".join(doubts(point.network, flag, quality)) if flag else "",
                "source": by.partition("|")[0] or POINT,
                "by": by,
                "by_text": origin(by),
                "href": address("emission.hour", point.code, start),
            }


def _hourly(request: Request, point: Point) -> dict[int, tuple[str, str]]:
    """Series of hours that verdicts are made from → parameter and statistic."""
    series = request.monitoring.series([point.code], None, "hour").filter(pl.col("statistic").is_in(_STATISTICS), pl.col("occurrence") == 1)
    return {number: (parameter, statistic) for number, parameter, statistic in series.select("id", "parameter", "statistic").iter_rows()}


def _values(request: Request, point: Point, begin: int, end: int) -> dict[tuple[str, str, int], tuple[str, int]]:
    """Mark and doubts of every hour."""
    known = _hourly(request, point)
    frame = request.monitoring.scan(list(known), begin, end, "hour").select("series", "start", "flag", "quality")
    return {(*known[series], start): (flag, quality) for series, start, flag, quality in frame.iter_rows()}


def _replaced(request: Request, point: Point, begin: int, end: int) -> set[tuple[str, str, int]]:
    """Hours whose value is not what was received: reviewers put another in its place."""
    known = _hourly(request, point)
    touched = sorted({entry.series for entry in request.monitoring.amendments(list(known), begin, end)})
    if not touched:
        return set()
    scanned = (request.monitoring.scan(touched, begin, end, "hour", level=level) for level in ("raw", "reviewed"))
    raw, reviewed = (frame.select("series", "start", "value") for frame in scanned)
    differing = reviewed.join(raw, on=["series", "start", "value"], how="anti", nulls_equal=True)
    return {(*known[series], start) for series, start in differing.select("series", "start").iter_rows()}


def _table(request: Request, point: Point, rows: list[dict[str, Any]]) -> Table:
    states, sources = _states(), _sources()
    for row in rows:
        row |= {"state_name": states[row["state"]], "said": row["said"] or _("counts")}
    labels = sorted({(row["item"], row["label"]) for row in rows}, key=lambda pair: pair[1])
    gas = point.network == "source_gas"
    return Table(
        id="hours-over",
        caption=_("Hours over a limit"),
        columns=[
            Column("start", _("Hour"), kind="time", render=lambda row: numbers.wall(row["start"], "full"), href=lambda row: row["href"]),
            Column("label", _("Pollutant")),
            Column("value", _("Measured value"), kind="number"),
            *([Column("o2", _("Oxygen"), kind="number", unit="%", wide=True)] if gas else []),
            *([Column("converted", _("Converted"), kind="number")] if gas else []),
            Column("limit", _("Limit"), kind="number"),
            Column("factor", _("Times over"), kind="number", decimals=2),
            Column("unit", _("Unit"), wide=True),
            Column("state_name", _("Value"), wide=True),
            Column("said", _("Mark and doubts"), wide=True),
            Column("by_text", _("Limit from"), href=_entries(request, rows)),
            Column("flag", _("Mark"), shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("label", "by_text", "said"),
        filters=[
            Filter("item", _("All pollutants"), labels),
            Filter("state", _("All values"), _present(states, rows, "state")),
            Filter("source", _("All sources"), _present(sources, rows, "source")),
        ],
        sort="-start",
        size=48,
        empty=_("No hour over a limit in this period."),
    )


def _present(titles: Mapping[str, str], rows: list[dict[str, Any]], name: str) -> list[tuple[str, str]]:
    present = {row[name] for row in rows}
    return [(code, text) for code, text in titles.items() if code in present]


def _states() -> dict[str, str]:
    return {"measured": _("as measured"), "replaced": _("replaced by review"), "device": _("converted by the device")}


def _sources() -> dict[str, str]:
    return {PERMIT: _("discharge permit"), OUTLET: _("outlet in the register"), POINT: _("limit of the outlet"), STANDARD: _("standard")}


def _entries(request: Request, rows: list[dict[str, Any]]) -> Callable[[Mapping[str, Any]], str]:
    """Ways to the entries in which limits stand, as far as the reader may see them."""
    found = {by: _entry(request, by) for by in {row["by"] for row in rows}}
    return lambda row: found[row["by"]]


def _entry(request: Request, by: str) -> str:
    source, _bar, rest = by.partition("|")
    register = REGISTERS.get(source)
    if register is None:
        return ""
    try:
        record = request.ledger.entry(register, rest.partition("|")[0])
    except NotVisible:
        return ""
    return reverse("dossier", args=[register, record.code])
