"""Cases as tasks of one person: theirs, and those of their roles that nobody has taken."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Q, QuerySet

from bilan.casework.models import Case, CaseState, Evidence, Step
from bilan.casework.moving import available, flow_of
from bilan.pack.flows import Flow
from bilan.pack.registers.words import Bilingual
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.registers.declared import declared
from bilan.web import site
from bilan.web.areas.field.declared import Json, asked_of_entry, both
from bilan.web.components.entries import link
from bilan.web.registry import Request

MOST = 200
"""Tasks a phone carries; those that are due first."""
STEPS = 15
"""Newest steps that a task tells of."""
ACTIONS = {
    "open": Bilingual("立案", "Opened"),
    "comment": Bilingual("说明", "Note"),
    "assign": Bilingual("交办", "Assigned"),
    "transfer": Bilingual("移交", "Handed over"),
    "help": Bilingual("协办", "Help asked for"),
    "suspend": Bilingual("中止计时", "Clock stopped"),
    "resume": Bilingual("恢复计时", "Clock runs again"),
    "withdraw": Bilingual("撤回", "Withdrawn"),
    "reopen": Bilingual("重新立案", "Opened again"),
    "escalate": Bilingual("升级", "Escalated"),
    "remind": Bilingual("催办", "Reminded"),
    "evidence": Bilingual("补充证据", "Evidence added"),
}


def mine(request: Request) -> QuerySet[Case]:
    """Running cases that the person must or may move, those due first."""
    person = request.user
    handled = request.docket.cases(Capability.HANDLE).filter(standing=CaseState.RUNNING)
    own = Q(owner=person) | Q(pk__in=Case.objects.filter(helpers=person).values("pk"))
    found = handled.filter(own | Q(owner=None, role__in=roles_of(person)) | Q(owner=None, role=""))
    return found.select_related("declared", "owner").order_by("due", "pk")


def roles_of(person: Person) -> set[str]:
    """Codes of the roles that somebody has of their own or by delegation."""
    return {*person.roles, *(code for delegation in person.delegated() for code in delegation.lent)}


def task(request: Request, case: Case) -> Json:
    """All that the phone needs of one case."""
    flow = flow_of(case)
    return {
        "code": case.code,
        "flow": case.declared.digest,
        "title": case.title,
        "state": case.state,
        "level": case.level,
        "subject": case.subject,
        "round": case.round,
        "version": case.version,
        "due": case.due.isoformat() if case.due else None,
        "opened": case.opened.isoformat(),
        "lon": case.lon,
        "lat": case.lat,
        "place": case.place_name,
        "district_name": {language: site.district_name(case.district, code) for language, code in (("zh", "zh-hans"), ("en", "en"))},
        "owner": str(case.owner) if case.owner else "",
        "own": case.owner_id == request.user.pk,
        "takeable": case.owner_id is None,
        "commentable": request.docket.can(Capability.HANDLE, case),
        "values": case.data,
        "href": link("case", case.code),
        "choices": [_choice(entry) for entry in available(case, request.user)],
        "loose": _loose(case),
        "steps": steps(case, flow),
        **_entry(request, case, flow),
    }


def steps(case: Case, flow: Flow, since: int = -1) -> list[Json]:
    """Newest steps of a case after number `since`, oldest first."""
    found = Step.objects.filter(case=case, number__gt=since).annotate(pieces=Count("evidence")).order_by("-number")[:STEPS]
    return [
        {
            "number": step.number,
            "at": step.at.isoformat(),
            "done": step.done.isoformat() if step.done else None,
            "title": step_title(step, flow),
            "author": step.author,
            "after": step.after if step.after != step.before else "",
            "note": step.note,
            "evidence": step.pieces,
        }
        for step in reversed(found)
    ]


def step_title(step: Step, flow: Flow) -> Json:
    """What a step was, in both languages."""
    if step.transition in flow.transition:
        return both(flow.transition[step.transition].title)
    return both(ACTIONS.get(step.action, Bilingual(step.action)))


def _choice(choice: Any) -> Json:
    why = [{"zh": problem.text("zh-hans"), "en": problem.text("en")} for problem in choice.why_not]
    return {"transition": choice.transition.name, "allowed": choice.allowed, "why_not": why, "part": choice.part}


def _loose(case: Case) -> dict[str, int]:
    """Pieces of evidence that lie in the case without a step, by requirement: they count too."""
    return dict(Counter(Evidence.objects.filter(case=case, step=None).exclude(requirement="").values_list("requirement", flat=True)))


def _entry(request: Request, case: Case, flow: Flow) -> Json:
    """The entry that the case is about, as far as the person may see it."""
    bare: Json = {
        "register": case.register,
        "entry": case.entry,
        "entry_name": "",
        "entry_href": "",
        "register_title": {},
        "entry_values": {},
    }
    if not case.entry or case.register not in declared().registers:
        return {**bare, "entry": ""}
    bare["register_title"] = both(declared().registers[case.register].singular)
    try:
        record = request.ledger.entry(case.register, case.entry)
    except NotVisible:
        return bare
    known, names = {**request.ledger.values(record), "status": record.status}, asked_of_entry(flow)
    values = {name: value for name, value in known.items() if name in names}
    return {**bare, "entry_name": record.name, "entry_href": link("dossier", case.register, case.entry), "entry_values": values}
