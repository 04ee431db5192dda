"""Ended cases that come back because what they were about happens again."""

from __future__ import annotations

from fnmatch import fnmatch

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from bilan.casework.models import Alert, AlertEvent, Case, CaseState
from bilan.casework.moving.dating import moment
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.handling import bring_back, in_time
from bilan.casework.moving.held import hold, keep
from bilan.casework.moving.telling import tell
from bilan.casework.moving.versions import flow_of
from bilan.pack import rules
from bilan.pack.flows import Reopening

ENDED = (CaseState.CLOSED, CaseState.CANCELLED)
LOOKED_AT = 50
"""Ended cases about the same thing that are looked at, the newest first."""


def relapse(alert: Alert) -> Case | None:
    """Reopen the newest ended case that an alert brings back, as its flow says, and bind the alert to it.

    Call it for an alert that was opened or raised again and has no case.

    Returns:
        The case in its new round; the running one when the alert belongs to a case that runs; None when there is none.
    """
    for case in _about(alert):
        if case.standing not in ENDED:
            if _shares(alert, case, "source"):
                return _bound(alert, case, "case")
            continue
        rule = next((rule for rule in flow_of(case).reopen if _brings_back(rule, alert, case)), None)
        if rule is not None and (found := _reopened(case, rule, alert)) is not None:
            return found
    return None


def _about(alert: Alert) -> list[Case]:
    about = Q(alerts__rule=alert.rule, alerts__source=alert.source)
    if alert.source:
        about |= Q(alerts__source=alert.source)
    if alert.register and alert.code:
        about |= Q(register=alert.register, entry=alert.code)
    if alert.organisation:
        about |= Q(organisation=alert.organisation)
    return list(Case.objects.filter(about).distinct().order_by("-opened", "-pk")[:LOOKED_AT])


def _brings_back(rule: Reopening, alert: Alert, case: Case) -> bool:
    named = not rule.rules or any(fnmatch(alert.rule, pattern) for pattern in rule.rules)
    return rule.on == "alert" and named and in_time(case, rule) and _shares(alert, case, rule.same)


def _shares(alert: Alert, case: Case, what: str) -> bool:
    if what == "entry":
        return bool(alert.register and alert.code) and (case.register, case.entry) == (alert.register, alert.code)
    if what == "organisation":
        return bool(alert.organisation) and case.organisation == alert.organisation
    return Alert.objects.filter(case=case, source=alert.source).exists()


def _reopened(case: Case, rule: Reopening, alert: Alert) -> Case | None:
    hand = Hand(None)
    try:
        with transaction.atomic():
            held = hold([case.pk])[case.pk]
            if held.case.standing in ENDED:
                content = bring_back(held, rule.to)
                held.case.level = max(held.case.level, alert.level)
                rule_of = rules.current(settings.CITY.pack).get(alert.rule)
                note = " · ".join(filter(None, (rule_of.title.text("zh-hans") if rule_of else alert.rule, alert.name or alert.source)))
                held.sign(hand, "reopen", moment(), note=note, values={"alert": alert.pk, "rule": alert.rule}, **content)
                keep([held])
                tell([("case.reopened", held.case)], hand)
            return _bound(alert, held.case, "case")
    except IntegrityError:
        # Another case of the same seed runs already: that one takes care of it.
        return None


def _bound(alert: Alert, case: Case, kind: str) -> Case:
    if alert.case_id != case.pk:
        Alert.objects.filter(pk=alert.pk).update(case=case)
        alert.case = case
        AlertEvent.objects.create(alert=alert, at=moment(), kind=kind, level=alert.level, text=case.code)
    return case
