"""Who is told of what, singly or as a digest, and only when something happens."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import override_settings

from bilan.casework import alerting, notices
from bilan.casework.models import Alert, AlertEvent, Channels, Notice, Subscription
from bilan.pack.notices import Notices, Webhook
from bilan.people.models import Delegation, Person
from tests.casework.episodes import HOUR, MOMENT, docket, finding, findings, later, looked, rule, rules, steps
from tests.web import tiny

KNOWN = rules(rule(role="operator", cause="none"))
SMTP = Notices(smtp_host="127.0.0.1")


@pytest.fixture(autouse=True)
def _nothing_kept():
    for model in (Notice, Alert, Channels, Subscription, Delegation):
        model.objects.all().delete()


def take(*rows, at=0, known=KNOWN):
    alerting.take(findings(*rows), looked(["GAS1|w01018", *(row["source"] for row in rows)]), later(at), known)
    return notices.plan(later(at), known)


def told(**conditions) -> Counter:
    return Counter(Notice.objects.filter(**conditions).values_list("person__username", flat=True))


def test_those_of_the_role_whose_reach_covers_it_are_told_once():
    take(finding())
    assert told() == {"operator": 1, "inside-operator": 1}
    notice = Notice.objects.filter(person__username="operator").get()
    assert (notice.channel, notice.kind, notice.level, notice.link) == ("web", "alert.opened", 2, f"/alerts/{Alert.objects.get().pk}")
    assert notice.sent == later(0)
    assert notices.plan(later(1), KNOWN) == 0
    take(finding(moment=MOMENT + HOUR), at=60)
    assert Notice.objects.count() == 2
    take(finding("GAS2|w01018", district=tiny.OUTSIDE), at=61)
    assert told(kind="alert.opened") == {"operator": 2, "inside-operator": 1}


def test_who_holds_the_role_for_a_while_is_told_too(site):
    values = {"roles": ["operator"], "begins": later(-60), "ends": later(60), "reason": "休假"}
    Delegation.objects.create(giver=site.person("inside-operator"), receiver=site.person("auditor"), **values)
    take(finding())
    assert told()["auditor"] == 1
    take(finding("GAS2|w01018", district=tiny.OUTSIDE), at=1)
    assert told()["auditor"] == 1


def test_where_nobody_has_the_role_those_who_lead_are_told():
    take(finding(), known=rules(rule(role="grid-member")))
    assert told() == {"administrator": 1}


def test_a_step_of_escalation_tells_its_own_role():
    known = rules(rule(escalate=steps((HOUR, 3, "administrator"))))
    take(finding(), known=known)
    alerting.escalate(later(60), known)
    notices.plan(later(60), known)
    assert told(kind="alert.escalated") == {"administrator": 1}
    assert Notice.objects.get(kind="alert.escalated").level == 3


def test_nobody_is_told_what_is_suppressed_folded_explained_or_over(site):
    alerting.take(findings(finding()), looked(), later(0), KNOWN)
    alerting.take(findings(), looked(), later(1), KNOWN)
    assert notices.plan(later(1), KNOWN) == 0
    take(finding("GAS2|w01018"), at=2)
    Notice.objects.all().delete()
    officer = docket(site.person("administrator"))
    alerting.suppress(officer, [Alert.objects.get(source="GAS2|w01018").pk], later(90), "检修", now=later(3))
    take(finding("GAS2|w01018", level=4, moment=MOMENT + HOUR), at=4)
    assert not Notice.objects.exists()
    alerting.escalate(later(90), KNOWN)
    notices.plan(later(90), KNOWN)
    assert told(kind="alert.released") == {"operator": 1, "inside-operator": 1}


def test_who_took_note_hears_that_it_is_over(site):
    take(finding())
    alerting.acknowledge(docket(site.person("inside-officer")), [Alert.objects.get().pk], now=later(1))
    take(at=2)
    assert told(kind="alert.cleared") == {"inside-officer": 1}


def test_quiet_hours_of_a_rule_hold_back_all_but_what_is_critical():
    known = rules(rule(quiet=(22 * 60, 6 * 60), cause="none"))
    night = 11 * 60
    assert take(finding(), at=night, known=known) == 0
    assert take(finding(level=4, moment=MOMENT + HOUR), finding("GAS2|w01018"), at=night + 60, known=known) == 2
    assert told(kind="alert.opened", level=4) == {"operator": 1, "inside-operator": 1}
    assert notices.plan(later(18 * 60 - 1), known) == 0
    assert notices.plan(later(18 * 60), known) == 2
    assert not AlertEvent.objects.filter(told=False).exists()


@override_settings(NOTICES=SMTP)
def test_persons_choose_channels_quiet_hours_and_collections(site):
    Channels.objects.create(person=site.person("operator"), mail="a@example.cn", mail_from=3, quiet_from=11 * 60, quiet_to=13 * 60)
    Channels.objects.create(person=site.person("inside-operator"), mail="b@example.cn", mail_from=2, digest_minutes=30)
    Subscription.objects.create(person=site.person("operator"), endpoint="https://push.example/1")
    take(finding(), at=10)
    assert Counter(Notice.objects.values_list("channel", "person__username")) == {
        ("web", "operator"): 1,
        ("push", "operator"): 1,
        ("web", "inside-operator"): 1,
        ("mail", "inside-operator"): 1,
    }
    assert Notice.objects.get(channel="push").due == later(60)
    assert Notice.objects.get(channel="mail").due == later(30)
    take(finding(level=4, moment=MOMENT + HOUR), at=11)
    assert set(Notice.objects.filter(level=4).values_list("due", flat=True)) == {later(11)}


@override_settings(NOTICES=Notices(webhooks=(Webhook("sms", "https://sms.example.cn", 3),)))
def test_another_system_is_told_once_from_its_level_on():
    take(finding(), finding("GAS2|w01018", level=3))
    hook = Notice.objects.get(channel="hook")
    assert (hook.person, hook.data, hook.alert.source) == (None, {"hook": "sms"}, "GAS2|w01018")


def test_ten_thousand_alerts_do_not_bury_the_important_one():
    rows = [finding(f"P{number}|w01018", level=1 + number % 2) for number in range(10_000)]
    rows[7_777]["level"] = 4
    take(*rows)
    for name in ("operator", "inside-operator"):
        mine = Notice.objects.filter(person__username=name, channel="web").order_by("pk")
        assert (mine.first().level, mine.first().alert.source) == (4, "P7777|w01018")
        assert mine.count() == 11
        digest = mine.get(kind="digest")
        assert sum(digest.data["levels"].values()) == 9_990
        assert "9990" in digest.title_zh
        assert "9990" in digest.title_en
    more = [finding(f"Q{number}|w01018") for number in range(500)]
    take(*more, at=1)
    digest = Notice.objects.get(person__username="operator", kind="digest")
    assert sum(digest.data["levels"].values()) == 10_490
    assert digest.data["topics"] == {"over": 10_490}


@override_settings(NOTICES=Notices(storm_critical=20, storm_notices=5))
def test_even_critical_ones_have_a_bound():
    take(*(finding(f"P{number}|w01018", level=4) for number in range(100)))
    mine = Notice.objects.filter(person__username="operator")
    assert mine.exclude(kind="digest").count() == 20
    assert mine.get(kind="digest").data["levels"] == {"4": 80}


def test_after_the_storm_notices_come_singly_again():
    take(*(finding(f"P{number}|w01018") for number in range(50)))
    take(finding("LATE|w01018"), at=11)
    assert Notice.objects.filter(person__username="operator", alert__source="LATE|w01018").count() == 1


def test_a_case_is_told_by_the_same_channels(site):
    words = notices.Words("新办件", "A new case")
    assert notices.tell([site.person("viewer"), Person(is_active=False)], "case.assigned", words, link="/cases/X") == 1
    notice = notices.unread(site.person("viewer")).get()
    assert (notice.kind, notice.title_zh, notice.title_en, notice.link) == ("case.assigned", "新办件", "A new case", "/cases/X")
    assert notices.read(site.person("operator"), [notice.pk]) == 0
    assert notices.read(site.person("viewer"), [notice.pk]) == 1
    assert not notices.unread(site.person("viewer")).exists()
