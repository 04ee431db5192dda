"""The public scorecard: targets that are published, their newest yearly value, and nothing from inside."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from bilan.plans.published import Published, scorecard
from bilan.web.areas.scorecard import words
from bilan.web.areas.scorecard.frame import spec_of
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.pages import show
from bilan.web.registry import public


@public
def published(request: HttpRequest) -> HttpResponse:
    """Published targets of the whole city with their newest yearly values."""
    rows = [_row(entry) for entry in scorecard() if spec_of(entry.indicator)]
    fields = sorted({row["domain"] for row in rows})
    table = Table(
        "scorecard",
        [
            Column("title", _("Indicator")),
            Column("now", _("Value"), sortable=False),
            Column("through", _("Data through"), sortable=False),
            Column("aim", _("Target"), sortable=False),
            Column("year", _("To be met by"), kind="number", render=lambda row: str(row["year"])),
            Column("standing", _("State")),
            Column("domain", _("Field of work"), wide=True),
        ],
        rows,
        request.GET,
        search=("title",),
        filters=(Filter("domain", _("All fields"), [(name, name) for name in fields]),),
        sort="domain",
        size=100,
        caption=_("Scorecard"),
        empty=_("Nothing is public yet."),
    )
    met = sum(row["met"] for row in rows)
    return show(request, "scorecard/public.html", table=table, total=len(rows), met=met)


def _row(entry: Published) -> dict[str, Any]:
    spec = spec_of(entry.indicator)
    decimals = spec.decimals if spec else None
    unit = numbers.unit(spec.unit) if spec else ""
    known = entry.value is not None
    return {
        "title": spec.title.text(numbers.language()) if spec else entry.indicator,
        "domain": words.field(spec.field if spec else ""),
        "now": f"{numbers.digits(entry.value, decimals)} {unit}".strip() if known else numbers.NOTHING,
        "through": entry.through.isoformat() if entry.through and known else numbers.NOTHING,
        "aim": f"{words.aim(entry.comparator, entry.aim, entry.upper, decimals, entry.wording)} {unit}".strip(),
        "year": entry.year,
        "met": bool(entry.met),
        "standing": _("no value yet") if entry.met is None else _("met at present") if entry.met else _("under way"),
    }
