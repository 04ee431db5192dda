"""Findings become episodes: one while it lasts, however often it is found."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from bilan.casework import alerting
from bilan.casework.models import Alert, AlertEvent, AlertState, Window
from tests.casework.episodes import HOUR, MOMENT, NOON, finding, findings, later, looked, rule, rules


@pytest.fixture(autouse=True)
def _nothing_kept():
    Alert.objects.all().delete()
    Window.objects.all().delete()


def kinds(alert: Alert) -> list[str]:
    return list(AlertEvent.objects.filter(alert=alert).order_by("pk").values_list("kind", flat=True))


def take(*rows, at=0, checked=("GAS1|w01018",), **spec):
    return alerting.take(findings(*rows), looked(checked), later(at), rules(rule(**spec)))


def test_an_episode_opens_goes_on_and_clears():
    take(finding())
    take(finding(moment=MOMENT + HOUR, value=3.5), at=60)
    (alert,) = Alert.objects.all()
    assert (alert.state, alert.evaluations, alert.values, alert.moment, alert.began) == ("open", 2, {"value": 3.5}, MOMENT + HOUR, MOMENT)
    assert (alert.point, alert.district, alert.role, alert.subject, alert.opened) == ("GAS1", "350502", "operator", "series", NOON)
    take(at=120)
    alert.refresh_from_db()
    assert (alert.state, alert.cleared, kinds(alert)) == ("cleared", later(120), ["opened", "cleared"])


def test_the_same_findings_again_change_nothing():
    take(finding())
    before = (Alert.objects.values().get(), AlertEvent.objects.count())
    taken = take(finding(), at=1)
    assert (Alert.objects.values().get(), AlertEvent.objects.count()) == before
    assert not taken.opened
    assert taken.going_on == 0


def test_the_level_rises_and_falls_with_an_event_each():
    for minute, level in enumerate((2, 3, 3, 4, 2)):
        take(finding(level=level, moment=MOMENT + minute * HOUR), at=minute)
    (alert,) = Alert.objects.all()
    assert (alert.level, alert.peak, kinds(alert)) == (2, 4, ["opened", "raised", "raised", "lowered"])


def test_what_was_not_looked_at_stays_open():
    take(finding())
    take(checked=("GAS2|w01018",), at=5)
    assert Alert.objects.get().state == AlertState.OPEN


def test_a_relapse_is_a_new_episode_that_names_the_one_before():
    take(finding())
    take(at=10)
    take(finding(moment=MOMENT + 5 * HOUR, began=MOMENT + 5 * HOUR), at=300)
    first, second = Alert.objects.order_by("pk")
    assert second.before == first
    assert kinds(second) == ["reraised"]


def test_a_suppression_outlives_a_short_clearing(site):
    take(finding())
    Alert.objects.update(suppressed_until=later(600), reason="大修")
    take(at=10)
    take(finding(moment=MOMENT + HOUR), at=20)
    again = Alert.objects.get(state=AlertState.OPEN)
    assert (again.suppressed_until, again.reason) == (later(600), "大修")


def test_of_two_findings_for_one_source_the_heavier_counts():
    take(finding(level=3), finding(level=2))
    assert Alert.objects.get().level == 3


def test_what_is_no_number_becomes_absent():
    row = finding()
    row["values"] = '{"value": NaN, "limit": 3}'
    take(row)
    assert Alert.objects.get().values == {"value": None, "limit": 3}


def window(begin=MOMENT - HOUR, end=MOMENT + 4 * HOUR, kind="maintenance", **values) -> Window:
    return Window.objects.create(kind=kind, point="GAS1", begin=begin, end=end, **{"declared": later(-180), **values})


def test_a_declared_window_explains_until_it_ends():
    window()
    take(finding(), explained_by=("maintenance",))
    (alert,) = Alert.objects.all()
    assert (alert.state, kinds(alert)) == (AlertState.EXPLAINED, ["opened", "explained"])
    assert not AlertEvent.objects.filter(told=False).exists()
    take(finding(moment=MOMENT + 4 * HOUR), at=240, explained_by=("maintenance",))
    alert.refresh_from_db()
    assert (alert.state, alert.window, kinds(alert)[-1]) == (AlertState.OPEN, None, "unexplained")
    assert AlertEvent.objects.filter(told=False, kind="unexplained").exists()


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "stop"},
        {"begin": MOMENT + HOUR},
        {"end": MOMENT},
        {"declared": later(240)},
        {"withdrawn": NOON},
        {"begin": MOMENT + HOUR - 1800, "declared": later(-180), "end": MOMENT + 8 * HOUR, "kind": "calibration"},
    ],
    ids=["another kind", "later", "earlier", "declared long afterwards", "withdrawn", "not named by the rule"],
)
def test_other_windows_do_not_explain(values):
    window(**values)
    take(finding(), explained_by=("maintenance",))
    assert Alert.objects.get().state == AlertState.OPEN


def test_a_window_declared_late_explains_once_it_is_accepted():
    declared = window(declared=later(240))
    take(finding(), explained_by=("maintenance",))
    declared.accepted = later(250)
    declared.save()
    take(finding(moment=MOMENT + HOUR), at=60, explained_by=("maintenance",))
    assert Alert.objects.get().state == AlertState.EXPLAINED


def test_stopping_after_an_episode_began_does_not_explain_it():
    window(begin=MOMENT + 2 * HOUR, end=MOMENT + 8 * HOUR)
    take(finding(), explained_by=("maintenance",))
    take(finding(moment=MOMENT + 3 * HOUR), at=180, explained_by=("maintenance",))
    assert Alert.objects.get().state == AlertState.OPEN


def test_the_sentence_is_filled_in_both_languages(monkeypatch):
    take(finding(name="一号排口"))
    monkeypatch.setattr("bilan.casework.alerting.saying.current", lambda _: rules(rule()))
    alert = Alert.objects.get()
    assert (alerting.says(alert, "zh-hans"), alerting.says(alert, "en")) == ("一号排口为 2.0", "2.0 at 一号排口")


def test_nothing_stands_when_taking_breaks_off(monkeypatch):
    def broken(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr("bilan.casework.alerting.taking.fold", broken)
    with pytest.raises(RuntimeError):
        take(finding())
    assert not Alert.objects.exists()
    assert not AlertEvent.objects.exists()


def test_ten_thousand_findings_are_taken_in_few_statements():
    rows = [finding(f"P{number}|w01018", level=2 + number % 3, point=f"P{number}") for number in range(10_000)]
    sources = [row["source"] for row in rows]
    spec = rules(rule(cause="none"))
    assert len(alerting.take(findings(*rows), looked(sources), NOON, spec).opened) == 10_000
    with transaction.atomic():
        again = [row | {"moment": MOMENT + HOUR, "level": 3} for row in rows]
        taken = alerting.take(findings(*again), looked(sources), later(60), spec)
    assert taken.going_on == 10_000
    assert Alert.objects.filter(state="open", level=3, evaluations=2).count() == 10_000
    assert len(alerting.take(findings(), looked(sources), later(120), spec).cleared) == 10_000


def test_two_at_once_make_one_episode():
    def work():
        try:
            take(finding())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Alert.objects.count() == 1
    assert AlertEvent.objects.count() == 1
