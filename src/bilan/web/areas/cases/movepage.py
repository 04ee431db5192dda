"""The form of one transition: what it asks for, what was filled in, what is wrong; and what happened when somebody was faster."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bilan.casework import evidence, moving
from bilan.casework.models import Case
from bilan.casework.moving import Choice, Move
from bilan.pack.flows import Flow, Transition
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.web.areas.cases import bringing, checklists, collected, declared, persons
from bilan.web.areas.cases.casepage import head
from bilan.web.areas.cases.frame import HANDLES, SECTION, note_of, number_of
from bilan.web.areas.cases.timeline import events
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

CONFLICT = "case.conflict"
"""Code of the problem that somebody else moved the case meanwhile."""


@dataclass(slots=True)
class Filled:
    """What a form holds: as it was sent, or as the case holds it already."""

    values: dict[str, Any] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    note: str = ""
    to: str = ""
    key: str = ""


@page("cases/<str:code>/move/<slug:transition>", name="case-move", section=SECTION, reads=HANDLES, writes=HANDLES)
def move(request: Request, code: str, transition: str) -> HttpResponse:
    """What a transition asks for, and making it."""
    case = request.docket.case(code)
    flow = declared.flow_of(case)
    wanted = flow.transition.get(transition)
    if wanted is None:
        raise NotVisible(transition)
    choice = next((entry for entry in moving.available(case, request.user) if entry.transition.name == transition), None)
    if choice is None:
        if request.method == "POST" and _made_before(request, case):
            return redirect("case", case.code)
        return _gone(request, case, wanted, _seen(request), _sent(request, case, flow, wanted)[0] if request.method == "POST" else None)
    if request.method != "POST":
        kept = {entry.name: case.data[entry.name] for entry in wanted.fields if entry.name in case.data}
        return _form(request, case, flow, choice, Filled(kept, key=uuid.uuid4().hex), [])
    return _make(request, case, flow, choice)


def _made_before(request: Request, case: Case) -> bool:
    """Whether this very form was sent before, as by a second click."""
    key = request.POST.get("key", "")[:40]
    return bool(key) and request.docket.steps(case).filter(key=key).exists()


def _make(request: Request, case: Case, flow: Flow, choice: Choice) -> HttpResponse:
    wanted, version = choice.transition, number_of(request, "version")
    filled, problems = _sent(request, case, flow, wanted)
    if not problems:
        made = Move(
            values=filled.values,
            checklist=filled.answers,
            evidence=filled.pieces,
            note=filled.note,
            to=persons.chosen(request, case, filled.to, wanted.assigns) if filled.to else None,
            version=version,
            key=filled.key,
            part=choice.part,
        )
        try:
            moving.move(case, wanted.name, made, request.user)
        except BilanError as error:
            problems = list(error.problems)
        else:
            messages.success(request, _("Done: %(what)s") % {"what": wanted.title.text(numbers.language())})
            return redirect("case", case.code)
    if any(problem.code == CONFLICT for problem in problems):
        return _gone(request, request.docket.case(case.code), wanted, version, filled)
    return _form(request, case, flow, choice, filled, problems, version)


def _sent(request: Request, case: Case, flow: Flow, wanted: Transition) -> tuple[Filled, list[Problem]]:
    """What the form sent; files are kept at once, so that nothing has to be brought again."""
    unused = {need.pk for need in request.docket.evidence(case) if need.step_id is None and need.requirement}
    unused -= {int(text) for text in request.POST.getlist("loose") if text.isascii() and text.isdigit()}
    evidence.set_aside(case, unused)
    pieces, problems = bringing.take(request, case, wanted.evidence)
    checklist = flow.checklists.get(wanted.checklist)
    answers = checklists.answers_of(request, case, checklist, problems) if checklist else []
    pieces += [number for answer in answers for number in answer["evidence"]]
    values = collected.values_of(wanted.fields, request.POST)
    values |= {entry.name: None for entry in wanted.fields if entry.name not in values and entry.name in case.data}
    key = "".join(sign for sign in request.POST.get("key", "")[:40] if sign.isalnum() or sign == "-")
    return Filled(values, answers, list(dict.fromkeys(pieces)), note_of(request), request.POST.get("to", ""), key), problems


def _form(
    request: Request, case: Case, flow: Flow, choice: Choice, filled: Filled, problems: Sequence[Problem], version: int | None = None
) -> HttpResponse:
    wanted, language = choice.transition, numbers.language()
    errors, general = errors_of(problems, wanted, flow)
    loose = [piece for piece in request.docket.evidence(case) if piece.step_id is None]
    checklist = flow.checklists.get(wanted.checklist)
    given = {answer["item"]: answer for answer in filled.answers}
    target = flow.state.get(wanted.to)
    return show(
        request,
        "cases/move.html",
        status=422 if problems else 200,
        **head(case),
        transition=wanted,
        title=wanted.title.text(language),
        hint=wanted.about.text(language) if wanted.about else "",
        target=target.title.text(language) if target else "",
        allowed=choice.allowed,
        why_not=[problem.text(language) for problem in choice.why_not],
        controls=collected.controls(request.ledger, flow, wanted.fields, filled.values, errors),
        context=collected.context(flow, wanted.fields, case.data),
        needs=[{**need, "errors": errors.get(need["need"].name, [])} for need in bringing.shown(case, wanted.evidence, loose)],
        checklist=checklists.shown(request.ledger, checklist, given, errors) if checklist else None,
        candidates=persons.candidates(case, wanted.assigns) if wanted.assigns else [],
        note_needed=wanted.note,
        note_errors=errors.get("note", []),
        filled=filled,
        version=case.version if version is None else version,
        errors=general,
        count=len(problems),
        laws=wanted.laws,
    )


def errors_of(problems: Sequence[Problem], wanted: Transition, flow: Flow) -> tuple[Mapping[str, list[str]], list[str]]:
    """What is wrong by field, evidence and question, and what is wrong with the whole."""
    language = numbers.language()
    checklist = flow.checklists.get(wanted.checklist)
    known = (
        {entry.name for entry in wanted.fields}
        | {need.name for need in wanted.evidence}
        | set(checklist.items if checklist else ())
        | {"note"}
    )
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    general = []
    for problem in problems:
        column = problem.place.column.partition("[")[0].partition(".")[0] if problem.place else ""
        text = Problem(problem.code, problem.values).text(language)
        if column in known:
            by_name[column].append(text)
        else:
            general.append(text)
    return by_name, general


def _seen(request: Request) -> int | None:
    """The version the reader looked at, where the address or the form says it."""
    text = request.POST.get("version", "") or request.GET.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _gone(request: Request, case: Case, wanted: Transition, seen: int | None, filled: Filled | None = None) -> HttpResponse:
    """Somebody was faster, or the case is not where this step begins: what happened since, and that nothing was lost or doubled."""
    flow = declared.flow_of(case)
    steps = [step for step in request.docket.steps(case) if seen is None or step.number > seen]
    written = collected.lines(request.ledger, flow, {name: value for name, value in (filled.values if filled else {}).items() if value})
    still = any(entry.transition.name == wanted.name and entry.allowed for entry in moving.available(case, request.user))
    return show(
        request,
        "cases/moved.html",
        status=409,
        **head(case),
        transition=wanted,
        title=wanted.title.text(numbers.language()),
        steps=events(request.ledger, flow, case, steps[-5:], []),
        written=written,
        note=filled.note if filled else "",
        kept=bool(filled and filled.pieces),
        still=still,
        tried=request.method == "POST",
    )
