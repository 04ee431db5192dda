"""The list of indicators: what is counted, how far it may be trusted, its newest value."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.pack.indicators import Indicator, faults
from bilan.people.visibility import visible_to
from bilan.plans.models import IndicatorValue
from bilan.web import site
from bilan.web.areas.scorecard import words
from bilan.web.areas.scorecard.frame import EDITS, SECTION, SEES, TRIES, indicators, tabs
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("indicators", name="indicators", section=SECTION, reads=SEES, writes=EDITS)
def listed(request: Request) -> HttpResponse:
    """All indicators of the city."""
    catalogue = indicators()
    newest = _newest(request)
    aimed = Counter(request.planbook.targets().order_by().values_list("indicator", flat=True))
    rows = [_row(spec, newest.get(spec.name), aimed[spec.name], len(catalogue.versions[spec.name])) for spec in catalogue]
    problems = [problem.text(numbers.language()) for problem in faults(site.city().pack)]
    tries = visible_to(request.user).can(TRIES)
    return show(
        request,
        "scorecard/indicators.html",
        table=_table(request, rows),
        told=problems,
        may_try=tries,
        tabs=tabs(request, "indicators"),
    )


def _newest(request: Request) -> dict[str, IndicatorValue]:
    """The newest yearly value of the district in the top bar, else of the city."""
    years = [str(timezone.localdate().year - 1), str(timezone.localdate().year)]
    kept = request.planbook.values().filter(latest=True, period__in=years, value__isnull=False, district=request.district)
    return {entry.indicator: entry for entry in kept.order_by("period", "computed")}


def _row(spec: Indicator, value: IndicatorValue | None, aimed: int, versions: int) -> dict[str, Any]:
    language = numbers.language()
    return {
        "name": spec.name,
        "title": spec.title.text(language),
        "about": spec.about.text(language),
        "domain": words.field(spec.field),
        "field": spec.field,
        "value": value.value if value else None,
        "when": words.period(value.period) if value else "",
        "unit": numbers.unit(spec.unit),
        "every": str(words.PERIODS[spec.period]),
        "version": spec.version,
        "versions": versions,
        "source": str(spec.source),
        "origin": str(words.SOURCES[spec.source][1]),
        "sure": str(words.CONFIDENCE.get(spec.confidence, ("quiet", ""))[1]),
        "standard": spec.standard,
        "targets": aimed,
        "spec": spec,
    }


def _table(request: Request, rows: list[dict[str, Any]]) -> Table:
    fields = [(code, str(title)) for code, title in words.FIELDS.items() if code and any(row["field"] == code for row in rows)]
    return Table(
        "indicators",
        [
            Column("title", _("Indicator"), render=_title),
            Column("value", _("Newest value"), kind="number", render=_value),
            Column("domain", _("Field of work")),
            Column("origin", _("Where it comes from"), render=_origin),
            Column("every", _("Period"), sortable=False, wide=True),
            Column("version", _("Version"), wide=True),
            Column("targets", _("Targets"), kind="number", decimals=0),
            Column("sure", _("Verified"), shown=False),
            Column("standard", _("Standard"), shown=False),
            Column("unit", _("Unit"), shown=False, sortable=False),
            Column("when", _("Period of the value"), shown=False, sortable=False),
            Column("about", _("What it says"), shown=False, sortable=False),
            Column("name", _("Code"), shown=False),
        ],
        rows,
        request.GET,
        search=("title", "about", "name", "standard"),
        filters=[
            Filter("field", _("All fields"), fields),
            Filter("source", _("From anywhere"), [(code, str(title)) for code, (_tone, title) in words.SOURCES.items()]),
        ],
        sort="domain",
        size=100,
        caption=_("Indicators"),
        empty=_("No indicator is declared."),
    )


def _title(row: Row) -> SafeString:
    address = reverse("indicator", args=[row["name"]])
    return format_html(
        '<div class="promise"><a href="{}"><b>{}</b></a><span class="says">{}</span></div>', address, row["title"], row["about"]
    )


def _value(row: Row) -> SafeString:
    if row["value"] is None:
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING)
    shown = numbers.digits(row["value"], row["spec"].decimals)
    return format_html('<b>{}</b> <span class="unit">{}<br>{}</span>', shown, row["unit"], row["when"])


def _origin(row: Row) -> SafeString:
    tone, title = words.SOURCES[row["source"]]
    return format_html('<span class="status status-{}">{}</span>', tone, title)
