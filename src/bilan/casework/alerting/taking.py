"""Taking findings: what is new opens an episode, what goes on rises or falls, what was looked at and does not hold clears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from bilan.casework.alerting import causes, rows
from bilan.casework.alerting.explaining import Windows
from bilan.casework.alerting.findings import Finding, Key, keys, read, read_all
from bilan.casework.alerting.folding import fold
from bilan.casework.alerting.journal import Journal
from bilan.casework.alerting.passed import ended, unknown
from bilan.casework.models import Alert, AlertState
from bilan.casework.models.levels import STANDING
from bilan.pack.rules import Rules, RuleSpec, current
from bilan.registers.portions import portions

WRITTEN = (
    "level",
    "peak",
    "state",
    "changed",
    "cleared",
    "began",
    "moment",
    "evaluations",
    "values",
    "proof",
    "window",
    "escalates",
    "touched",
)
BATCH = 500


@dataclass(slots=True)
class Taken:
    """What became of findings: numbers of alerts."""

    opened: list[int] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)
    lowered: list[int] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    going_on: int = 0
    late: int = 0


def take(
    findings: pl.DataFrame, checked: pl.DataFrame, now: datetime, rules: Rules | None = None, *, over: pl.DataFrame | None = None
) -> Taken:
    """Turn findings into episodes, in one transaction; taking the same ones again changes nothing.

    Parameters:
        findings: what holds: ``rule, source, level, moment`` and what else `findings.read` knows.
        checked: ``rule, source`` of everything that was looked at; what is open there and was not found clears.
        now: the moment, aware of its zone.
        rules: the rules evaluated; those of the city by default.
        over: episodes that were found with their end: what came late and is over is kept too, as an alert that has cleared.

    Returns:
        What became of them.
    """
    known = current(settings.CITY.pack) if rules is None else rules
    found = {key: finding for key, finding in read(findings).items() if finding.rule in known}
    looked_at = keys(checked)
    with transaction.atomic():
        rows.one_at_a_time()
        taking = _Taking(known, now)
        taking.keep([finding for finding in read_all(ended(over)) if finding.rule in known])
        return taking.run(found, looked_at)


class _Taking:
    def __init__(self, rules: Rules, now: datetime) -> None:
        self._rules = rules
        self._journal = Journal(now)
        self._now = now
        self._taken = Taken()
        self._touched: set[str] = set()

    def run(self, found: Mapping[Key, Finding], looked_at: set[Key]) -> Taken:
        standing = _standing({rule for rule, _ in looked_at} | {rule for rule, _ in found})
        windows = Windows(found.values())
        changed = [alert for key, finding in found.items() if key in standing and self._goes_on(alert := standing[key], finding, windows)]
        changed += [self._clears(alert) for key, alert in standing.items() if key in looked_at and key not in found]
        rows.update(changed, WRITTEN)
        self._open([finding for key, finding in found.items() if key not in standing], windows)
        self._journal.write()
        fold(self._touched, self._rules, self._now)
        return self._taken

    def keep(self, over: list[Finding]) -> None:
        """Keep episodes that are over and that no alert tells of; nobody is told any more."""
        made = []
        for finding in unknown(over):
            alert = self._episode(finding, None, Windows([finding]))
            alert.state, alert.cleared, alert.escalates = AlertState.CLEARED, self._now, None
            made.append(alert)
        for part in portions(made, BATCH):
            Alert.objects.bulk_create(part)
        for alert in made:
            self._journal.add(alert, "opened", late=True)
            self._journal.add(alert, "cleared", late=True)
        self._taken.late = len(made)

    def _goes_on(self, alert: Alert, finding: Finding, windows: Windows) -> bool:
        """Bring an open episode up to date; gives whether anything of it changed."""
        spec = self._rules[finding.rule]
        level = max(finding.level, reached(spec, alert.escalated))
        window = windows.explaining(finding, spec, alert.window_id)
        state = AlertState.EXPLAINED if window else AlertState.OPEN
        before = (alert.level, alert.state, alert.window_id, alert.moment, alert.values, alert.proof)
        if before == (level, state, window and window.pk, finding.moment, finding.values, finding.proof):
            return False
        old, was = alert.level, alert.state
        alert.level, alert.peak, alert.state = level, max(alert.peak, level), state
        alert.window, alert.values, alert.proof = window, finding.values, finding.proof
        alert.began = min(alert.began, finding.began)
        if alert.moment != finding.moment:
            alert.evaluations += 1
        alert.moment = finding.moment
        alert.touched += 1
        if state != was:
            self._explained_or_not(alert, spec)
        if level != old:
            raised = level > old
            self._journal.add(alert, "raised" if raised else "lowered", tell=raised, before=old)
            (self._taken.raised if raised else self._taken.lowered).append(alert.pk)
        if state != was or level != old:
            alert.changed = self._now
            self._touch(alert)
        self._taken.going_on += 1
        return True

    def _explained_or_not(self, alert: Alert, spec: RuleSpec) -> None:
        if alert.state == AlertState.EXPLAINED:
            self._journal.add(alert, "explained", window=alert.window_id)
            alert.escalates = None
        else:
            self._journal.add(alert, "unexplained", tell=True)
            alert.escalates = None if alert.acknowledged else _due(spec, alert.escalated, self._now)

    def _clears(self, alert: Alert) -> Alert:
        alert.state, alert.cleared, alert.changed, alert.escalates = AlertState.CLEARED, self._now, self._now, None
        alert.touched += 1
        self._journal.add(alert, "cleared", tell=True)
        self._taken.cleared.append(alert.pk)
        self._touch(alert)
        return alert

    def _open(self, fresh: list[Finding], windows: Windows) -> None:
        former = _former(fresh)
        made = [self._episode(finding, former.get(finding.key), windows) for finding in fresh]
        for part in portions(made, BATCH):
            self._taken.opened += [alert.pk for alert in Alert.objects.bulk_create(part)]
        for alert in made:
            explained = alert.state == AlertState.EXPLAINED
            self._journal.add(alert, "reraised" if alert.before_id else "opened", tell=not explained)
            if explained:
                self._journal.add(alert, "explained", window=alert.window_id)
            self._touch(alert)

    def _episode(self, finding: Finding, before: Alert | None, windows: Windows) -> Alert:
        spec = self._rules[finding.rule]
        window = windows.explaining(finding, spec)
        still = before is not None and before.suppressed_until is not None and before.suppressed_until > self._now
        alert = Alert(
            rule=finding.rule,
            source=finding.source,
            subject=spec.subject.value,
            state=AlertState.EXPLAINED if window else AlertState.OPEN,
            level=finding.level,
            peak=finding.level,
            opened=self._now,
            changed=self._now,
            began=finding.began,
            moment=finding.moment,
            values=finding.values,
            proof=finding.proof,
            role=spec.role,
            flow=spec.flow,
            window=window,
            before=before,
            suppressed_until=before.suppressed_until if before and still else None,
            reason=before.reason if before and still else "",
            escalates=None if window else _due(spec, 0, self._now),
            **finding.place,
        )
        alert.cause = causes.of(alert, spec)
        return alert

    def _touch(self, alert: Alert) -> None:
        self._touched |= causes.touched(alert, self._rules)


def reached(spec: RuleSpec, escalated: int) -> int:
    """Level that so many steps of escalation have brought an alert to; 0 for none."""
    return max((step.level for step in spec.escalate[:escalated]), default=0)


def _due(spec: RuleSpec, escalated: int, begin: datetime) -> datetime | None:
    """When the next step of escalation is due."""
    return begin + timedelta(seconds=spec.escalate[escalated].after) if escalated < len(spec.escalate) else None


def _standing(rules: Iterable[str]) -> dict[Key, Alert]:
    found: dict[Key, Alert] = {}
    for part in portions(sorted(rules)):
        for alert in Alert.objects.filter(rule__in=part, state__in=STANDING).order_by("pk").select_for_update():
            found[(alert.rule, alert.source)] = alert
    return found


def _former(fresh: list[Finding]) -> dict[Key, Alert]:
    """The newest episode that is over of each source."""
    newest: list[int] = []
    for part in portions(fresh):
        over = Alert.objects.filter(rule__in={finding.rule for finding in part}, source__in={finding.source for finding in part})
        newest += over.filter(state=AlertState.CLEARED).values("rule", "source").annotate(last=Max("pk")).values_list("last", flat=True)
    found: dict[Key, Alert] = {}
    for numbers in portions(newest):
        found |= {(alert.rule, alert.source): alert for alert in Alert.objects.filter(pk__in=numbers)}
    return found
