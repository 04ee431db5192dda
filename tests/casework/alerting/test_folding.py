"""Alerts of one cause stand under the heaviest of them."""

from __future__ import annotations

import pytest

from bilan.casework import alerting
from bilan.casework.models import Alert, AlertEvent, AlertState
from tests.casework.episodes import HOUR, MOMENT, checked, finding, findings, later, rule, rules


@pytest.fixture(autouse=True)
def _nothing_kept():
    Alert.objects.all().delete()


def take(specs, *rows, at=0, also=()):
    pairs = [(row["rule"], row["source"]) for row in rows]
    alerting.take(findings(*rows), checked(*pairs, *also), later(at), rules(*specs))


def folded() -> dict[str, str | None]:
    return {f"{alert.rule} {alert.source}": alert.folded and alert.folded.rule for alert in Alert.objects.filter(state=AlertState.OPEN)}


def test_the_heaviest_at_a_point_stands_for_the_others_and_gives_way():
    specs = rule("over"), rule("stuck"), rule("silent")
    take(specs, finding(level=2, rule="over"), finding(level=3, rule="stuck"), finding("GAS2|w01018", rule="silent"))
    assert folded() == {"over GAS1|w01018": "stuck", "stuck GAS1|w01018": None, "silent GAS2|w01018": None}
    take(specs, finding(level=4, rule="over", moment=MOMENT + HOUR), at=60)
    assert folded()["stuck GAS1|w01018"] == "over"
    take(specs, at=120, also=[("over", "GAS1|w01018")])
    assert folded()["stuck GAS1|w01018"] is None
    events = AlertEvent.objects.filter(alert__rule="stuck").order_by("pk").values_list("kind", "told")
    assert list(events) == [("opened", False), ("folded", True), ("unfolded", False)]


def test_one_that_stands_for_others_stays_while_none_is_heavier():
    specs = rule("first"), rule("second")
    take(specs, finding(level=2, rule="first"))
    take(specs, finding(level=3, rule="second"), at=1)
    take(specs, finding(level=2, rule="second", moment=MOMENT + HOUR), at=2)
    assert folded() == {"first GAS1|w01018": "second", "second GAS1|w01018": None}


def test_a_rule_named_as_cause_takes_what_it_explains_however_heavy():
    specs = rule("silent", cause="none"), rule("share", cause="rule:silent")
    take(specs, finding(level=4, rule="share"), finding("GAS2|w01018", rule="share"))
    assert set(folded().values()) == {None}
    take(specs, finding("GAS1", level=1, rule="silent"), at=5)
    assert folded()["share GAS1|w01018"] == "silent"
    assert folded()["share GAS2|w01018"] is None
    take(specs, at=6, also=[("silent", "GAS1")])
    assert folded()["share GAS1|w01018"] is None


def test_alerts_of_a_district_fold_by_rule_and_those_without_cause_not_at_all():
    specs = rule("smog", cause="district"), rule("algae", cause="district"), rule("alone", cause="none")
    rows = [finding(f"AIR{number}", rule=name) for number in (1, 2) for name in ("smog", "algae", "alone")]
    take(specs, *rows)
    assert folded() == {
        "smog AIR1": None,
        "smog AIR2": "smog",
        "algae AIR1": None,
        "algae AIR2": "algae",
        "alone AIR1": None,
        "alone AIR2": None,
    }


def test_an_enterprise_is_one_cause():
    specs = (rule("fraud", cause="enterprise"),)
    take(specs, finding("GAS1", rule="fraud", organisation="E1"), finding("GAS2", rule="fraud", level=3, organisation="E1"))
    assert folded() == {"fraud GAS1": "fraud", "fraud GAS2": None}
