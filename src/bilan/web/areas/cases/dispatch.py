"""Giving out in bulk: a case for each of many alerts, or of many entries of a register, with a trial before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.casework import moving
from bilan.casework.models import Alert, AlertState, Level
from bilan.casework.moving import Done, Opening
from bilan.pack.flows import Flow
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.registers.models import Entry
from bilan.web import site
from bilan.web.areas.alerts import saying
from bilan.web.areas.cases import collected, declared, persons, words
from bilan.web.areas.cases.frame import ASSIGNS, SECTION, note_of
from bilan.web.areas.registers.listing import Wanted
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST = 5000
"""Cases that one request may open."""
ALERTS = 200
"""Alerts offered to be ticked."""
LISTED = 60
FROM_ALERTS = "alerts"


@dataclass(frozen=True, slots=True)
class Subjects:
    """What cases are opened for.

    Attributes:
        offered: alerts among which one ticks; entries are taken as the list finds them.
        chosen: those that are taken.
        total: how many the source has.
    """

    offered: Sequence[Alert]
    chosen: Sequence[Alert | Entry]
    total: int


@page("cases/dispatch", name="case-dispatch", section=SECTION, reads=ASSIGNS, writes=ASSIGNS)
def dispatch(request: Request) -> HttpResponse:
    """Choose what, by which flow, to whom; look what would be opened; open it."""
    source = request.GET.get("source", FROM_ALERTS)
    register = "" if source == FROM_ALERTS else request.ledger.register(source).name
    flows = _flows(register)
    flow = declared.flows().get(request.GET.get("flow", "")) or (next(iter(flows.values())) if flows else None)
    if flow is None or flow.name not in flows:
        flow = next(iter(flows.values()), None)
    subjects = _subjects(request, register)
    tried: list[tuple[Alert | Entry, Done]] | None = None
    errors: list[str] = []
    values: Mapping[str, Any] = {}
    if request.method == "POST" and flow is not None:
        values = collected.values_of(flow.opening.fields, request.POST)
        sure = request.POST.get("sure") == "1"
        try:
            tried = _do(request, flow, subjects.chosen, values, sure=sure)
        except BilanError as error:
            errors = [problem.text(numbers.language()) for problem in error.problems]
        if sure and tried is not None:
            opened = sum(done.step is not None for _subject, done in tried)
            text = ngettext("%(n)d case was opened", "%(n)d cases were opened", opened) % {"n": opened}
            messages.success(request, text)
            return redirect(f"{reverse('cases')}?{urlencode({'flow': flow.name, 'sort': '-opened'})}")
    return _page(request, source, flows, flow, subjects, values, tried, errors)


def _flows(register: str) -> dict[str, Flow]:
    """Flows that take alerts, or entries of a register; those made for it first."""
    kind = "entry" if register else "alert"
    fits = [flow for flow in declared.flows().values() if kind in flow.subject.kinds]
    if register:
        fits = [flow for flow in fits if not flow.subject.registers or register in flow.subject.registers]
    return {flow.name: flow for flow in sorted(fits, key=lambda flow: register not in flow.subject.registers)}


def _subjects(request: Request, register: str) -> Subjects:
    """Alerts that no case takes care of, the gravest first, or the entries that the register's filters find.

    Raises:
        BilanError: they are too many.
    """
    if register:
        declaration = request.ledger.register(register)
        query = dict(parse_qsl(request.GET.get("query", "").lstrip("?")))
        found = Wanted.of(request.ledger, declaration, query, request.district).entries()
        entries = list(found[: MOST + 1])
        if len(entries) > MOST:
            raise BilanError(Problem("web.bad_parameter", {"name": "query", "value": f"> {MOST}", "allowed": f"1 … {MOST}"}))
        return Subjects((), entries, len(entries))
    open_alerts = request.docket.alerts(Capability.ASSIGN).filter(case=None, folded=None, state=AlertState.OPEN)
    if request.district:
        open_alerts = open_alerts.filter(district=request.district)
    if (level := request.GET.get("level", "")) in {str(rank) for rank in Level.values}:
        open_alerts = open_alerts.filter(level__gte=int(level))
    offered = list(open_alerts.order_by("-level", "-opened")[:ALERTS])
    ticked = set(request.POST.getlist("alert")) if request.method == "POST" else {str(alert.pk) for alert in offered}
    ticked = set(request.GET.getlist("alert")) or ticked if request.method != "POST" else ticked
    return Subjects(offered, [alert for alert in offered if str(alert.pk) in ticked], open_alerts.count())


def _do(
    request: Request, flow: Flow, chosen: Sequence[Alert | Entry], values: Mapping[str, Any], *, sure: bool
) -> list[tuple[Alert | Entry, Done]]:
    """Open the cases, or only try.

    Raises:
        BilanError: nothing is chosen.
    """
    if not chosen:
        raise BilanError(Problem("registers.nothing_to_do"))
    like = Opening(title=_title(request), values=values, note=note_of(request), owner=_owner(request))
    with transaction.atomic():
        done = moving.dispatch(flow.name, chosen, request.user, like=like, accept="rows")
        if not sure:
            transaction.set_rollback(True)
    return list(zip(chosen, done, strict=True))


def _title(request: Request) -> str:
    return " ".join(request.POST.get("title", "").split())[:120]


def _owner(request: Request) -> Person | None:
    number = request.POST.get("to", "")
    return Person.objects.filter(pk=int(number), is_active=True).first() if number.isascii() and number.isdigit() else None


def _page(
    request: Request,
    source: str,
    flows: Mapping[str, Flow],
    flow: Flow | None,
    subjects: Subjects,
    values: Mapping[str, Any],
    tried: list[tuple[Alert | Entry, Done]] | None,
    errors: Sequence[str],
) -> HttpResponse:
    language = numbers.language()
    registers = [(entry.name, entry.title.text(language)) for entry in request.ledger.registers() if _flows(entry.name)]
    made = {name for entry in declared.flows().values() for name in entry.subject.registers}
    taken = {str(subject.pk) for subject in subjects.chosen}
    return show(
        request,
        "cases/dispatch.html",
        source=source,
        sources=[(FROM_ALERTS, _("Alerts that no case takes care of")), *(entry for entry in registers if entry[0] in made)],
        query=request.GET.get("query", ""),
        levels=[(str(rank), str(label)) for rank, label in Level.choices],
        level=request.GET.get("level", ""),
        flows=[(name, entry.title.text(language)) for name, entry in flows.items()],
        flow=flow,
        total=subjects.total,
        count=len(subjects.chosen),
        alerts=[_alert(alert, str(alert.pk) in taken) for alert in subjects.offered],
        entries=[_entry(entry) for entry in subjects.chosen[:LISTED] if isinstance(entry, Entry)],
        more=max(0, len(subjects.chosen) - LISTED) if source != FROM_ALERTS else 0,
        candidates=persons.holding(persons.responsible_at(flow, flow.start)) if flow else [],
        controls=collected.controls(request.ledger, flow, flow.opening.fields, values, {}) if flow else [],
        sent={"title": _title(request), "to": request.POST.get("to", ""), "note": note_of(request)},
        tried=_tried(tried) if tried is not None else None,
        errors=errors,
    )


def _alert(alert: Alert, ticked: bool) -> dict[str, Any]:
    return {
        "alert": alert,
        "ticked": ticked,
        "name": alert.name or alert.source,
        "rule": saying.title_of(alert.rule),
        "level": words.level_mark(alert.level),
        "district": site.district_name(alert.district, numbers.language()) if alert.district else "",
    }


def _entry(entry: Entry) -> dict[str, str]:
    return {
        "code": entry.code,
        "name": entry.name,
        "district": site.district_name(entry.district, numbers.language()) if entry.district else "",
    }


def _tried(tried: Sequence[tuple[Alert | Entry, Done]]) -> dict[str, Any]:
    """What a trial says: how many would be opened, which run already, and why others are refused."""
    language = numbers.language()
    refused = [(subject, problem) for subject, done in tried for problem in done.problems]
    texts = [(Problem(problem.code, problem.values).text(language), subject.name or str(subject)) for subject, problem in refused]
    counts = Counter(text for text, _name in texts)
    running = [done.case for _subject, done in tried if done.step is None and done.case is not None]
    return {
        "opened": sum(done.step is not None for _subject, done in tried),
        "running": len(running),
        "running_first": [case.code for case in running[:5]],
        "refused": sum(bool(done.problems) for _subject, done in tried),
        "reasons": [(text, n, "、".join([name for said, name in texts if said == text][:3])) for text, n in counts.most_common(20)],
    }
