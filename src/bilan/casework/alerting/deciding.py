"""What people decide about alerts: take note, keep quiet for a while, explain, comment. The one door to do so, for one as for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from bilan.casework.alerting import causes, rows
from bilan.casework.alerting.explaining import covers, explains
from bilan.casework.alerting.folding import fold
from bilan.casework.alerting.journal import Journal
from bilan.casework.docket import Docket, within
from bilan.casework.models import Alert, AlertState, Window
from bilan.pack.rules import current
from bilan.people import audit
from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed, NotVisible
from bilan.problems import BilanError, Problem
from bilan.registers.portions import portions


def acknowledge(docket: Docket, numbers: Iterable[int], text: str = "", *, now: datetime | None = None) -> int:
    """Take note of alerts: they escalate no further and nobody is reminded of them.

    Returns:
        How many were not taken note of before.

    Raises:
        NotVisible, NotAllowed: one of them is not the reader's to see, or to handle for the bureau.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = [alert for alert in _handled(docket, numbers) if alert.acknowledged is None and alert.state != AlertState.CLEARED]
        journal = Journal(at, docket.person)
        for alert in fresh:
            alert.acknowledged, alert.acknowledged_by, alert.escalates = at, docket.person, None
            journal.add(alert, "acknowledged", text=text)
        _save(fresh, "acknowledged", "acknowledged_by", "escalates")
        journal.write()
        _record("alert.acknowledge", docket, fresh, text=text)
    return len(fresh)


def suppress(docket: Docket, numbers: Iterable[int], until: datetime, reason: str, *, now: datetime | None = None) -> int:
    """Tell nobody about alerts until a moment, for a reason.

    Returns:
        How many are kept quiet now.

    Raises:
        NotVisible, NotAllowed: one of them is not the reader's to see, or to handle for the bureau.
        BilanError: there is no reason, or the moment is not ahead.
    """
    at = now or timezone.now()
    if not reason.strip():
        raise BilanError(Problem("alerts.no_reason"))
    if until <= at:
        raise BilanError(Problem("alerts.not_ahead", {"value": timezone.localtime(until).strftime("%Y-%m-%d %H:%M")}))
    with transaction.atomic():
        found = [alert for alert in _handled(docket, numbers) if alert.state != AlertState.CLEARED]
        journal = Journal(at, docket.person)
        for alert in found:
            alert.suppressed_until, alert.reason = until, reason.strip()[:400]
            journal.add(alert, "suppressed", text=reason.strip(), until=until.isoformat())
        _save(found, "suppressed_until", "reason")
        journal.write()
        _record("alert.suppress", docket, found, reason=reason.strip(), until=until.isoformat())
    return len(found)


def release(docket: Docket, numbers: Iterable[int], text: str = "", *, now: datetime | None = None) -> int:
    """Take back the suppression of alerts.

    Returns:
        How many were kept quiet before.

    Raises:
        NotVisible, NotAllowed: one of them is not the reader's to see, or to handle for the bureau.
    """
    at = now or timezone.now()
    with transaction.atomic():
        found = [alert for alert in _handled(docket, numbers) if alert.suppressed_until is not None]
        journal = Journal(at, docket.person)
        for alert in found:
            alert.suppressed_until, alert.reason = None, ""
            journal.add(alert, "released", text=text)
        _save(found, "suppressed_until", "reason")
        journal.write()
        _record("alert.release", docket, found, text=text)
    return len(found)


def explain(docket: Docket, numbers: Iterable[int], window: int, text: str = "", *, now: datetime | None = None) -> int:
    """Explain alerts by a declared window, for as long as it lasts; see `declaring.declare` for making one.

    Parameters:
        window: its number.

    Returns:
        How many are explained by it now and were not before.

    Raises:
        NotVisible, NotAllowed: an alert or the window is not the reader's to see, or the alert not theirs to handle for the bureau.
        BilanError: the window is of another place or another time, was taken back, or waits to be accepted.
    """
    at, rules = now or timezone.now(), current(settings.CITY.pack)
    with transaction.atomic():
        found = [alert for alert in _handled(docket, numbers) if alert.state == AlertState.OPEN]
        reason = docket.windows().filter(pk=window).first()
        if reason is None:
            raise NotVisible(str(window))
        journal = Journal(at, docket.person)
        for alert in found:
            if not explains(reason) or not _about(reason, alert) or not covers(reason, alert.moment, rules.get(alert.rule)):
                raise BilanError(Problem("alerts.window_elsewhere", {"value": alert.name or alert.source}))
            alert.state, alert.window, alert.escalates, alert.changed = AlertState.EXPLAINED, reason, None, at
            journal.add(alert, "explained", text=text or reason.note, window=reason.pk)
        _save(found, "state", "window", "escalates", "changed")
        fold({cause for alert in found for cause in causes.touched(alert, rules)}, rules, at)
        journal.write()
        _record("alert.explain", docket, found, window=reason.pk, text=text)
    return len(found)


def _about(window: Window, alert: Alert) -> bool:
    return bool(window.point == alert.point if window.point else window.organisation and window.organisation == alert.organisation)


def note(docket: Docket, number: int, text: str, *, now: datetime | None = None) -> None:
    """Add a remark to an alert; who may handle it in any way may do so, the enterprise itself too.

    Raises:
        NotVisible, NotAllowed: the alert is not the reader's to see, or to handle.
        BilanError: there is no text.
    """
    if not text.strip():
        raise BilanError(Problem("alerts.no_text"))
    with transaction.atomic():
        alert = docket.alert(number)
        docket.require(Capability.HANDLE, alert)
        journal = Journal(now or timezone.now(), docket.person)
        journal.add(alert, "noted", text=text.strip())
        journal.write()
        Alert.objects.filter(pk=alert.pk).update(touched=F("touched") + 1)


def decidable(docket: Docket) -> QuerySet[Alert]:
    """Alerts about which the reader may decide for the bureau.

    An enterprise handles what is its own, but neither takes note of its own alerts for the bureau nor keeps them quiet.
    """
    return Alert.objects.filter(within(bureau(docket)))


def bureau(docket: Docket) -> list[Any]:
    """How far the reader handles casework for the bureau, not for an organisation of their own."""
    return [reach for reach in docket.scope.kernel(Capability.HANDLE, "casework") if reach.organisations is None]


def _handled(docket: Docket, numbers: Iterable[int]) -> list[Alert]:
    """The alerts to decide about, locked until the end of the transaction."""
    rows.one_at_a_time()
    wanted = sorted(set(numbers))
    found: list[Alert] = []
    for part in portions(wanted):
        found += decidable(docket).filter(pk__in=part).select_for_update().order_by("pk")
    if len(found) < len(wanted):
        missing = set(wanted) - {alert.pk for alert in found}
        seen = set[int]()
        for part in portions(sorted(missing)):
            seen |= set(docket.alerts().filter(pk__in=part).values_list("pk", flat=True))
        if missing <= seen:
            raise NotAllowed(Capability.HANDLE)
        raise NotVisible(str(min(missing - seen)))
    return found


def _save(alerts: Sequence[Alert], *names: str) -> None:
    for alert in alerts:
        alert.touched += 1
    rows.update(alerts, (*names, "touched"))


def _record(action: str, docket: Docket, alerts: Sequence[Alert], **detail: Any) -> None:
    if alerts:
        about = ", ".join(str(alert.pk) for alert in alerts[:20])
        audit.record(action, about, who=docket.person, detail={"alerts": [alert.pk for alert in alerts], **detail})
