"""One indicator: what it says, its query and parameters, its versions, its values by district and period."""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.pack.indicators import Indicator, Period, readable
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.plans.figures import ends
from bilan.plans.indicators.spans import Span, spans
from bilan.plans.models import IndicatorValue
from bilan.web import site
from bilan.web.areas.scorecard import words
from bilan.web.areas.scorecard.board import tile
from bilan.web.areas.scorecard.frame import EDITS, SECTION, SEES, indicators, spec_of, tabs
from bilan.web.areas.scorecard.standing import lines
from bilan.web.components import numbers
from bilan.web.components.table import Column, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

YEARS, QUARTERS, MONTHS = 7, 8, 13
"""How many periods of each kind are shown."""
MOST_TARGETS = 24
Values = dict[tuple[str, str], IndicatorValue]


@page("indicators/<slug:indicator>", name="indicator", section=SECTION, reads=SEES, writes=EDITS)
def indicator(request: Request, indicator: str) -> HttpResponse:
    """One indicator; with ``part=chart`` the numbers of its chart."""
    spec = known(indicator)
    kind = _kind(request, spec)
    periods = shown_periods(kind)
    kept = values(request, spec.name, periods)
    if request.GET.get("part") == "chart":
        return JsonResponse(_chart(request, spec, periods, kept))
    language = numbers.language()
    targets = request.planbook.targets().filter(indicator=spec.name, district=request.district)
    return show(
        request,
        "scorecard/indicator.html",
        tabs=tabs(request, "indicators"),
        spec=spec,
        title=spec.title.text(language),
        about=spec.about.text(language),
        file=PurePath(spec.file).name,
        shared=PurePath(spec.sql_file).name if spec.template else "",
        query=readable(spec),
        field=words.field(spec.field),
        source=words.SOURCES[spec.source],
        confidence=words.CONFIDENCE.get(spec.confidence),
        period=words.PERIODS[spec.period],
        parameters=[{"title": p.title.text(language), "name": p.name, "value": p.value, "unit": p.unit} for p in spec.parameters.values()],
        versions=list(reversed(indicators().versions[spec.name])),
        table=_table(request, spec, periods, kept),
        chart_src=f"?{urlencode({'part': 'chart', 'of': kind, 'district': request.district})}",
        kinds=[{"title": words.PERIODS[entry], "href": f"?of={entry}#values", "current": entry == kind} for entry in spec.periods],
        targets=[tile(line) for line in lines(request.planbook, targets, history=False)[:MOST_TARGETS]],
    )


def known(name: str) -> Indicator:
    """The newest version of an indicator.

    Raises:
        NotVisible: nothing of that name is declared.
    """
    spec = spec_of(name)
    if spec is None:
        raise NotVisible(name)
    return spec


def shown_periods(kind: Period) -> list[Span]:
    """The newest periods of a kind, oldest first, with the running one."""
    today = timezone.localdate()
    count = {Period.YEAR: YEARS, Period.QUARTER: QUARTERS, Period.MONTH: MONTHS}[kind]
    begun = [span for span in spans(kind, today.year - YEARS, today.year) if span.first <= today]
    return begun[-count:]


def values(request: Request, name: str, periods: list[Span]) -> Values:
    """Kept values by district and period; of several versions the newest computed."""
    kept = request.planbook.values().filter(indicator=name, latest=True, period__in=[span.text for span in periods])
    return {(entry.district, entry.period): entry for entry in kept.order_by("computed")}


def places(request: Request, spec: Indicator) -> list[tuple[str, str]]:
    """Code and name of everything within reach that the indicator has values for; the city has an empty code."""
    found = [("", numbers.named(site.city()))] if spec.city else []
    if spec.districts:
        found += [(area.adcode, numbers.named(area)) for area in site.districts() if request.planbook.can(Capability.SEE, area.adcode)]
    return found


def provisional(entry: IndicatorValue) -> bool:
    """Whether its period was not over when it was computed."""
    return entry.through is not None and entry.through < ends(entry.period)


def _kind(request: Request, spec: Indicator) -> Period:
    asked = request.GET.get("of", "")
    return next((kind for kind in spec.periods if kind == asked), spec.period)


def _table(request: Request, spec: Indicator, periods: list[Span], kept: Values) -> Table:
    """Districts downwards, periods across; every value leads to the rows behind it."""

    def cell(period: str) -> Column:
        return Column(period, words.period(period), kind="number", decimals=spec.decimals, render=lambda row: _cell(row, period, spec))

    rows: list[dict[str, Any]] = []
    for code, name in places(request, spec):
        own = {span.text: kept.get((code, span.text)) for span in periods}
        plain = {period: entry.value if entry else None for period, entry in own.items()}
        rows.append({"code": code, "name": name, "place": ("" if not code else "1") + code, "kept": own, **plain})
    heads = [Column("place", _("Place"), render=lambda row: row["name"]), *(cell(span.text) for span in reversed(periods))]
    return Table(
        "values",
        heads,
        rows,
        request.GET,
        search=(),
        sort="place",
        caption=_("Values by place and period"),
        empty=_("Nothing has been computed yet."),
    )


def _cell(row: Row, period: str, spec: Indicator) -> SafeString:
    entry: IndicatorValue | None = row["kept"][period]
    if entry is None:
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING)
    address = f"{reverse('indicator-rows', args=[spec.name])}?{urlencode({'place': row['code'], 'period': period})}"
    if entry.value is None:
        return format_html('<a class="quiet" href="{}" title="{}">{}</a>', address, words.why(entry.why), _("none"))
    mark = format_html('<i class="running" title="{}">*</i>', _("not over yet")) if provisional(entry) else ""
    return format_html('<a href="{}">{}</a>{}', address, numbers.digits(entry.value, spec.decimals), mark)


def _chart(request: Request, spec: Indicator, periods: list[Span], kept: Values) -> dict[str, Any]:
    """The city, and the district chosen in the top bar; a value stands at the end of its period."""
    chosen = [place for place in places(request, spec) if place[0] in {"", request.district}]
    series = []
    for code, name in chosen or places(request, spec)[:1]:
        found = [(span, kept.get((code, span.text))) for span in periods]
        data = [[(span.first + timedelta(days=span.days // 2)).isoformat(), entry.value] for span, entry in found if entry]
        series.append({"name": name, "unit": numbers.unit(spec.unit), "data": data})
    return {"series": series}
