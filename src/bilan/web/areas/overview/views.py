"""The start page and the explanations of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_noop

from bilan.evaluation.summary import key
from bilan.people.visibility import NotVisible
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.overview import alerting, hand, parts, why, words
from bilan.web.areas.overview.cards import cards
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page, section
from bilan.web.remember import Remembered

section("overview", gettext_noop("Overview"), icon="dashboard", page="overview", order=10)


KEPT = 300.0
"""How long the parts are kept [s]; a new evaluation makes new ones at once."""

_kept: Remembered[str] = Remembered(KEPT)


@page("overview", name="overview", section="overview")
def overview(request: Request) -> HttpResponse:
    """How the air and water of the city, or of the chosen district, are now and this year."""
    area = area_of(request)
    digest = request.monitoring.digest(key(area)) if area else None
    if digest is None:
        return show(request, "overview/waiting.html", area=area)
    if request.GET.get("part") and _same(request, digest):
        return HttpResponse(status=204)
    rows = digest.get("districts") or []
    if rows and (file := parts.districts_table(request, rows).respond(request)) is not None:
        return file
    body = _kept.get(_key(request, area, digest), lambda: render_to_string("overview/body.html", _values(request, area, digest), request))
    return HttpResponse(body) if request.GET.get("part") else show(request, "overview/overview.html", body=body)


@page("overview/why/<slug:kind>", name="overview-why", section="overview")
def explanation(request: Request, kind: str) -> HttpResponse:
    """Where one of the numbers comes from."""
    if kind not in why.KINDS:
        raise NotVisible(kind)
    area = area_of(request)
    digest = request.monitoring.digest(key(area)) if area else None
    if digest is None:
        return show(request, "overview/waiting.html", area=area)
    template = "overview/why_part.html" if request.GET.get("part") else "overview/why.html"
    return show(request, template, why=why.KINDS[kind](digest), computed=digest["computed"], place=place_name(area))


def _key(request: Request, area: str, digest: Mapping[str, Any]) -> tuple[Any, ...]:
    """All that the parts depend on: what is shown, to whom, in which language, with which choices in the address."""
    query = request.GET.copy()
    query.pop("since", None)
    query.pop("part", None)
    scope = tuple(sorted(request.monitoring.scope.districts or ()))
    query.pop("alerts", None)
    return area, digest["computed"], alerting.stamp(request), request.user.pk, scope, numbers.language(), query.urlencode()


def _same(request: Request, digest: Mapping[str, Any]) -> bool:
    """Whether the page that asks already shows this evaluation and the alerts as they are."""
    shown = request.GET.get("alerts")
    return request.GET.get("since") == str(digest["computed"]) and shown in (None, alerting.stamp(request))


def area_of(request: Request) -> str:
    """Code of the area to show: the district chosen, else the whole city, else the first district the person may see."""
    if request.district:
        return request.district
    scope = request.monitoring.scope
    if scope.whole_city:
        return site.city().adcode
    return min(scope.districts or (), default="")


def place_name(area: str) -> str:
    """Name of the city or of a district."""
    return numbers.named(site.city()) if area == site.city().adcode else site.district_name(area, numbers.language())


def _values(request: Request, area: str, digest: dict[str, Any]) -> dict[str, Any]:
    """What the templates of the page take."""
    air, water, online = digest["air"], digest["water"], digest["online"]
    rows = digest.get("districts") or []
    return {
        "area": area,
        "place": place_name(area),
        "computed": digest["computed"],
        "lead": words.lead(digest),
        "changes": words.changes(digest),
        "cards": cards(digest),
        "air": air,
        "calendar": parts.calendar(air, clock.moment(digest["computed"]).date(), "districts" if rows else "stations"),
        "primaries": parts.primaries(air),
        "editions": air["year"].get("by_edition", {}),
        "districts_table": parts.districts_table(request, rows) if rows else None,
        "water": water,
        "classes": parts.classes(water["classes"]),
        "months": [
            (entry["start"], parts.classes(entry["classes"])) for entry in (water["month"], water["month_before"]) if entry["judged"]
        ],
        "changed": parts.changed(water["changed"]),
        "online": online,
        "devices_href": hand.optional("devices"),
        "items": hand.items(digest, alerting.items(request)),
        "stamp": alerting.stamp(request),
        "alerts_total": alerting.total(request),
    }
