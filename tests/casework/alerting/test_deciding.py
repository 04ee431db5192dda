"""People decide about alerts within their reach; what they decide is in the alert's story and in the audit log."""

from __future__ import annotations

import pytest

from bilan.casework import alerting
from bilan.casework.models import Alert, AlertEvent, AlertState, Window
from bilan.people.models import AuditEntry, Organisation, Person
from bilan.people.visibility import NotAllowed, NotVisible
from bilan.problems import BilanError
from tests.casework.episodes import HOUR, MOMENT, docket, finding, findings, later, looked, rule, rules, steps
from tests.web import tiny

KNOWN = rules(rule(escalate=steps((HOUR, 3, ""))))


@pytest.fixture(autouse=True)
def alerts():
    Alert.objects.all().delete()
    Window.objects.all().delete()
    rows = [finding(), finding("GAS2|w01018", district=tiny.OUTSIDE, organisation="E1")]
    alerting.take(findings(*rows), looked(row["source"] for row in rows), later(0), KNOWN)
    return {alert.point: alert for alert in Alert.objects.all()}


@pytest.fixture
def enterprise(site):
    Organisation.objects.get_or_create(code="E1", defaults={"name_zh": "演示厂"})
    person, _ = Person.objects.get_or_create(username="plant", defaults={"roles": ["enterprise"], "organisation": "E1"})
    return docket(person)


def test_taking_note_is_signed_and_recorded(site, alerts):
    officer = site.person("inside-officer")
    assert alerting.acknowledge(docket(officer), [alerts["GAS1"].pk], "已联系企业", now=later(3)) == 1
    assert alerting.acknowledge(docket(officer), [alerts["GAS1"].pk], now=later(4)) == 0
    alert = Alert.objects.get(point="GAS1")
    assert (alert.acknowledged, alert.acknowledged_by, alert.escalates) == (later(3), officer, None)
    event = AlertEvent.objects.get(alert=alert, kind="acknowledged")
    assert (event.person, event.author, event.text, event.told) == (officer, str(officer), "已联系企业", True)
    entry = AuditEntry.objects.filter(action="alert.acknowledge").latest("number")
    assert (entry.who, entry.about) == ("inside-officer", str(alert.pk))


@pytest.mark.parametrize("username", ["viewer", "analyst"])
def test_who_only_sees_decides_nothing(site, alerts, username):
    with pytest.raises(NotAllowed):
        alerting.acknowledge(docket(site.person(username)), [alerts["GAS1"].pk])


def test_many_are_decided_together_or_not_at_all(site, alerts):
    numbers = [alert.pk for alert in alerts.values()]
    with pytest.raises(NotVisible):
        alerting.acknowledge(docket(site.person("inside-officer")), numbers)
    assert not Alert.objects.exclude(acknowledged=None).exists()
    assert alerting.acknowledge(docket(site.person("administrator")), numbers) == 2


def test_an_enterprise_comments_on_its_alert_but_does_not_silence_it(alerts, enterprise):
    number = alerts["GAS2"].pk
    alerting.note(enterprise, number, "正在检修")
    assert AlertEvent.objects.get(alert=number, kind="noted").text == "正在检修"
    for decision in (
        lambda: alerting.acknowledge(enterprise, [number]),
        lambda: alerting.suppress(enterprise, [number], later(100), "检修", now=later(1)),
    ):
        with pytest.raises(NotAllowed):
            decision()
    with pytest.raises(NotVisible):
        alerting.note(enterprise, alerts["GAS1"].pk, "x")


def test_a_suppression_needs_a_reason_and_a_time_ahead(site, alerts):
    officer, number = docket(site.person("inside-officer")), alerts["GAS1"].pk
    with pytest.raises(BilanError, match="reason"):
        alerting.suppress(officer, [number], later(60), "  ", now=later(1))
    with pytest.raises(BilanError, match="not later"):
        alerting.suppress(officer, [number], later(1), "检修", now=later(1))
    alerting.suppress(officer, [number], later(60), "检修", now=later(1))
    assert Alert.objects.get(pk=number).reason == "检修"
    assert alerting.release(officer, [number], now=later(2)) == 1
    assert Alert.objects.get(pk=number).suppressed_until is None


def test_a_window_explains_by_decision_while_it_lasts_and_is_taken_back(site, alerts):
    officer, number = docket(site.person("inside-officer")), alerts["GAS1"].pk
    window = alerting.declare(officer, "trial", MOMENT, MOMENT + 2 * HOUR, "试生产", point="GAS1", district=tiny.INSIDE, now=later(1))
    assert alerting.explain(officer, [number], window.pk, now=later(2)) == 1
    alerting.take(findings(finding(moment=MOMENT + HOUR)), looked(), later(60), KNOWN)
    assert Alert.objects.get(pk=number).state == AlertState.EXPLAINED
    alerting.withdraw(officer, window.pk)
    alerting.take(findings(finding(moment=MOMENT + HOUR, value=3)), looked(), later(61), KNOWN)
    assert Alert.objects.get(pk=number).state == AlertState.OPEN


def test_a_window_of_another_place_explains_nothing(site, alerts):
    officer = docket(site.person("inside-officer"))
    window = alerting.declare(officer, "trial", MOMENT, MOMENT + HOUR, "试生产", point="AIR1", district=tiny.INSIDE)
    with pytest.raises(BilanError, match="another place"):
        alerting.explain(officer, [alerts["GAS1"].pk], window.pk)


def test_what_an_enterprise_declares_afterwards_waits_for_the_bureau(site, alerts, enterprise):
    place = {"point": "GAS2", "organisation": "E1", "district": tiny.OUTSIDE}
    window = alerting.declare(enterprise, "maintenance", MOMENT, MOMENT + HOUR, "检修", **place, now=later(600))
    assert window.accepted is None
    bureau = docket(site.person("administrator"))
    with pytest.raises(BilanError):
        alerting.explain(bureau, [alerts["GAS2"].pk], window.pk)
    with pytest.raises(NotAllowed):
        alerting.accept(enterprise, window.pk)
    alerting.accept(bureau, window.pk)
    assert alerting.explain(bureau, [alerts["GAS2"].pk], window.pk) == 1
    with pytest.raises(NotAllowed):
        alerting.declare(enterprise, "maintenance", MOMENT, MOMENT + HOUR, "检修", point="GAS1", district=tiny.INSIDE)
    with pytest.raises(BilanError):
        alerting.declare(bureau, "holiday", MOMENT, MOMENT + HOUR, "检修", point="GAS1")
