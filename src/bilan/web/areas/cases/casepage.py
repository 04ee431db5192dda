"""One case: what it is about, where it stands, what can be done now, what was done, and what proves it."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.casework import moving
from bilan.casework.diagram import diagram
from bilan.casework.models import Case, Step
from bilan.pack.flows import Kind
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.web import site
from bilan.web.areas.alerts import saying
from bilan.web.areas.cases import acting, declared, words
from bilan.web.areas.cases.board import card
from bilan.web.areas.cases.collected import lines
from bilan.web.areas.cases.deadline import light
from bilan.web.areas.cases.frame import HANDLES, OPEN, SECTION, SEES, local
from bilan.web.areas.cases.gallery import gallery
from bilan.web.areas.cases.timeline import events
from bilan.web.areas.people.frame import role_title
from bilan.web.components import numbers
from bilan.web.components.entries import ENTERPRISE, link
from bilan.web.pages import show
from bilan.web.registry import Request, page

TONES = {Kind.RETURN: "danger", Kind.CANCEL: "danger", Kind.URGE: ""}
"""Kind of a transition → what sets its button apart; the others move the case on."""
RELATED = 12
"""Other cases about the same thing that the page names."""


@page("cases/<str:code>", name="case", section=SECTION, reads=SEES, writes=HANDLES)
def case(request: Request, code: str) -> HttpResponse:
    """A case and its steps; does what a form asks for beside moving it."""
    found = request.docket.case(code)
    if request.method == "POST":
        return acting.act(request, found)
    return show(request, "cases/case.html", **values(request, found))


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
        "alerts": [
            (alert, saying.title_of(alert.rule)) for alert in request.docket.alerts().filter(case=found).order_by("-opened")[:RELATED]
        ],
        "organisation": organisation(request, found),
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
        "ways": ways(request, found),
        "may": acting.choices(request, found),
        "noted": acting.NOTED,
        "key": uuid.uuid4().hex,
        "kinds": words.EVIDENCE,
        "diagram": diagram(flow, language=language, present=[found.state, *found.parts.values()], visited={step.after for step in steps}),
        "parts": parts(found),
        "chain": chain(found),
        "documents": documents(found, steps),
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


def ways(request: Request, found: Case) -> list[dict[str, Any]]:
    """What can be done now: each transition with whether the reader may make it, and why not."""
    if found.standing not in OPEN or not request.docket.can(Capability.HANDLE, found):
        return []
    language = numbers.language()
    shown = [
        {
            "title": choice.transition.title.text(language),
            "about": choice.transition.about.text(language) if choice.transition.about else "",
            "tone": TONES.get(choice.transition.kind, "primary"),
            "allowed": choice.allowed,
            "why": [problem.text(language) for problem in choice.why_not],
            "href": f"{reverse('case-move', args=[found.code, choice.transition.name])}?version={found.version}",
        }
        for choice in moving.available(found, request.user)
    ]
    return sorted(shown, key=lambda way: not way["allowed"])


def parts(found: Case) -> list[dict[str, str]]:
    """Where each parallel part stands."""
    flow, language = declared.flow_of(found), numbers.language()
    titles = {part.name: part.title.text(language) for state in flow.states for part in state.parallel}
    return [
        {
            "title": titles.get(name, name),
            "state": flow.state[state].title.text(language) if state in flow.state else state,
            "tone": flow.state[state].tone if state in flow.state else "quiet",
        }
        for name, state in found.parts.items()
    ]


def chain(found: Case) -> str:
    """Whether every step is as it was signed: ``whole``, or which is not."""
    wrong = moving.verify(found)
    return "whole" if wrong is None else _("Step %(n)d is not what was signed") % {"n": wrong}


def documents(found: Case, steps: list[Step]) -> list[dict[str, str]]:
    """Documents that the steps made so far call for, as far as this site can write them."""
    flow = declared.flow_of(found)
    names = dict.fromkeys(
        name for step in steps if step.transition in flow.transition for name in flow.transition[step.transition].documents
    )
    return [{"name": name, "href": link("case-document", found.code, name)} for name in names if link("case-document", found.code, name)]


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


def organisation(request: Request, found: Case) -> dict[str, str]:
    """Whose it is, with the way to their dossier when the reader may go it."""
    if not found.organisation:
        return {}
    name = request.ledger.titles(ENTERPRISE, [found.organisation]).get(found.organisation, "")
    return {"name": name or found.organisation, "href": link("dossier", ENTERPRISE, found.organisation) if name else ""}


def related(request: Request, found: Case) -> list[dict[str, Any]]:
    """Cases that were joined to this one, and others about the same thing, newest first."""
    now = timezone.now()
    joined = request.docket.cases().filter(pk__in=found.related.values("pk"))
    kept = list(joined.select_related("owner").order_by("-opened")[:RELATED])
    if found.register and found.entry:
        same = request.docket.cases().filter(register=found.register, entry=found.entry).exclude(pk=found.pk)
        kept += [other for other in same.select_related("owner").order_by("-opened")[:RELATED] if other not in kept]
    return [card(other, now) for other in kept[:RELATED]]
