"""The documented tables: what a row is, every column with unit and example."""

from __future__ import annotations

from django.http import HttpResponse

from bilan.pack.indicators import Table
from bilan.people.visibility import visible_to
from bilan.plans.indicators.tables import documented
from bilan.web.areas.scorecard.frame import SECTION, SEES, TRIES, tabs
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

READS = (SEES, *TRIES)


@page("indicators/tables", name="indicator-tables", section=SECTION, reads=READS, writes=TRIES)
def browser(request: Request) -> HttpResponse:
    """All tables that a query may ask, or those that the words in the address find."""
    words = str(request.GET.get("q", "")).lower().split()
    found = [table for table in documented().values() if all(word in _text(table) for word in words)]
    language = numbers.language()
    listed = [
        {
            "name": table.name,
            "title": table.title.text(language),
            "about": table.about.text(language),
            "columns": [
                {"name": c.name, "type": c.type, "title": c.title.text(language), "unit": c.unit, "example": c.example}
                for c in table.columns.values()
            ],
        }
        for table in found
    ]
    own = [entry for entry in listed if "." not in entry["name"]]
    registers = [entry for entry in listed if "." in entry["name"]]
    tries = visible_to(request.user).can(TRIES)
    return show(
        request,
        "scorecard/tables.html",
        own=own,
        registers=registers,
        q=request.GET.get("q", ""),
        may_try=tries,
        tabs=tabs(request, "indicators"),
    )


def _text(table: Table) -> str:
    """Everything that words are looked for in."""
    parts = [table.name, table.title.zh, table.title.en]
    parts += [part for column in table.columns.values() for part in (column.name, column.title.zh, column.title.en)]
    return " ".join(parts).lower()
