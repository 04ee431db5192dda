"""Cases that alerts open by themselves, and ended ones that they bring back."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from bilan.casework import moving
from bilan.casework.alerting.saying import place, title
from bilan.casework.models import Alert, AlertState, Case
from bilan.casework.models.levels import CaseState
from bilan.casework.moving import Opening
from bilan.pack.rules import Rules
from bilan.problems import LANGUAGES, BilanError

log = logging.getLogger(__name__)

MOST = 500
"""Cases opened in one go."""
BACK = timedelta(days=800)
"""Cases that ended longer ago are not brought back by any flow."""


def open_cases(rules: Rules) -> int:
    """Open a case for every open alert whose rule says so and that has none; one that runs for the same source takes it in.

    Returns:
        Number of alerts that have a case now.
    """
    automatic = {spec.rule: spec.flow for spec in rules.values() if spec.opens == "auto" and spec.flow}
    bound = 0
    for flow in sorted(set(automatic.values())):
        names = [rule for rule, its in automatic.items() if its == flow]
        alerts = list(_without(Alert.objects.filter(rule__in=names, folded=None)).order_by("-level", "pk")[:MOST])
        if not alerts:
            continue
        openings = [_opening(alert) for alert in alerts]
        try:
            done = moving.open_many(flow, openings, None, accept="rows")
        except BilanError as error:
            log.warning("no cases opened in %s: %s", flow, error)
            continue
        for alert, entry in zip(alerts, done, strict=True):
            if entry.case is None:
                log.warning("no case opened for alert %d: %s", alert.pk, "; ".join(problem.text("en") for problem in entry.problems))
                continue
            Alert.objects.filter(pk=alert.pk, case=None).update(case=entry.case)
            bound += 1
    return bound


def bring_back(now: datetime, numbers: list[int] | None = None) -> int:
    """Reopen the ended cases that open alerts bring back, as their flows say.

    Parameters:
        numbers: of the alerts that opened or rose just now; None for all that are open, after a start.

    Returns:
        Number of alerts that have a case now.
    """
    waiting = _without(Alert.objects.all()) if numbers is None else _without(Alert.objects.filter(pk__in=numbers[:MOST]))
    return sum(moving.relapse(alert) is not None for alert in _told_of(waiting, now))


def _without(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    return alerts.filter(state=AlertState.OPEN, case=None)


def _told_of(alerts: QuerySet[Alert], now: datetime) -> list[Alert]:
    """Alerts about something that an ended case was about too; of thousands of alerts these are few."""
    ended = Case.objects.filter(standing__in=[CaseState.CLOSED, CaseState.CANCELLED], closed__gt=now - BACK)
    if not ended.exists():
        return []
    organisations = ended.exclude(organisation="").values("organisation")
    entries = ended.exclude(entry="").values("entry")
    sources = Alert.objects.filter(case__in=ended).values("source")
    near = Q(organisation__in=organisations) | Q(code__in=entries) | Q(source__in=sources)
    return list(alerts.filter(near).order_by("pk")[:MOST])


def _opening(alert: Alert) -> Opening:
    name = title(alert, LANGUAGES[0])
    return Opening(title=f"{name}：{place(alert, LANGUAGES[0])}"[:300], alert=alert, seed=f"alert:{alert.rule}:{alert.source}"[:200])
