"""Episodes that came to light only when they were over, and those whose rule is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import polars as pl
from django.db import transaction

from bilan.casework.alerting import rows
from bilan.casework.alerting.findings import Finding, Key
from bilan.casework.alerting.folding import fold
from bilan.casework.alerting.journal import Journal
from bilan.casework.models import Alert, AlertState
from bilan.casework.models.levels import STANDING
from bilan.pack.rules import Rules
from bilan.registers.portions import portions

Span = tuple[int, int]


def ended(frame: pl.DataFrame | None) -> pl.DataFrame:
    """Rows of episodes that are over, with the highest level they reached."""
    if frame is None or frame.is_empty() or "ended" not in frame.columns:
        return pl.DataFrame()
    return frame.filter(pl.col("ended").is_not_null()).with_columns(pl.col("peak").alias("level"))


def unknown(found: Iterable[Finding]) -> list[Finding]:
    """Of episodes that are over, those of which no alert tells yet: none of the same rule and source touches their time."""
    listed = list(found)
    known: dict[Key, list[Span]] = defaultdict(list)
    for part in portions(listed):
        near = Alert.objects.filter(rule__in={finding.rule for finding in part}, source__in={finding.source for finding in part})
        for rule, source, began, moment in near.values_list("rule", "source", "began", "moment"):
            known[(rule, source)].append((began, moment))
    fresh = []
    for finding in sorted(listed, key=lambda finding: finding.began):
        spans = known[finding.key]
        if not any(began <= finding.moment and finding.began <= moment for began, moment in spans):
            spans.append((finding.began, finding.moment))
            fresh.append(finding)
    return fresh


def retire(rules: Rules, now: datetime) -> int:
    """End the alerts whose rule is no longer declared or evaluated.

    Returns:
        How many there were.
    """
    with transaction.atomic():
        rows.one_at_a_time()
        active = [spec.rule for spec in rules.values() if spec.active]
        gone = list(Alert.objects.filter(state__in=STANDING).exclude(rule__in=active).order_by("pk"))
        journal = Journal(now)
        for alert in gone:
            alert.state, alert.cleared, alert.changed, alert.escalates = AlertState.CLEARED, now, now, None
            alert.touched += 1
            journal.add(alert, "cleared", why="rule")
        rows.update(gone, ("state", "cleared", "changed", "escalates", "touched"))
        journal.write()
        fold({alert.cause for alert in gone if alert.cause}, rules, now)
    return len(gone)
