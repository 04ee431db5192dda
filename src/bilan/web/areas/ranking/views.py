"""The page of the rankings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.ranking import air, rules, tables, water
from bilan.web.areas.ranking.periods import KINDS, Period, period
from bilan.web.components import numbers
from bilan.web.components.table import Table
from bilan.web.pages import show
from bilan.web.registry import Request, page, section
from bilan.web.remember import Remembered

section("ranking", gettext_noop("Evaluation"), icon="trophy", page="ranking", order=35)

OF = ("districts", "stations", "sections", "waters")
"""What is ranked: districts by air, stations, sections, districts by water."""
SECONDS = 120.0
"""How long a ranking is kept; a ranking of a year costs more than a page may."""
SECONDS_OVER = 900.0
"""How long a ranking of a period that is over is kept: only late or corrected readings change it."""
INPUTS = {"day": "date", "month": "month", "year": "number"}

_running: Remembered[list[dict[str, Any]]] = Remembered(SECONDS)
_over: Remembered[list[dict[str, Any]]] = Remembered(SECONDS_OVER)


@page("ranking", name="ranking", section="ranking")
def ranking(request: Request) -> HttpResponse:
    """Districts, stations or sections in their order in a day, a month or a year."""
    of = request.GET.get("of", "") or OF[0]
    if of not in OF:
        raise BilanError(Problem("web.bad_parameter", {"name": "of", "value": of, "allowed": list(OF)}))
    today = clock.moment(clock.now(site.city().timezone)).date()
    chosen = period(request.GET.get("period", ""), request.GET.get("at", ""), today)
    by = air.measure(chosen.kind, _known_measure(chosen.kind, request.GET.get("by", "")))
    table = _table(request, of, chosen, by)
    return show(
        request,
        "ranking/ranking.html",
        table=table,
        of=of,
        period=chosen,
        title=_title(chosen),
        by=by,
        measures=air.measures(chosen.kind) if of in {"districts", "stations"} else (),
        tabs=[{"href": _link(request, of=name), "title": text, "count": None, "current": name == of} for name, text in _tabs()],
        kinds=[
            {"href": _link(request, period=kind, at=chosen.as_kind(kind)), "title": text, "current": kind == chosen.kind}
            for kind, text in _kinds()
        ],
        previous=_link(request, at=chosen.moved(-1)),
        following=_link(request, at=chosen.moved(1)) if chosen.end < today else "",
        input=INPUTS[chosen.kind],
        limited=not request.monitoring.scope.whole_city,
        rules=rules.water_rules() if of in {"sections", "waters"} else rules.air_rules(),
    )


def _known_measure(kind: str, name: str) -> str:
    """The measure asked for; AQI and composite index stand for each other when the reader moves between days and months."""
    return (
        ""
        if name in {entry.name for entry in (*air.DAY_MEASURES, *air.PERIOD_MEASURES)} - {entry.name for entry in air.measures(kind)}
        else name
    )


def _table(request: Request, of: str, chosen: Period, by: air.Measure) -> Table:
    monitoring, kept = request.monitoring, _over if chosen.over else _running
    scope = tuple(sorted(monitoring.scope.districts or ())) or None
    key = (of, chosen, by.name if of in {"districts", "stations"} else "", request.district, scope, monitoring.version())
    if of in {"districts", "stations"}:
        points = {} if of == "districts" else {point.code: point for point in monitoring.points("air", request.district)}
        rows = kept.get(key, lambda: _air_rows(request, of, chosen, by))
        return tables.air_table(rows, points, chosen, by, request.GET)
    sections = monitoring.points("surface_water", request.district)
    if of == "sections":
        rows = kept.get(key, lambda: water.ranked_sections(monitoring, sections, chosen))
        return tables.sections_table(rows, {point.code: point for point in sections}, chosen, request.GET)
    return tables.waters_table(kept.get(key, lambda: water.ranked_districts(monitoring, sections, chosen)), chosen, request.GET)


def _air_rows(request: Request, of: str, chosen: Period, by: air.Measure) -> list[dict[str, Any]]:
    if of == "stations":
        codes, counted = air.stations(request.monitoring, request.district)
        return air.ranked(request.monitoring, codes, counted, chosen, by)
    scope = request.monitoring.scope
    districts = [area.adcode for area in site.districts() if scope.allows_district(area.adcode)]
    codes = [*([site.city().adcode] if scope.whole_city else []), *districts]
    return air.ranked(request.monitoring, codes, districts, chosen, by)


def _link(request: Request, **values: str) -> str:
    """This page with some of its choices replaced; filter, sort and page of the table start anew."""
    kept = {name: request.GET[name] for name in ("of", "period", "at", "by") if request.GET.get(name)}
    return "?" + urlencode({**kept, **values})


def _tabs() -> list[tuple[str, str]]:
    texts = (_("Air: districts"), _("Air: stations"), _("Water: sections"), _("Water: districts"))
    return list(zip(OF, texts, strict=True))


def _kinds() -> list[tuple[str, str]]:
    return list(zip(KINDS, (_("By day"), _("By month"), _("By year")), strict=True))


def _title(chosen: Period) -> str:
    if chosen.kind == "year":
        return str(chosen.begin.year) if numbers.language() == "en" else f"{chosen.begin.year}年"
    return numbers.wall(chosen.begin, chosen.kind)
