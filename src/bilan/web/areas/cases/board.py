"""The board: open cases of one flow in a column for each of its states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from bilan.casework.models import Case
from bilan.pack.flows import Flow, State
from bilan.web import site
from bilan.web.areas.cases import declared, words
from bilan.web.areas.cases.deadline import light
from bilan.web.areas.cases.frame import HANDLES, OPEN, SECTION, SEES, in_district, tabs
from bilan.web.areas.cases.listing import MINE
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

SHOWN = 25
"""Cards of a column; the list has the others."""


@page("cases/board", name="case-board", section=SECTION, reads=SEES, writes=HANDLES)
def board(request: Request) -> HttpResponse:
    """Open cases of one flow by state, those that are due first on top."""
    open_cases = in_district(request, request.docket.cases().filter(standing__in=OPEN))
    counts = {row["flow"]: row["n"] for row in open_cases.order_by().values("flow").annotate(n=Count("pk"))}
    flows = [(name, title, counts.get(name, 0)) for name, title in declared.flow_choices()]
    asked = request.GET.get("flow", "")
    chosen = asked if asked in declared.flows() else max(flows, key=lambda entry: entry[2], default=("", "", 0))[0]
    mine = request.GET.get("owner") == MINE
    found = open_cases.filter(flow=chosen)
    if mine:
        found = found.filter(owner=request.user)
    columns = _columns(declared.flows()[chosen], found) if chosen else []
    return show(
        request,
        "cases/board.html",
        tabs=tabs(request, "case-board"),
        flows=flows,
        chosen=chosen,
        mine=mine,
        columns=columns,
        total=sum(column["count"] for column in columns),
    )


def _columns(flow: Flow, found: Any) -> list[dict[str, Any]]:
    """A column for each state that is no end, and one more for states that only older versions of the flow have."""
    now, language = timezone.now(), numbers.language()
    counts = {row["state"]: row["n"] for row in found.order_by().values("state").annotate(n=Count("pk"))}
    states: list[tuple[str, str, State | None]] = [
        (entry.name, entry.title.text(language), entry) for entry in flow.states if not entry.final and not entry.part
    ]
    known = {name for name, _title, _entry in states}
    states += [(name, declared.state_title(flow.name, name), None) for name in counts if name not in known]
    return [
        {
            "name": name,
            "title": title,
            "about": entry.about.text(language) if entry else "",
            "count": counts.get(name, 0),
            "cards": [card(case, now) for case in _cards(found, name)] if counts.get(name) else [],
            "more": max(0, counts.get(name, 0) - SHOWN),
            "href": f"{reverse('cases')}?{urlencode({'flow': flow.name, 'state': name})}",
        }
        for name, title, entry in states
    ]


def _cards(found: Any, state: str) -> list[Case]:
    ordered = found.filter(state=state).order_by(F("due").asc(nulls_last=True), "code").select_related("owner")
    return list(ordered[:SHOWN])


def card(case: Case, now: datetime) -> dict[str, Any]:
    """A case as a card shows it."""
    return {
        "case": case,
        "href": reverse("case", args=[case.code]),
        "light": light(case, now),
        "level": words.level_mark(case.level),
        "flow": declared.flow_title(case.flow),
        "state": declared.state_title(case.flow, case.state),
        "district": site.district_name(case.district, numbers.language()) if case.district else "",
        "owner": str(case.owner) if case.owner else "",
    }
