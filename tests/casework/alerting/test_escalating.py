"""What nobody takes note of rises by itself, once a step, whatever the clock and the process do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bilan.casework import alerting
from bilan.casework.models import Alert, AlertEvent
from tests.casework.episodes import HOUR, MOMENT, docket, finding, findings, later, looked, rule, rules, steps

FOUR_HOURS = steps((4 * HOUR, 3, "administrator"), (8 * HOUR, 4, "leader"))
KNOWN = rules(rule(escalate=FOUR_HOURS))


@pytest.fixture(autouse=True)
def _one_alert():
    Alert.objects.all().delete()
    alerting.take(findings(finding()), looked(), later(0), KNOWN)


def escalated() -> list[tuple[int, str]]:
    events = AlertEvent.objects.filter(kind="escalated").order_by("pk")
    return [(event.values["step"], event.values["role"]) for event in events]


def test_each_step_is_taken_once_when_it_is_due():
    assert alerting.escalate(later(239), KNOWN) == 0
    assert alerting.escalate(later(240), KNOWN) == 1
    assert alerting.escalate(later(300), KNOWN) == 0
    alert = Alert.objects.get()
    assert (alert.level, alert.peak, alert.escalated, alert.escalates) == (3, 3, 1, later(480))
    alerting.escalate(later(481), KNOWN)
    assert escalated() == [(1, "administrator"), (2, "leader")]
    assert Alert.objects.get().escalates is None


def test_after_a_long_stand_still_every_step_is_made_up_for():
    assert alerting.escalate(later(10_000), KNOWN) == 1
    assert escalated() == [(1, "administrator"), (2, "leader")]


def test_an_evaluation_does_not_lower_what_was_escalated():
    alerting.escalate(later(240), KNOWN)
    alerting.take(findings(finding(level=2, moment=MOMENT + HOUR)), looked(), later(241), KNOWN)
    assert Alert.objects.get().level == 3


@pytest.mark.parametrize("back", [1, 24, 24 * 400])
def test_a_clock_put_back_neither_doubles_nor_loses_a_step(back):
    alerting.escalate(later(240), KNOWN)
    earlier = later(240) - timedelta(hours=back)
    for minute in range(0, 600, 30):
        alerting.escalate(earlier + timedelta(minutes=minute), KNOWN)
    assert escalated() == [(1, "administrator"), (2, "leader")]


def test_acknowledged_suppressed_and_folded_ones_wait(site):
    officer = docket(site.person("administrator"))
    alert = Alert.objects.get()
    alerting.suppress(officer, [alert.pk], later(300), "检修", now=later(10))
    assert alerting.escalate(later(250), KNOWN) == 0
    assert alerting.escalate(later(300), KNOWN) == 1
    kinds = list(AlertEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["opened", "suppressed", "released", "escalated"]
    alerting.acknowledge(officer, [alert.pk], now=later(310))
    assert alerting.escalate(later(9999), KNOWN) == 0


def test_a_rule_that_is_gone_escalates_nothing():
    assert alerting.escalate(later(240), {}) == 1
    assert escalated() == []
    assert Alert.objects.get().escalates is None
