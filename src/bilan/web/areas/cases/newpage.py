"""Opening a case by hand: from an alert, from an entry, from a complaint, or for a task of its own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bilan.casework.models import Alert, Case, Level
from bilan.casework.moving import Opening, open_case
from bilan.pack.flows import Flow
from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed
from bilan.problems import BilanError, Problem
from bilan.registers.models import Entry
from bilan.web import site
from bilan.web.areas.alerts import saying
from bilan.web.areas.cases import collected, declared, persons
from bilan.web.areas.cases.board import card
from bilan.web.areas.cases.frame import HANDLES, OPEN, SECTION, note_of
from bilan.web.areas.people.frame import known_roles
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.pages import show
from bilan.web.registry import Request, page

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class About:
    """What a new case is about.

    Attributes:
        query: the address's words for it, to be kept.
    """

    alert: Alert | None = None
    entry: Entry | None = None
    query: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of subject a flow must take."""
        if self.alert is not None:
            return ("alert",)
        return ("entry",) if self.entry is not None else ("task", "none")

    @property
    def register(self) -> str:
        """Register of the entry; empty when there is none."""
        return self.entry.register if self.entry is not None else ""

    @property
    def name(self) -> str:
        """What it is called."""
        if self.alert is not None:
            return self.alert.name or self.alert.source
        return (self.entry.name or self.entry.code) if self.entry is not None else ""

    @property
    def seed(self) -> str:
        """Key by which the same cause opens no second case; empty for what may be opened as often as one likes."""
        if self.alert is not None:
            return f"alert:{self.alert.rule}:{self.alert.source}"[:200]
        return f"entry:{self.entry.register}:{self.entry.code}"[:200] if self.entry is not None else ""


@page("cases/new", name="case-new", section=SECTION, reads=HANDLES, writes=HANDLES)
def new(request: Request) -> HttpResponse:
    """Choose a flow for what the address names, fill in what it asks for, and open the case."""
    about = _about(request)
    name = request.GET.get("flow", "") or (about.alert.flow if about.alert is not None else "")
    known = declared.flows().get(name)
    if known is None or not set(about.kinds) & set(known.subject.kinds):
        return _choose(request, about, known)
    flow = declared.flow(name)
    if not _may(request, flow):
        raise NotAllowed(Capability.HANDLE)
    if request.method != "POST":
        values = {entry.name: entry.default for entry in flow.opening.fields if entry.default is not None}
        return _form(
            request, flow, about, {"title": _title(flow, about), "key": uuid.uuid4().hex, "district": _district(request, about)}, values
        )
    return _open(request, flow, about)


def _about(request: Request) -> About:
    """The alert or the entry that the address names.

    Raises:
        NotVisible: there is none that the reader may see.
    """
    number, register, code = (request.GET.get(name, "") for name in ("alert", "register", "entry"))
    if number.isascii() and number.isdigit() and len(number) < 12:
        return About(alert=request.docket.alert(int(number)), query=f"alert={number}")
    if register and code:
        found = request.ledger.entry(register, code)
        if isinstance(found, Entry):
            return About(entry=found, query=f"register={register}&entry={found.code}")
    return About()


def _choose(request: Request, about: About, wanted: Flow | None) -> HttpResponse:
    """Which flow, or, for one that begins at an entry, which entry."""
    return show(
        request,
        "cases/choose.html",
        about=about,
        flows=[] if wanted else _fitting(request, about),
        entered=[] if about.query else _from_entries(request, wanted),
        running=_running(request, about),
        wanted=wanted.title.text(numbers.language()) if wanted else "",
    )


def _from_entries(request: Request, wanted: Flow | None) -> list[dict[str, Any]]:
    """Flows that begin at an entry of a register, each with its registers."""
    language, seen = numbers.language(), {register.name: register for register in request.ledger.registers()}
    found = []
    for flow in [wanted] if wanted else declared.flows().values():
        registers = [seen[name] for name in flow.subject.registers if name in seen]
        if "entry" in flow.subject.kinds and registers and _may(request, flow):
            links = [(link("register-list", register.name), register.title.text(language)) for register in registers]
            found.append({"title": flow.title.text(language), "about": flow.about.text(language), "registers": links})
    return sorted(found, key=lambda entry: str(entry["title"]))


def _may(request: Request, flow: Flow) -> bool:
    """Whether one of the reader's roles opens cases of a flow; how far it reaches is looked at when it is done."""
    lent = [code for delegation in request.user.delegated() for code in delegation.lent]
    held = {*request.user.roles, *lent} & set(known_roles())
    return not flow.opening.roles or bool(held & set(flow.opening.roles))


def _fitting(request: Request, about: About) -> list[dict[str, Any]]:
    """Flows that take such a subject and that the reader may open, those made for the register first."""
    language = numbers.language()
    found = []
    for name, flow in declared.flows().items():
        taken = not flow.subject.registers or about.register in flow.subject.registers or about.alert is not None
        if set(about.kinds) & set(flow.subject.kinds) and taken and _may(request, flow):
            made = bool(flow.subject.registers) and about.register in flow.subject.registers
            href = f"?{about.query}{'&' if about.query else ''}flow={name}"
            found.append({"title": flow.title.text(language), "about": flow.about.text(language), "href": href, "made": made})
    return sorted(found, key=lambda entry: (not entry["made"], entry["title"]))


def _running(request: Request, about: About) -> list[dict[str, Any]]:
    """Open cases about the same thing, so that nobody opens a second one unawares."""
    if about.entry is not None:
        found = request.docket.cases().filter(register=about.entry.register, entry=about.entry.code, standing__in=OPEN)
    elif about.alert is not None:
        found = request.docket.cases().filter(alerts=about.alert, standing__in=OPEN)
    else:
        return []
    return [card(case, case.changed) for case in found.select_related("owner").order_by("-opened")[:5]]


def _title(flow: Flow, about: About) -> str:
    language = numbers.language()
    if about.alert is not None:
        return f"{about.name} {saying.title_of(about.alert.rule)}".strip()[:LONGEST_TITLE]
    return f"{about.name} {flow.title.text(language)}"[:LONGEST_TITLE] if about.entry is not None else ""


def _district(request: Request, about: About) -> str:
    if about.entry is not None or about.alert is not None:
        return ""
    own = [code for code in request.user.districts if len(code) == 6]
    return request.district or (own[0] if len(own) == 1 else "")


def _open(request: Request, flow: Flow, about: About) -> HttpResponse:
    sent = {
        name: " ".join(request.POST.get(name, "").split())[:LONGEST_TITLE] for name in ("title", "level", "district", "place_name", "owner")
    }
    sent |= {"note": note_of(request), "key": "".join(sign for sign in request.POST.get("key", "")[:40] if sign.isalnum())}
    values = collected.values_of(flow.opening.fields, request.POST)
    try:
        case = open_case(flow.name, _opening(request, flow, about, sent, values), request.user)
    except BilanError as error:
        return _form(request, flow, about, sent, values, error.problems)
    messages.success(request, _("Case %(code)s is open") % {"code": case.code})
    return redirect("case", case.code)


def _opening(request: Request, flow: Flow, about: About, sent: Mapping[str, str], values: Mapping[str, Any]) -> Opening:
    made = Opening(
        title=sent["title"],
        alert=about.alert,
        register=about.register,
        entry=about.entry.code if about.entry is not None else "",
        district=sent["district"] if not about.query and sent["district"] in {area.adcode for area in site.districts()} else "",
        place_name="" if about.query else sent["place_name"],
        level=int(sent["level"]) if sent["level"] in {str(rank) for rank in Level.values} else None,
        values=values,
        note=sent["note"],
        seed=about.seed,
        key=sent["key"],
    )
    if not sent["owner"]:
        return made
    stub = _stub(about, made)
    owner = persons.chosen(request, stub, sent["owner"])
    return Opening(**{name: getattr(made, name) for name in Opening.__dataclass_fields__ if name != "owner"}, owner=owner)


def _stub(about: About, opening: Opening) -> Case:
    """A case that is nowhere kept, to ask who may be given it."""
    source = about.entry or about.alert
    if source is not None:
        return Case(district=source.district, town=source.town, organisation=source.organisation)
    return Case(district=opening.district)


def _form(
    request: Request, flow: Flow, about: About, sent: Mapping[str, str], values: Mapping[str, Any], problems: Sequence[Problem] = ()
) -> HttpResponse:
    language = numbers.language()
    known = {entry.name for entry in flow.opening.fields}
    errors: dict[str, list[str]] = {}
    general = []
    for problem in problems:
        column = problem.place.column.partition("[")[0].partition(".")[0] if problem.place else ""
        text = Problem(problem.code, problem.values).text(language)
        if column in known or column == "title":
            errors.setdefault(column, []).append(text)
        else:
            general.append(text)
    districts = [(area.adcode, numbers.named(area)) for area in site.districts() if request.ledger.scope.allows_district(area.adcode)]
    return show(
        request,
        "cases/new.html",
        status=422 if problems else 200,
        flow=flow,
        title=flow.title.text(language),
        hint=flow.opening.says.text(language) if flow.opening.says else flow.about.text(language),
        about=about,
        sent=sent,
        controls=collected.controls(request.ledger, flow, flow.opening.fields, values, errors),
        levels=[(str(rank), str(label)) for rank, label in Level.choices],
        level=sent.get("level") or str(about.alert.level if about.alert is not None else 0),
        districts_open=districts,
        candidates=persons.candidates(_stub(about, Opening("", district=sent.get("district", ""))))
        if about.query or sent.get("district")
        else [],
        running=_running(request, about),
        errors=general,
        title_errors=errors.get("title", []),
        count=len(problems),
    )
