"""The page of the rows behind one value of an indicator."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.pack.indicators import Column as Declared
from bilan.pack.indicators import Indicator
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.plans.indicators.spans import Span
from bilan.problems import BilanError
from bilan.web import site
from bilan.web.areas.scorecard import behind, words
from bilan.web.areas.scorecard.frame import EDITS, SECTION, SEES, indicators, tabs
from bilan.web.areas.scorecard.indicatorpage import known, provisional
from bilan.web.components import numbers
from bilan.web.components.table import Column, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

KINDS = {"number": "number", "integer": "number"}
WIDE = 6
"""So many columns of a table are shown until the reader chooses."""


@page("indicators/<slug:indicator>/rows", name="indicator-rows", section=SECTION, reads=SEES, writes=EDITS)
def rows(request: Request, indicator: str) -> HttpResponse:
    """What one value was counted from, and what was said of the same place and period before."""
    spec = known(indicator)
    span, district = _asked(request, spec)
    kept = list(request.planbook.values().filter(indicator=spec.name, district=district, period=span.text).order_by("-computed")[:20])
    told, found, seen = "", None, _sees_all(request, district)
    if seen:
        try:
            found = behind.behind(indicators().at(spec.name, span.last) or spec, district, span)
        except BilanError as error:
            told = error.text(numbers.language())
    return show(
        request,
        "scorecard/rows.html",
        tabs=tabs(request, "indicators"),
        spec=spec,
        title=spec.title.text(numbers.language()),
        place=site.district_name(district, numbers.language()) if district else numbers.named(site.city()),
        period=words.period(span.text),
        newest=next((entry for entry in kept if entry.latest), None),
        provisional=bool(kept) and provisional(kept[0]),
        why=words.why(kept[0].why) if kept else "",
        earlier=[entry for entry in kept if not entry.latest],
        told=told,
        found=found,
        sources=[(entry.name, entry.title.text(numbers.language())) for entry in found.tables] if found else [],
        table=_table(request, found) if found else None,
        seen=seen,
    )


def _asked(request: Request, spec: Indicator) -> tuple[Span, str]:
    """The period and the district of the address; by default the running year and the whole city.

    Raises:
        BilanError: it is no period.
        NotVisible: the district lies outside the reader's reach.
    """
    today = behind.tables().today
    span = Span.parse(request.GET.get("period") or Span.of(spec.period, today).text)
    district = str(request.GET.get("place", ""))
    if district and (district not in {area.adcode for area in site.districts()} or not request.planbook.can(Capability.SEE, district)):
        raise NotVisible(district)
    return span, district


def _sees_all(request: Request, district: str) -> bool:
    """Whether the reader may see the readings, entries and figures that a value rests on: all of the city's, or those of a district."""
    scope = request.monitoring.scope
    return scope.allows_district(district) if district else scope.whole_city and request.planbook.everywhere()


def _table(request: Request, found: behind.Behind) -> Table:
    """The rows with what they lead to."""
    language = numbers.language()
    columns = [
        Column(column.name, column.title.text(language), kind=_kind(column), unit=column.unit, shown=at < WIDE)
        for at, column in enumerate(found.columns)
    ]
    columns.append(Column("from", _("Where it comes from"), render=_link, sortable=False))
    source = found.tables[0].name if found.tables else ""
    rows: list[dict[str, Any]] = [{**_plain(row), "from": behind.leads_to(source, row)} for row in found.rows]
    first = next((column.name for column in found.columns if column.name in {"day", "period", "code"}), columns[0].name)
    return Table("rows", columns, rows, request.GET, sort=first, size=50, caption=_("The rows behind it"), empty=_("No row is behind it."))


def _kind(column: Declared) -> str:
    return "text" if column.name == "year" else KINDS.get(column.type, "text")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, int | float | str) or value is None else str(value)


def _link(row: Any) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', row["from"], _("open")) if row["from"] else numbers.NOTHING
