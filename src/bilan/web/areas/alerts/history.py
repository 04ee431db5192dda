"""What happened to an alert, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.casework.models import Alert, AlertEvent, Level
from bilan.web.areas.alerts import saying
from bilan.web.areas.alerts.asking import STANDING
from bilan.web.areas.alerts.listing import names_of
from bilan.web.areas.alerts.words import EVENTS, level_badge, state_badge, wall_of
from bilan.web.components import numbers
from bilan.web.registry import Request

LEVELLED = frozenset({"opened", "raised", "lowered", "escalated", "reraised", "cleared"})
MOST = 10


def levels(alert: Alert, events: Sequence[AlertEvent]) -> list[dict[str, Any]]:
    """The levels it had, each with when it began."""
    found: list[dict[str, Any]] = []
    for event in events:
        if event.kind not in LEVELLED:
            continue
        over = event.kind == "cleared"
        if found and not over and found[-1]["level"] == event.level:
            continue
        badge = _("Cleared") if over else level_badge(event.level)
        found.append({"when": wall_of(event.at), "badge": badge, "level": 0 if over else event.level, "over": over})
    return found or [{"when": wall_of(alert.opened), "badge": level_badge(alert.level), "level": alert.level, "over": False}]


def timeline(events: Iterable[AlertEvent]) -> list[dict[str, Any]]:
    """Events for a timeline, newest first."""
    return [_event(event) for event in reversed(list(events))]


def _event(event: AlertEvent) -> dict[str, Any]:
    tone, title = EVENTS.get(event.kind, ("quiet", event.kind))
    who = event.author or (str(event.person) if event.person else "")
    level = Level(event.level).label if event.kind in LEVELLED - {"cleared"} and event.level in Level.values else ""
    heading = " · ".join(str(part) for part in (title, level, who) if part)
    return {"when": numbers.wall(wall_of(event.at)), "title": heading, "text": event.text, "tone": tone}


def related(request: Request, alert: Alert) -> list[dict[str, Any]]:
    """Other alerts that stand beside it: its head, those folded under it, of the same cause, earlier episodes, at the same source."""
    visible = request.docket.alerts().exclude(pk=alert.pk)
    about = Q(pk__in=[])
    if alert.point:
        about |= Q(point=alert.point)
    if alert.register and alert.code:
        about |= Q(register=alert.register, code=alert.code)
    earlier = visible.filter(rule=alert.rule, source=alert.source).order_by("-opened")
    groups = [
        (_("Folded under"), visible.filter(pk=alert.folded_id or 0)),
        (_("Folded under this alert"), visible.filter(folded=alert.pk).order_by("state", "-level", "-opened")),
        (_("Of the same cause"), _same_cause(visible, alert)),
        (_("Others here now"), visible.filter(about, state__in=STANDING).exclude(folded=alert.pk).order_by("-level", "-opened")),
        (_("Earlier episodes"), earlier),
    ]
    shown, known = [], set[int]()
    for title, found in groups:
        listed = [entry for entry in found[: MOST + len(known)] if entry.pk not in known][:MOST]
        known |= {entry.pk for entry in listed}
        if listed:
            shown.append((title, listed))
    points = names_of(request.monitoring, [entry for _title, listed in shown for entry in listed])
    return [{"title": title, "items": [_item(entry, points) for entry in listed]} for title, listed in shown]


def items(request: Request, alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    """Alerts as they stand in short lists."""
    points = names_of(request.monitoring, alerts)
    return [_item(entry, points) for entry in alerts]


def _same_cause(visible: Any, alert: Alert) -> Any:
    if not alert.cause:
        return visible.none()
    return visible.filter(cause=alert.cause, state__in=STANDING).exclude(folded=alert.pk).order_by("-level", "-opened")


def _item(entry: Alert, points: Any) -> dict[str, Any]:
    return {
        "href": reverse("alert", args=[entry.pk]),
        "title": saying.title_of(entry.rule),
        "says": saying.sentence(entry, points),
        "level": level_badge(entry.level),
        "state": state_badge(entry),
        "opened": wall_of(entry.opened),
        "cleared": wall_of(entry.cleared),
    }
