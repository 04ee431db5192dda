"""My work: what I must do, what nobody of my roles has taken yet, what I help with; what is overdue first."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.casework.models import Case
from bilan.people.roles import Capability
from bilan.web.areas.cases.board import card
from bilan.web.areas.cases.deadline import SOON
from bilan.web.areas.cases.frame import HANDLES, OPEN, SECTION, SEES, in_district, tabs
from bilan.web.areas.cases.listpage import new_of
from bilan.web.pages import show
from bilan.web.registry import Request, page

SHOWN = 60
"""Cases shown of each kind."""


@page("cases/mine", name="my-work", section=SECTION, reads=SEES, writes=HANDLES)
def mine(request: Request) -> HttpResponse:
    """Open cases that wait for the reader."""
    now = timezone.now()
    own = request.docket.cases().filter(standing__in=OPEN, owner=request.user)
    counts = {
        "overdue": own.filter(standing="running", due__lt=now).count(),
        "soon": own.filter(standing="running", due__gte=now, due__lte=now + SOON).count(),
        "mine": own.count(),
        "unowned": unowned(request).count(),
    }
    parts = [
        _part("mine", _("In my charge"), own, f"{reverse('cases')}?owner=me"),
        _part("unowned", _("For my roles, taken by nobody yet"), unowned(request), f"{reverse('cases')}?owner=none"),
        _part("helped", _("I help with"), _helped(request), ""),
    ]
    may = request.docket.can(Capability.HANDLE)
    return show(request, "cases/mine.html", tabs=tabs(request, "my-work"), parts=parts, counts=counts, may=may, new=new_of(request))


def unowned(request: Request) -> QuerySet[Case]:
    """Open cases that wait for one of the reader's roles, within what they may handle, and that nobody has taken."""
    lent = [code for delegation in request.user.delegated() for code in delegation.lent]
    wanted = Q(role__in=[*request.user.roles, *lent])
    if request.docket.can(Capability.ASSIGN):
        wanted |= Q(role="")
    found: QuerySet[Case] = in_district(request, request.docket.cases(Capability.HANDLE).filter(wanted, owner=None, standing__in=OPEN))
    return found


def _helped(request: Request) -> QuerySet[Case]:
    return request.docket.cases().filter(standing__in=OPEN, helpers=request.user).exclude(owner=request.user)


def _part(name: str, title: str, found: QuerySet[Case], href: str) -> dict[str, Any]:
    now = timezone.now()
    ordered = found.order_by(F("due").asc(nulls_last=True), "-level", "code").select_related("owner")
    total = found.count()
    return {
        "name": name,
        "title": title,
        "total": total,
        "cards": [card(case, now) for case in ordered[:SHOWN]] if total else [],
        "href": href,
        "more": max(0, total - SHOWN),
    }
