"""One case: what it is about, where it stands, what can be done now, what was done, and what proves it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from bilan.casework.models import Case
from bilan.people.visibility import NotVisible
from bilan.web import site
from bilan.web.areas.cases import declared, words
from bilan.web.areas.cases.board import card
from bilan.web.areas.cases.collected import lines
from bilan.web.areas.cases.deadline import light
from bilan.web.areas.cases.frame import HANDLES, SECTION, SEES, local
from bilan.web.areas.cases.gallery import gallery
from bilan.web.areas.cases.timeline import events
from bilan.web.areas.people.frame import role_title
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.pages import show
from bilan.web.registry import Request, page

RELATED = 12
"""Other cases about the same thing that the page names."""


@page("cases/<str:code>", name="case", section=SECTION, reads=SEES, writes=HANDLES)
def case(request: Request, code: str) -> HttpResponse:
    """A case and its steps."""
    return show(request, "cases/case.html", **values(request, request.docket.case(code)))


def values(request: Request, found: Case) -> dict[str, Any]:
    """All that the page of a case shows."""
    flow = declared.flow_of(found)
    steps = list(request.docket.steps(found))
    pieces = list(request.docket.evidence(found))
    language = numbers.language()
    return {
        **head(found),
        "steps": events(request.ledger, flow, found, steps, pieces),
        "pieces": gallery(flow, found, pieces),
        "collected": lines(request.ledger, flow, found.data),
        "subject": subject(request, found),
        "alerts": list(request.docket.alerts().filter(case=found).order_by("-opened")[:RELATED]),
        "helpers": [str(person) for person in found.helpers.all()],
        "related": related(request, found),
        "laws": flow.laws,
        "opened": local(found.opened),
        "entered": local(found.entered),
        "ended": local(found.closed),
        "role_title": role_title(found.role) if found.role else "",
        "flow_href": link("flow", found.flow),
        "campaign_href": link("campaign", found.campaign_id) if found.campaign_id else "",
        "alert_page": bool(link("alert", 1)),
        "about": (entry.about.text(language) if (entry := flow.state.get(found.state)) else ""),
    }


def head(found: Case) -> dict[str, Any]:
    """What the head of every page of a case shows."""
    flow, language = declared.flow_of(found), numbers.language()
    state = flow.state.get(found.state)
    return {
        "case": found,
        "flow": flow,
        "flow_title": flow.title.text(language),
        "state_title": state.title.text(language) if state else found.state,
        "state_tone": state.tone if state else "quiet",
        "standing": words.standing_mark(found.standing),
        "level": words.level_mark(found.level),
        "light": light(found, timezone.now()),
        "due": local(found.due),
        "district_name": site.district_name(found.district, language) if found.district else "",
    }


def subject(request: Request, found: Case) -> dict[str, str]:
    """What the case is about, with the way there when the reader may go it."""
    shown = {"kind": str(words.SUBJECTS.get(found.subject, found.subject)), "name": found.place_name, "href": "", "map": ""}
    if found.register and found.entry:
        shown["name"] = shown["name"] or found.entry
        try:
            register = request.ledger.register(found.register)
            request.ledger.entry(found.register, found.entry)
        except NotVisible:
            return shown
        shown["kind"] = register.singular.text(numbers.language()) or register.title.text(numbers.language())
        shown["href"] = link("dossier", found.register, found.entry)
    if found.lon is not None and found.lat is not None:
        shown["map"] = f"{reverse('map')}?at={quote(f'{found.lon},{found.lat}')}"
    return shown


def related(request: Request, found: Case) -> list[dict[str, Any]]:
    """Cases that were joined to this one, and others about the same thing, newest first."""
    now = timezone.now()
    joined = request.docket.cases().filter(pk__in=found.related.values("pk"))
    kept = list(joined.select_related("owner").order_by("-opened")[:RELATED])
    if found.register and found.entry:
        same = request.docket.cases().filter(register=found.register, entry=found.entry).exclude(pk=found.pk)
        kept += [other for other in same.select_related("owner").order_by("-opened")[:RELATED] if other not in kept]
    return [card(other, now) for other in kept[:RELATED]]
