"""What happens by itself as time passes: steps of escalation, and the end of a suppression. All of it stands in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from bilan.casework.alerting import causes, rows
from bilan.casework.alerting.folding import fold
from bilan.casework.alerting.journal import Journal
from bilan.casework.models import Alert, AlertState
from bilan.casework.models.levels import STANDING
from bilan.pack.rules import Rules, current

WRITTEN = ("level", "peak", "changed", "escalated", "escalates", "suppressed_until", "opened", "touched")


def escalate(now: datetime, rules: Rules | None = None) -> int:
    """Take every step of escalation that is due, each once, and end the suppressions that are over.

    A clock that was put back neither repeats a step nor delays the next one by more than its own time: what was opened in a time that is
    now ahead counts from now on.

    Returns:
        Number of alerts that were escalated.
    """
    known = current(settings.CITY.pack) if rules is None else rules
    with transaction.atomic():
        rows.one_at_a_time()
        _put_back(now)
        _release(now)
        return _escalate(now, known)


def _escalate(now: datetime, rules: Rules) -> int:
    journal, changed, touched = Journal(now), [], set[str]()
    for alert in _waiting(now).filter(escalates__lte=now).order_by("pk"):
        spec = rules.get(alert.rule)
        steps = spec.escalate if spec else ()
        old = alert.level
        while alert.escalates is not None and alert.escalates <= now:
            step = steps[alert.escalated] if alert.escalated < len(steps) else None
            if step is None:
                alert.escalates = None
                break
            alert.escalated += 1
            alert.level = max(alert.level, step.level)
            alert.peak = max(alert.peak, alert.level)
            journal.add(alert, "escalated", tell=True, step=alert.escalated, role=step.role, before=old)
            following = steps[alert.escalated] if alert.escalated < len(steps) else None
            alert.escalates += timedelta(seconds=following.after - step.after) if following else timedelta()
            alert.escalates = alert.escalates if following else None
        alert.changed = now
        alert.touched += 1
        changed.append(alert)
        touched |= causes.touched(alert, rules) if alert.level != old else set()
    rows.update(changed, WRITTEN)
    journal.write()
    fold(touched, rules, now)
    return len(changed)


def _waiting(now: datetime) -> QuerySet[Alert]:
    """Open alerts that nobody has taken note of and that are not to be kept quiet."""
    loud = Q(suppressed_until=None) | Q(suppressed_until__lte=now)
    return Alert.objects.filter(loud, state=AlertState.OPEN, acknowledged=None, folded=None)


def _release(now: datetime) -> None:
    """Alerts that are still open when their suppression ends are told again."""
    journal, changed = Journal(now), []
    for alert in Alert.objects.filter(suppressed_until__lte=now, state__in=STANDING).order_by("pk"):
        alert.suppressed_until = None
        alert.touched += 1
        journal.add(alert, "released", tell=alert.acknowledged is None)
        changed.append(alert)
    rows.update(changed, WRITTEN)
    journal.write()


def _put_back(now: datetime) -> None:
    """What was opened in a future that is no longer one moves to now, with its due moment."""
    changed = []
    for alert in Alert.objects.filter(opened__gt=now, escalates__isnull=False).order_by("pk"):
        alert.escalates -= alert.opened - now
        alert.opened = now
        changed.append(alert)
    rows.update(changed, WRITTEN)
