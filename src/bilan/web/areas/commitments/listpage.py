"""The list of plans, each with how far its commitments are confirmed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bilan.people.roles import Capability
from bilan.plans.models import Check, Plan, PlanState
from bilan.web.areas.commitments import reading
from bilan.web.areas.commitments.frame import EDITS, SECTION, SEES, edits, title_of
from bilan.web.areas.scorecard.frame import tabs
from bilan.web.components.table import Column, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

STATES = {PlanState.READ: "risk", PlanState.RUNNING: "ok", PlanState.ENDED: "quiet"}


@page("plans", name="plans", section=SECTION, reads=SEES, writes=EDITS)
def plans(request: Request) -> HttpResponse:
    """All plans, newest first."""
    may = edits(request)
    targets = dict(request.planbook.targets().order_by().values_list("plan").annotate(n=Count("pk")))
    rows = [_row(plan, targets.get(plan.pk, 0)) for plan in _counted(request)]
    table = Table(
        "plans",
        [
            Column("title", _("Plan"), href=lambda row: reverse("plan", args=[row["code"]])),
            Column("period", _("Period"), wide=True),
            Column("state", _("State"), render=_state),
            Column("progress", _("Confirmed"), kind="share", render=_progress),
            Column("commitments", _("Commitments"), kind="number", decimals=0),
            Column("targets", _("Targets"), kind="number", decimals=0, wide=True),
            Column("number", _("Number of the document"), wide=True, shown=False),
            Column("organisation", _("Issued by"), wide=True, shown=False),
        ],
        rows,
        request.GET,
        search=("title", "number", "organisation", "code"),
        sort="-period",
        caption=_("Plans"),
        empty=_("Hand in the first plan document; its commitments are read from it."),
        forms=None if request.planbook.can(Capability.EXPORT) else {},
    )
    return show(
        request,
        "commitments/list.html",
        table=table,
        tabs=tabs(request, "plans"),
        edits=may,
        many=len(rows) > 1,
        jobs=reading.unfinished(request) if may else [],
    )


def _counted(request: Request) -> list[Any]:
    alive = ~Q(commitments__check_state=Check.REJECTED)
    decided = Q(commitments__check_state__in=(Check.CONFIRMED, Check.CORRECTED))
    found = request.planbook.plans().defer("blocks")
    return list(found.annotate(all=Count("commitments", filter=alive), decided=Count("commitments", filter=decided)))


def _row(plan: Any, targets: int) -> dict[str, Any]:
    return {
        "code": plan.code,
        "title": title_of(plan),
        "period": f"{plan.begin}–{plan.end}",
        "state": str(PlanState(plan.state).label),
        "tone": STATES.get(PlanState(plan.state), "quiet"),
        "progress": 100 * plan.decided / plan.all if plan.all else None,
        "decided": plan.decided,
        "commitments": plan.all,
        "targets": targets,
        "number": plan.number,
        "organisation": plan.organisation,
        "demo": plan.demo,
    }


def _state(row: Row) -> str:
    return format_html('<span class="status status-{}">{}</span>', row["tone"], row["state"])


def _progress(row: Row) -> str:
    share = row["progress"] or 0
    return format_html('<span class="meter"><i style="width:{}%"></i></span> {} / {}', f"{share:.0f}", row["decided"], row["commitments"])


def known(request: Request) -> list[Plan]:
    """Plans to choose from."""
    return list(request.planbook.plans().defer("blocks"))
