"""The list of all cases."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bilan.people.roles import Capability
from bilan.web.areas.cases.frame import HANDLES, SECTION, SEES, tabs
from bilan.web.areas.cases.listing import table_of
from bilan.web.components.entries import link
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("cases", name="cases", section=SECTION, reads=SEES, writes=HANDLES)
def cases(request: Request) -> HttpResponse:
    """Cases within the reader's reach; those that are open unless the address asks for others."""
    if request.GET.get("export"):
        request.docket.require(Capability.EXPORT)
    return show(
        request, "cases/list.html", table=table_of(request), tabs=tabs(request, "cases"), actions=actions(request), new=new_of(request)
    )


def new_of(request: Request) -> str:
    """Address for opening a case; empty for who may not."""
    return link("case-new") if request.docket.can(Capability.HANDLE) else ""


def actions(request: Request) -> list[tuple[str, str, str]]:
    """What else the reader may do with cases: address, icon, title."""
    docket = request.docket
    wanted = [
        ("case-dispatch", "send", _("Give out in bulk"), docket.can(Capability.ASSIGN)),
        ("hand-over", "users", _("Hand over a person's work"), docket.can(Capability.ASSIGN)),
        ("campaigns", "target", _("Campaigns"), docket.can(Capability.SEE)),
        ("drawings", "grid-dots", _("Random inspections"), docket.can(Capability.SEE)),
        ("flows", "route", _("Flows"), docket.can(Capability.SEE)),
    ]
    return [(link(name), icon, title) for name, icon, title, may in wanted if may and link(name)]
