"""Alerts: what is wrong now and what was, limited to what the caller may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from bilan.casework.models import Alert, AlertEvent, AlertState
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web.api import arguments
from bilan.web.areas.alerts import saying
from bilan.web.areas.alerts.listing import names_of

router = Router(tags=["alerts"])

STATES = ("standing", *AlertState.values, "all")
SORTS = ("-level", "level", "-opened", "opened", "-changed", "changed", "number", "-number")


@router.get("/alerts", summary="Alerts · 预警")
def alerts(
    request: HttpRequest,
    state: str = "standing",
    level: int = 0,
    rule: str = "",
    network: str = "",
    district: str = "",
    points: str = "",
    of_register: str = "",
    code: str = "",
    acknowledged: bool | None = None,
    since: str = "",
    sort: str = "-level",
    limit: int = arguments.PAGE,
    offset: int = 0,
) -> dict[str, Any]:
    """Alerts that stand (or in another `state`: ``open``, ``explained``, ``cleared``, ``all``), of `level` 1 to 4 and above.

    `since` keeps those that changed at or after a time of the city. Sorted by ``level``, ``opened``, ``changed`` or ``number``, ``-``
    before it for downwards.
    """
    request.docket.require(Capability.SEE)
    found = request.docket.alerts().filter(level__gte=max(0, min(level, 4)))
    if _one_of("state", state, STATES) != "all":
        found = found.exclude(state=AlertState.CLEARED) if state == "standing" else found.filter(state=state)
    same = {"rule": rule, "network": network, "district": district, "register": of_register, "code": code}
    found = found.filter(**{name: value for name, value in same.items() if value})
    if wanted := arguments.codes(points):
        found = found.filter(point__in=wanted[:500])
    if acknowledged is not None:
        found = found.exclude(acknowledged=None) if acknowledged else found.filter(acknowledged=None)
    if since:
        moment = clock.moment(arguments.moment(since, 0))
        found = found.filter(changed__gte=timezone.make_aware(moment))
    order = _one_of("sort", sort, SORTS).replace("number", "pk")
    found = found.order_by(order, "-opened", "-pk")
    size, start = max(1, min(limit, arguments.LARGEST_PAGE)), max(0, min(offset, 10**9))
    shown = list(found[start : start + size])
    known = names_of(request.monitoring, shown)
    return {"count": found.order_by().count(), "items": [described(alert, known) for alert in shown]}


@router.get("/alerts/{number}", summary="One alert with what happened to it · 单条预警")
def alert(request: HttpRequest, number: int) -> dict[str, Any]:
    """One alert with its events, the oldest first, and what proves it."""
    found = request.docket.alert(min(max(number, 0), 2**62))
    events = [_event(event) for event in request.docket.events(found)]
    return {**described(found, names_of(request.monitoring, [found])), "proof": found.proof, "cause": found.cause, "events": events}


def described(found: Alert, points: Mapping[str, Point]) -> dict[str, Any]:
    """One alert in plain values; moments of people with their zone, those of data as wall time of the city."""
    return {
        "number": found.pk,
        "rule": found.rule,
        "title": saying.title_of(found.rule),
        "says": saying.sentence(found, points),
        "level": found.level,
        "peak": found.peak,
        "state": found.state,
        "subject": found.subject,
        "source": found.source,
        "point": found.point,
        "parameter": found.parameter,
        "network": found.network,
        "register": found.register,
        "code": found.code,
        "name": found.name,
        "district": found.district,
        "organisation": found.organisation,
        "lon": found.lon,
        "lat": found.lat,
        "opened": found.opened,
        "changed": found.changed,
        "cleared": found.cleared,
        "began": arguments.iso(found.began) if found.began else None,
        "moment": arguments.iso(found.moment) if found.moment else None,
        "evaluations": found.evaluations,
        "values": found.values,
        "acknowledged": found.acknowledged,
        "suppressed_until": found.suppressed_until,
        "folded": found.folded_id,
        "before": found.before_id,
        "role": found.role,
        "flow": found.flow,
    }


def _event(event: AlertEvent) -> dict[str, Any]:
    values: Mapping[str, Any] = event.values
    return {"at": event.at, "kind": event.kind, "level": event.level, "author": event.author, "text": event.text, "values": values}


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": value, "allowed": list(allowed)}))
    return value
