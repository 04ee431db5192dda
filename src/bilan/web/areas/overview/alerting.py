"""The gravest open alerts, as what needs a hand now."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max
from django.urls import reverse

from bilan.casework.models import Level
from bilan.people.roles import Capability
from bilan.web.areas.alerts import saying
from bilan.web.areas.alerts.asking import by_level, gravest
from bilan.web.areas.alerts.listing import names_of
from bilan.web.areas.alerts.words import TONES, wall_of
from bilan.web.registry import Request

MOST = 4


def items(request: Request) -> list[dict[str, Any]]:
    """The gravest alerts within the reader's reach and the district chosen."""
    if not request.docket.can(Capability.SEE):
        return []
    found = gravest(request.docket, request.district, MOST)
    points = names_of(request.monitoring, found)
    return [
        {
            "tone": TONES[Level(alert.level)],
            "mark": Level(alert.level).label,
            "title": saying.title_of(alert.rule),
            "text": saying.sentence(alert, points),
            "href": reverse("alert", args=[alert.pk]),
            "since": wall_of(alert.opened),
        }
        for alert in found
    ]


def total(request: Request) -> int:
    """How many alerts are open within the reader's reach and the district chosen."""
    return sum(by_level(request.docket, request.district).values()) if request.docket.can(Capability.SEE) else 0


def stamp(request: Request) -> str:
    """A text that differs when an alert within the reader's reach has changed."""
    if not request.docket.can(Capability.SEE):
        return ""
    known = request.docket.alerts().order_by().aggregate(newest=Max("changed"), count=Count("pk"), touched=Max("touched"))
    newest = known["newest"]
    return f"{known['count']}-{known['touched'] or 0}-{newest.timestamp() if newest else 0:.3f}"
