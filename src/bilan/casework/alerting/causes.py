"""What alerts of one origin share."""

from __future__ import annotations

from bilan.casework.models import Alert
from bilan.pack.rules import Rules, RuleSpec

RULE = "rule:"


def of(alert: Alert, spec: RuleSpec) -> str:
    """The cause of an alert, by what its rule says; empty for one that folds with nothing.

    Alerts of a point, an enterprise or a district share the cause when their rules name the same; those of a district only with the same
    rule, because in one district much happens that has nothing to do with each other.
    """
    if spec.cause.startswith(RULE):
        place = next(iter(_places(alert)), "")
        return f"{spec.cause}:{place}"[:200] if place else ""
    match spec.cause:
        case "point":
            place = next(iter(_places(alert)), "")
            return f"point:{place}"[:200] if place else ""
        case "enterprise":
            return f"enterprise:{alert.organisation}" if alert.organisation else ""
        case "district":
            return f"district:{alert.district}:{alert.rule}" if alert.district else ""
    return ""


def touched(alert: Alert, rules: Rules) -> set[str]:
    """Causes whose alerts must be sorted anew when an alert opens, changes its weight or ends."""
    found = {alert.cause} if alert.cause else set()
    if any(spec.cause == f"{RULE}{alert.rule}" for spec in rules.values()):
        found |= {f"{RULE}{alert.rule}:{place}"[:200] for place in _places(alert)}
    return found


def _places(alert: Alert) -> list[str]:
    """Where an alert is: its point, its entry, its organisation, as far as it has them."""
    entry = f"{alert.register}|{alert.code}" if alert.code else ""
    return [place for place in (alert.point, entry, alert.organisation) if place]
