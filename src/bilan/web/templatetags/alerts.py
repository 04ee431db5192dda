"""The card that says on other pages what is wrong here."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Q
from django.template.context import Context
from django.urls import reverse
from django.utils.http import urlencode

from bilan.casework.models import AlertState
from bilan.people.roles import Capability
from bilan.web.areas.alerts.asking import STANDING
from bilan.web.areas.alerts.history import items

register = template.Library()
MOST = 6


@register.inclusion_tag("alerts/here.html", takes_context=True)
def alerts_here(context: Context, point: str = "", register: str = "", code: str = "", gauges: Any = (), span: int = 12) -> dict[str, Any]:
    """Alerts that stand at a point, or at an entry and the points that measure it; nothing for who sees no alerts.

    Parameters:
        register, code: of the entry; `gauges`: its points, each with ``code``.
    """
    request = context["request"]
    if not request.docket.can(Capability.SEE):
        return {"seen": False}
    points = [point] if point else [gauge.code for gauge in gauges]
    about = Q(point__in=points) if points else Q(pk__in=[])
    if register and code:
        about |= Q(register=register, code=code)
    found = request.docket.alerts().filter(about)
    standing = found.filter(state__in=STANDING).order_by("-level", "-opened")
    listed = list(standing[: MOST + 1])
    query = {"point": point} if point else {"register": register, "code": code} if not points else {"q": code}
    return {
        "seen": True,
        "span": span,
        "items": items(request, listed[:MOST]),
        "more": len(listed) > MOST,
        "past": found.filter(state=AlertState.CLEARED).order_by().count() if not listed else 0,
        "href": f"{reverse('alerts')}?{urlencode({**query, 'state': 'all'})}",
    }
