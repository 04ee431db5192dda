"""The flows of the city: what each is for, how it is drawn, who may do what, and what is wrong with the files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.casework.diagram import diagram
from bilan.pack.flows import Flow, State, Transition, faults
from bilan.people.roles import Capability, Right
from bilan.web.areas.cases import declared, words
from bilan.web.areas.cases.frame import HANDLES, OPEN, SECTION, SEES
from bilan.web.areas.people.frame import role_title
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.components.table import Column, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

SHOWN = 20
"""Mistakes of the files that the page lists; `bilan pack check` lists all."""
KINDS = {
    "forward": gettext_lazy("moves on"),
    "submit": gettext_lazy("hands in"),
    "approve": gettext_lazy("approves"),
    "return": gettext_lazy("returns"),
    "close": gettext_lazy("closes"),
    "cancel": gettext_lazy("cancels"),
    "urge": gettext_lazy("urges"),
}


@page("cases/flows", name="flows", section=SECTION, reads=SEES, writes=HANDLES)
def flows(request: Request) -> HttpResponse:
    """All flows with how many cases run by each."""
    counted = request.docket.cases().order_by().values("flow").annotate(all=Count("pk"), open=Count("pk", filter=Q(standing__in=OPEN)))
    counts = {row["flow"]: row for row in counted}
    language = numbers.language()
    groups = {code: group.title.text(language) for code, group in request.ledger.declared.groups.items()}
    rows = [
        {
            "code": name,
            "name": name,
            "title": flow.title.text(language),
            "about": flow.about.text(language),
            "group": groups.get(flow.group, flow.group),
            "states": len(flow.states),
            "open": counts.get(name, {}).get("open", 0),
            "all": counts.get(name, {}).get("all", 0),
        }
        for name, flow in declared.flows().items()
    ]
    table = Table(
        "flows",
        [
            Column("title", _("Flow"), href=lambda row: reverse("flow", args=[row["name"]])),
            Column("about", _("What it is for"), render=lambda row: row["about"], wide=True),
            Column("group", _("Branch"), wide=True),
            Column("states", _("States"), kind="number", decimals=0, wide=True),
            Column("open", _("Still open"), kind="number", decimals=0),
            Column("all", _("Cases so far"), kind="number", decimals=0),
        ],
        rows,
        request.GET,
        search=("title", "about", "name"),
        sort="-open",
        caption=_("Flows"),
        empty=_("Flows are files in pack/flows of the city."),
    )
    return show(request, "cases/flows.html", table=table, faults=wrong(request))


@page("cases/flows/<slug:flow>", name="flow", section=SECTION, reads=SEES, writes=HANDLES)
def flow(request: Request, flow: str) -> HttpResponse:
    """One flow: its diagram, its states with their terms, its transitions with who may make them, its legal basis."""
    found, language = declared.flow(flow), numbers.language()
    counts = _counts(request, found)
    return show(
        request,
        "cases/flow.html",
        flow=found,
        title=found.title.text(language),
        about=found.about.text(language),
        diagram=diagram(found, language=language, counts=counts),
        states=[_state(found, state, counts.get(state.name, 0)) for state in found.states],
        transitions=[_transition(found, entry) for entry in found.transitions],
        kinds=[str(words.SUBJECTS.get(kind, kind)) for kind in found.subject.kinds],
        registers=[(link("register-list", name), title) for name, title in _registers(request, found)],
        escalations=[_escalation(entry) for entry in found.escalate],
        total=sum(counts.values()),
        openers=[role_title(code) for code in found.opening.roles],
        public=found.state[found.public_after].title.text(language) if found.public_after in found.state else "",
        faults=[text for text in wrong(request) if flow in text],
        new=f"{link('case-new')}?{urlencode({'flow': found.name})}" if link("case-new") and request.docket.can(Capability.HANDLE) else "",
    )


def wrong(request: Request) -> list[str]:
    """What is wrong with the declarations, for those who may put it right."""
    if not request.ledger.scope.can(Right(Capability.DECLARE, "registers")):
        return []
    return [problem.text(numbers.language()) for problem in faults(settings.CITY.pack)[:SHOWN]]


def _counts(request: Request, found: Flow) -> dict[str, int]:
    rows = request.docket.cases().filter(flow=found.name, standing__in=OPEN).order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def _state(found: Flow, state: State, count: int) -> dict[str, Any]:
    language = numbers.language()
    return {
        "name": state.name,
        "title": state.title.text(language),
        "tone": state.tone,
        "about": state.about.text(language) if state.about else "",
        "term": state.term.text(language) if state.term else "",
        "until": found.fields[state.until].title.text(language) if state.until in found.fields else "",
        "final": words.standing(state.final) if state.final else "",
        "stands": state.stands,
        "roles": [role_title(code) for code in state.roles],
        "count": count,
        "href": f"{reverse('cases')}?{urlencode({'flow': found.name, 'state': state.name})}",
        "escalations": [_escalation(entry) for entry in state.escalate],
    }


def _transition(found: Flow, entry: Transition) -> dict[str, Any]:
    language = numbers.language()
    target = found.state.get(entry.to)
    return {
        "name": entry.name,
        "title": entry.title.text(language),
        "about": entry.about.text(language) if entry.about else "",
        "kind": KINDS.get(entry.kind.value, entry.kind.value),
        "sources": [found.state[name].title.text(language) if name in found.state else name for name in entry.sources],
        "target": target.title.text(language) if target else "",
        "roles": [role_title(code) for code in entry.roles],
        "owner": entry.owner,
        "not_by": [found.transition[name].title.text(language) for name in entry.not_by if name in found.transition],
        "fields": [field.title.text(language) for field in entry.fields],
        "evidence": [need.title.text(language) for need in entry.evidence],
        "checklist": found.checklists[entry.checklist].title.text(language) if entry.checklist in found.checklists else "",
        "guards": [guard.says.text(language) for guard in entry.guards],
        "writes": [write.field for write in entry.writes],
        "documents": entry.documents,
        "laws": entry.laws,
    }


def _escalation(entry: Any) -> dict[str, str]:
    language = numbers.language()
    if entry.before:
        when = _("%(span)s before the term ends") % {"span": entry.before.text(language)}
    else:
        when = _("%(span)s after the term") % {"span": entry.after.text(language)} if entry.after else _("when the term ends")
    return {"when": when, "role": role_title(entry.role) if entry.role else "", "says": entry.says.text(language) if entry.says else ""}


def _registers(request: Request, found: Flow) -> list[tuple[str, str]]:
    known = request.ledger.declared.registers
    return [(name, known[name].title.text(numbers.language())) for name in found.subject.registers if name in known]
