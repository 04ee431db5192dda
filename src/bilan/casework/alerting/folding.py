"""Folding alerts of one cause under the heaviest of them, and unfolding them when it ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from bilan.casework.alerting import causes, rows
from bilan.casework.alerting.causes import RULE
from bilan.casework.alerting.journal import Journal
from bilan.casework.models import Alert, AlertState
from bilan.pack.rules import Rules
from bilan.registers.portions import portions

FIELDS = ("pk", "rule", "cause", "level", "opened", "folded", "point", "register", "code", "organisation", "touched", "state")


def fold(touched: Collection[str], rules: Rules, now: datetime) -> None:
    """Sort the open alerts of some causes: the heaviest stands for all, the others are folded into it.

    An alert whose rule names another rule as its cause is folded into an open alert of that rule at the same place, however heavy.

    Parameters:
        touched: causes among whose alerts something changed.
    """
    journal = Journal(now)
    changed: list[Alert] = []
    heads = _heads({cause for cause in touched if cause.startswith(RULE)}, rules)
    for cause, alerts in _by_cause(touched).items():
        head = heads.get(cause) if cause.startswith(RULE) else max(alerts, key=_weight)
        for alert in alerts:
            into = None if head is None or head.pk == alert.pk else head
            if alert.folded_id == (into.pk if into else None):
                continue
            journal.add(alert, "folded" if into else "unfolded", tell=into is None, **({"into": into.pk} if into else {}))
            alert.folded = into
            alert.touched += 1
            changed.append(alert)
    rows.update(changed, ("folded", "touched"))
    journal.write()


def _weight(alert: Alert) -> tuple[int, bool, float, int]:
    """The heaviest stands for the others; among equals the one that does so already, then the oldest."""
    return alert.level, alert.folded_id is None, -alert.opened.timestamp(), -alert.pk


def _by_cause(touched: Iterable[str]) -> dict[str, list[Alert]]:
    found: dict[str, list[Alert]] = defaultdict(list)
    for part in portions(sorted(touched)):
        for alert in Alert.objects.filter(state=AlertState.OPEN, cause__in=part).only(*FIELDS).order_by("pk"):
            found[alert.cause].append(alert)
    return found


def _heads(wanted: set[str], rules: Rules) -> dict[str, Alert]:
    """Cause that names a rule → the open alert of that rule at that place."""
    names = {cause.removeprefix(RULE).partition(":")[0] for cause in wanted}
    found: dict[str, Alert] = {}
    for alert in Alert.objects.filter(state=AlertState.OPEN, rule__in=sorted(names)).only(*FIELDS).order_by("level", "-pk"):
        for cause in causes.touched(alert, rules) & wanted:
            found[cause] = alert
    return found
