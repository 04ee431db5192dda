"""Campaigns: beginning one over a target list, and how far it is by district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.casework import campaigns as service
from bilan.casework.campaigns import Plan, Progress
from bilan.casework.models import Campaign
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.web import site
from bilan.web.areas.cases import declared
from bilan.web.areas.cases.frame import ASSIGNS, SECTION, SEES, day_of
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.components.table import Column, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("cases/campaigns", name="campaigns", section=SECTION, reads=SEES, writes=ASSIGNS)
def campaigns(request: Request) -> HttpResponse:
    """All campaigns the reader may know of; begins one when a form is sent."""
    sent: dict[str, Any] = {}
    errors: list[str] = []
    if request.method == "POST":
        sent = {name: request.POST.get(name, "").strip()[:2000] for name in ("name", "flow", "register", "query", "begin", "end", "note")}
        try:
            made = service.begin(_plan(request, sent), request.user)
        except BilanError as error:
            errors = [problem.text(numbers.language()) for problem in error.problems]
        else:
            messages.success(request, _("The campaign has begun."))
            return redirect("campaign", made.pk)
    rows = [_row(request, campaign) for campaign in request.docket.campaigns()[:200]]
    table = Table(
        "campaigns",
        [
            Column("name", _("Campaign"), href=lambda row: reverse("campaign", args=[row["number"]])),
            Column("flow", _("Flow"), wide=True),
            Column("begin", _("Begin"), wide=True),
            Column("end", _("End")),
            Column("total", _("Cases"), kind="number", decimals=0),
            Column("done", _("Closed share"), kind="share"),
            Column("overdue", _("overdue"), kind="number", decimals=0),
        ],
        rows,
        request.GET,
        search=("name", "flow"),
        sort="-begin",
        caption=_("Campaigns"),
        empty=_("A campaign opens a case for each target of a list and shows how far each district is."),
        forms=None if request.docket.can(Capability.EXPORT) else {},
    )
    return show(
        request,
        "cases/campaigns.html",
        status=422 if errors else 200,
        table=table,
        may=request.docket.can(Capability.ASSIGN),
        flows=declared.flow_choices(),
        registers=[(entry.name, entry.title.text(numbers.language())) for entry in request.ledger.registers()],
        sent=sent or {"begin": timezone.localdate().isoformat(), "flow": "campaign-inspection"},
        districts_chosen=request.POST.getlist("districts"),
        errors=errors,
    )


def _plan(request: Request, sent: Mapping[str, str]) -> Plan:
    """What the form asks for.

    Raises:
        BilanError: a day is none, or the flow or the register is not known.
    """
    known = {area.adcode for area in site.districts()}
    if sent["flow"] not in declared.flows():
        raise BilanError(Problem("case.no_flow", {"value": sent["flow"], "allowed": sorted(declared.flows()), "nearest": ""}))
    return Plan(
        name=sent["name"],
        flow=sent["flow"],
        register=request.ledger.register(sent["register"]).name,
        begin=day_of(sent["begin"], "begin"),
        end=day_of(sent["end"], "end"),
        query=sent["query"],
        districts=[code for code in request.POST.getlist("districts") if code in known],
        note=sent["note"][:1000],
    )


def _row(request: Request, campaign: Campaign) -> Row:
    done = _sum(service.progress(campaign, request.docket))
    return {
        "number": campaign.pk,
        "code": campaign.pk,
        "name": campaign.name,
        "flow": declared.flow_title(campaign.flow),
        "begin": campaign.begin.isoformat(),
        "end": campaign.end.isoformat(),
        "total": done.total,
        "done": done.share,
        "overdue": done.overdue,
    }


def _sum(parts: Sequence[Progress]) -> Progress:
    whole = Progress("")
    for part in parts:
        whole.total += part.total
        whole.closed += part.closed
        whole.cancelled += part.cancelled
        whole.overdue += part.overdue
    return whole


@page("cases/campaigns/<int:number>", name="campaign", section=SECTION, reads=SEES, writes=ASSIGNS)
def campaign(request: Request, number: int) -> HttpResponse:
    """How far a campaign is by district; takes in new targets or ends it when asked to."""
    found = request.docket.campaigns().filter(pk=number).select_related("person").first()
    if found is None:
        raise NotVisible(number)
    if request.method == "POST":
        return _act(request, found)
    parts = service.progress(found, request.docket)
    whole = _sum(parts)
    today = timezone.localdate()
    return show(
        request,
        "cases/campaign.html",
        campaign=found,
        flow_title=declared.flow_title(found.flow),
        flow_href=link("flow", found.flow),
        register_href=f"{link('register-list', found.register)}?{found.query.lstrip('?')}" if found.register else "",
        register_title=_register_title(request, found.register),
        table=_table(request, found, parts),
        whole=whole,
        percent=100 * whole.share,
        time=_time(found, today),
        left=(found.end - today).days,
        may=request.docket.can(Capability.ASSIGN),
        cases_href=f"{reverse('cases')}?{urlencode({'campaign': found.pk, 'standing': 'all'})}",
    )


def _register_title(request: Request, name: str) -> str:
    known = request.ledger.declared.registers.get(name)
    return known.title.text(numbers.language()) if known else name


def _time(found: Campaign, today: date) -> float:
    """Part of its time that has passed [%]."""
    length = max(1, (found.end - found.begin).days + 1)
    return max(0.0, min(100.0, 100 * ((today - found.begin).days + 1) / length))


def _table(request: Request, found: Campaign, parts: Sequence[Progress]) -> Table:
    states = [(name, title) for name, title in declared.state_choices(found.flow) if any(name in part.states for part in parts)]
    rows: list[Row] = [
        {
            "code": part.district,
            "district": site.district_name(part.district, numbers.language()) if part.district else _("whole city"),
            "total": part.total,
            **{f"state-{name}": part.states.get(name, 0) for name, _title in states},
            "closed": part.closed,
            "cancelled": part.cancelled,
            "overdue": part.overdue,
            "share": part.share,
        }
        for part in parts
    ]

    def href(row: Row) -> str:
        query = {"campaign": found.pk, "standing": "all", **({"district": row["code"]} if row["code"] else {})}
        return f"{reverse('cases')}?{urlencode(query)}"

    return Table(
        "campaign",
        [
            Column("district", _("District"), href=href),
            Column("total", _("Cases"), kind="number", decimals=0),
            *(Column(f"state-{name}", title, kind="number", decimals=0, wide=True) for name, title in states),
            Column("closed", _("Case closed"), kind="number", decimals=0),
            Column("overdue", _("overdue"), kind="number", decimals=0),
            Column("share", _("Closed share"), kind="share"),
        ],
        rows,
        request.GET,
        sort="-share",
        caption=_("Progress by district"),
        empty=_("No case is open within your reach."),
        forms=None if request.docket.can(Capability.EXPORT) else {},
    )


def _act(request: Request, found: Campaign) -> HttpResponse:
    try:
        if request.POST.get("do") == "extend":
            n = service.extend(found, request.user)
            messages.success(request, ngettext("%(n)d case was opened", "%(n)d cases were opened", n) % {"n": n})
        elif request.POST.get("do") == "end":
            service.end(found, request.user)
            messages.success(request, _("The campaign is over; what is open goes on to its end."))
        else:
            raise NotVisible(request.POST.get("do", ""))
    except BilanError as error:
        messages.error(request, error.text(numbers.language()))
    return redirect("campaign", found.pk)
