"""Giving, urging or moving many cases at once: choose what, look who stands against it, do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from bilan.casework import moving
from bilan.casework.models import Case
from bilan.casework.moving import Move
from bilan.pack.flows import Flow, Transition
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.web.areas.cases import collected, declared, persons
from bilan.web.areas.cases.board import card
from bilan.web.areas.cases.frame import ASSIGNS, SECTION, note_of
from bilan.web.areas.cases.listing import wanted_of
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST = 5000
"""Cases that one request may change."""
LISTED = 30
WAYS = {
    "assign": gettext_lazy("Give them to somebody"),
    "release": gettext_lazy("Give them back to their roles"),
    "urge": gettext_lazy("Urge"),
    "suspend": gettext_lazy("Stop the clock"),
    "resume": gettext_lazy("Let the clock run again"),
}
"""What may be done with many cases besides the transitions they share."""
Refused = list[tuple[Case, Sequence[Problem]]]


@page("cases/bulk", name="case-bulk", section=SECTION, reads=ASSIGNS, writes=ASSIGNS)
def bulk(request: Request) -> HttpResponse:
    """The cases that the address names, what may be done with all of them, and doing it; a trial first when asked for one."""
    cases = _cases(request)
    flow, shared = _shared(cases)
    chosen = request.POST.get("do", request.GET.get("do", ""))
    wanted = next((entry for entry in shared if f"move:{entry.name}" == chosen), None)
    tried: Refused | None = None
    errors: list[str] = []
    values: dict[str, Any] = {}
    if request.method == "POST" and (wanted is not None or chosen in WAYS):
        values = collected.values_of(wanted.fields, request.POST) if wanted else {}
        sure = request.POST.get("sure") == "1"
        try:
            tried = _do(request, cases, chosen, wanted, values, sure=sure)
        except BilanError as error:
            errors = [problem.text(numbers.language()) for problem in error.problems]
        if sure and tried is not None:
            done = len(cases) - len(tried)
            text = ngettext("%(n)d case was changed", "%(n)d cases were changed", done) % {"n": done}
            messages.success(request, text)
            if not tried:
                return redirect(_back(request))
    return show(
        request,
        "cases/bulk.html",
        cases=[card(case, timezone.now()) for case in cases[:LISTED]],
        count=len(cases),
        more=max(0, len(cases) - LISTED),
        ways=[*WAYS.items(), *((f"move:{entry.name}", entry.title.text(numbers.language())) for entry in shared)],
        chosen=chosen,
        candidates=persons.common(cases[:200]),
        to=request.POST.get("to", ""),
        note=note_of(request),
        controls=collected.controls(request.ledger, flow, wanted.fields, values, {}) if flow and wanted else [],
        tried=tried,
        reasons=_reasons(tried or []),
        fits=len(cases) - len(tried or []),
        done=request.POST.get("sure") == "1" and tried is not None,
        errors=errors,
        back=_back(request),
    )


def _cases(request: Request) -> list[Case]:
    """Cases that are ticked, or all that the list's filters find; only those within reach of giving.

    Raises:
        BilanError: none or too many.
    """
    reachable = request.docket.cases(Capability.ASSIGN).select_related("owner", "declared").order_by("code")
    if request.GET.get("all"):
        found = list(reachable.filter(pk__in=wanted_of(request).cases().values("pk"))[: MOST + 1])
    else:
        asked = list(dict.fromkeys(request.GET.getlist("codes")))[: MOST + 1]
        found = [case for at in range(0, len(asked), 500) for case in reachable.filter(code__in=asked[at : at + 500])]
    if not found or len(found) > MOST:
        raise BilanError(Problem("web.bad_parameter", {"name": "codes", "value": str(len(found)), "allowed": f"1 … {MOST}"}))
    return found


def _shared(cases: Sequence[Case]) -> tuple[Flow | None, list[Transition]]:
    """Transitions that leave where all of the cases stand and that can be made without going there: no evidence, no checklist."""
    if len({(case.flow, case.state, case.declared_id) for case in cases}) != 1:
        return None, []
    flow = declared.flow_of(cases[0])
    ways = [way for way in flow.leaving(cases[0].state) if not way.checklist and not any(need.least for need in way.evidence)]
    return flow, ways


def _do(request: Request, cases: Sequence[Case], chosen: str, wanted: Transition | None, values: dict[str, Any], *, sure: bool) -> Refused:
    """Do it, or only try; gives the cases that refused with the reasons.

    Raises:
        BilanError: nobody is named to give them to.
    """
    with transaction.atomic():
        if wanted is not None:
            asks = [(case, wanted.name, Move(values=values, note=note_of(request), version=case.version)) for case in cases]
            done = moving.move_many(asks, request.user, accept="rows")
            refused: Refused = [(case, entry.problems) for case, entry in zip(cases, done, strict=True) if entry.step is None]
        else:
            refused = _each(cases, _act(request, chosen))
        if not sure:
            transaction.set_rollback(True)
    return refused


def _each(cases: Sequence[Case], act: Callable[[Case], object]) -> Refused:
    refused: Refused = []
    for case in cases:
        try:
            with transaction.atomic():
                act(case)
        except BilanError as error:
            refused.append((case, error.problems))
    return refused


def _act(request: Request, chosen: str) -> Callable[[Case], object]:
    """What is done with each case.

    Raises:
        BilanError: nobody is named to give them to.
    """
    by, note = request.user, note_of(request)
    if chosen == "assign":
        number = request.POST.get("to", "")
        to = Person.objects.filter(pk=int(number), is_active=True).first() if number.isascii() and number.isdigit() else None
        if to is None:
            raise BilanError(Problem("web.bad_parameter", {"name": "to", "value": number[:20], "allowed": "…"}))
        return lambda case: moving.assign(case, to, by, note=note)
    acts: dict[str, Callable[[Case], object]] = {
        "release": lambda case: moving.assign(case, None, by, note=note),
        "urge": lambda case: moving.urge(case, by, note=note),
        "suspend": lambda case: moving.suspend(case, by, note=note),
        "resume": lambda case: moving.resume(case, by, note=note),
    }
    return acts[chosen]


def _reasons(refused: Refused) -> list[tuple[str, int, str]]:
    """Why cases refused, the most frequent first, with some of their codes."""
    language = numbers.language()
    texts = [(Problem(problem.code, problem.values).text(language), case.code) for case, problems in refused for problem in problems]
    counts = Counter(text for text, _code in texts)
    return [(text, number, "、".join([code for said, code in texts if said == text][:3])) for text, number in counts.most_common(LISTED)]


def _back(request: Request) -> str:
    query = request.GET.copy()
    for name in ("codes", "all", "do"):
        query.pop(name, None)
    return f"{reverse('cases')}?{query.urlencode()}"
