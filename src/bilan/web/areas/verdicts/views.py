"""The page, and the drawer, that says why a verdict is what it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from bilan.evaluation.air import CITY_KIND
from bilan.evaluation.methods import KINDS
from bilan.people.visibility import NotVisible
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.verdicts import listing, reasons
from bilan.web.areas.verdicts.words import METHODS, standard_of, tables_of
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

NEAR = 60 * clock.DAY
"""How far before and after a verdict its neighbours are looked for [s]."""


@page("verdicts", name="verdicts", section="ranking")
def verdicts(request: Request) -> HttpResponse:
    """The newest verdict of every point."""
    shown = listing.rows(request)
    return show(request, "verdicts/list.html", table=listing.table(request, shown), shares=listing.shares(shown))


@page("verdicts/<str:method>/<str:code>", name="why", section="monitoring")
def why(request: Request, method: str, code: str) -> HttpResponse:
    """Why a point or an area has the level it has; ``at`` in the address names the begin of the span, else it is the latest."""
    name, is_area = _subject(request, code)
    if method not in METHODS:
        raise NotVisible(method)
    verdict = _verdict(request, method, code)
    template = "verdicts/why_part.html" if request.GET.get("part") else "verdicts/why.html"
    values: dict[str, Any] = {"code": code, "name": name, "method": method, "method_title": METHODS[method], "is_area": is_area}
    if verdict is not None:
        values |= {
            "verdict": verdict,
            "kind": KINDS[method],
            "standard": standard_of(verdict),
            "tables": tables_of(verdict),
            "reasons": reasons.reasons(verdict),
            "when": _when(verdict),
            "members": _members(request, verdict) if is_area else [],
            "chart": "" if is_area else _chart(verdict),
            "over": reverse("point-over", args=[code]) if method.startswith("emission") else "",
            **_neighbours(request, verdict),
        }
    return show(request, template, **values)


def address(method: str, code: str, start: int) -> str:
    """Address that explains the verdict of a span that holds `start` [s of the wall clock]."""
    return f"{reverse('why', args=[method, code])}?{urlencode({'at': clock.moment(start).isoformat(timespec='minutes')})}"


def _subject(request: Request, code: str) -> tuple[str, bool]:
    """Name of a point or an area, and which of the two it is.

    Raises:
        NotVisible: it is neither, or the reader may not see it.
    """
    known = {district.adcode for district in site.districts()} | {site.city().adcode}
    if code not in known:
        return numbers.named(request.monitoring.point(code)), False
    if not (request.monitoring.scope.whole_city or request.monitoring.scope.allows_district(code)):
        raise NotVisible(code)
    return numbers.named(site.city()) if code == site.city().adcode else site.district_name(code, numbers.language()), True


def _verdict(request: Request, method: str, code: str) -> dict[str, Any] | None:
    """The verdict whose span holds the moment asked for, else the latest."""
    at = reasons.at_of(request.GET.get("at", ""))
    if at is None:
        found = request.monitoring.latest_verdicts(method, [code])
        return found.row(0, named=True) if found.height else None
    longest = {"day": clock.DAY, "month": 31 * clock.DAY}.get(method.rpartition(".")[2], clock.HOUR)
    rows = request.monitoring.verdicts(method, [code], at - longest + 1, at + 1).to_dicts()
    return next((row for row in reversed(rows) if row["start"] <= at < row["start"] + row["seconds"]), None)


def _neighbours(request: Request, verdict: dict[str, Any]) -> dict[str, str]:
    """Addresses of the verdicts before and after one."""
    method, code, start = verdict["method"], verdict["point"], verdict["start"]
    if not method.startswith(("air", "water")):
        reach = 6 * NEAR if method.endswith("sample") else NEAR
        starts = request.monitoring.verdicts(method, [code], start - reach, start + reach)["start"].to_list()
        before = max((at for at in starts if at < start), default=None)
        after = min((at for at in starts if at > start), default=None)
        return {name: "" if at is None else address(method, code, at) for name, at in (("before", before), ("after", after))}
    before = "" if method == "water.month" else address(method, code, start - 1)
    return {"before": before, "after": address(method, code, start + verdict["seconds"])}


def _when(verdict: dict[str, Any]) -> str:
    span = verdict["method"].rpartition(".")[2]
    if span == "sample":
        return numbers.wall(verdict["start"], "full")
    if span != "hour":
        return numbers.wall(verdict["start"], span)
    return f"{numbers.wall(verdict['start'], 'full')}–{clock.moment(verdict['start'] + verdict['seconds']):%H:%M}"


def _members(request: Request, verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """Stations that an area's verdict was averaged over, with their own verdicts of the same span."""
    district = "" if verdict["point"] == site.city().adcode else verdict["point"]
    points = {
        point.code: point
        for point in request.monitoring.points("air", district)
        if point.attributes.get("kind") == CITY_KIND and point.district
    }
    rows = request.monitoring.verdicts(verdict["method"], points, verdict["start"], verdict["start"] + 1).to_dicts()
    members = [
        {**row, "name": numbers.named(points[row["point"]]), "href": address(row["method"], row["point"], row["start"])} for row in rows
    ]
    return sorted(members, key=lambda row: -(row["value"] or 0))


def _chart(verdict: dict[str, Any]) -> str:
    """Address of the point's chart around the judged span."""
    margin = max(clock.DAY, verdict["seconds"])
    period = {"begin": verdict["start"] - margin, "end": verdict["start"] + verdict["seconds"] + margin}
    query = {name: clock.moment(stamp).isoformat(timespec="minutes") for name, stamp in period.items()}
    return f"{reverse('point', args=[verdict['point']])}?{urlencode(query)}"
