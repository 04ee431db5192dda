"""The watch on a small city: readings lead to alerts, alerts to cases, and a broken file of rules changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bilan.casework.evaluating.watching import STATE, Watch
from bilan.casework.models import Alert, AlertEvent, AlertState, Case, CaseState
from bilan.pack import rules
from bilan.telemetry import clock
from bilan.telemetry.model import Reading, SeriesKey
from tests.web import tiny

RULES = """rules:
  - rule: tried-gas
    title: 试用规则 · A rule on trial
    about: 试用 · On trial
    subject: series
    where: {networks: [source_gas], parameters: [so2]}
    condition: value > 200
    clear: value <= 200
    levels: [{level: warning}, {level: serious, when: value > 900}]
    role: operator
    says: "{point}为 {value:.0f} · {value:.0f} at {point}"
"""
AUTOMATIC = RULES + "    flow: alert-order\n    open: auto\n"


@pytest.fixture
def folder(site):
    found = site.city.pack / "rules"
    found.mkdir(exist_ok=True)
    yield found
    for file in found.iterdir():
        file.unlink()


@pytest.fixture
def watch(site):
    site.renew()
    return Watch(site.store)


def gas(site, lift, hours=1):
    """Let the outlet of the first district report values that much above the usual, up to this hour; gives the next minute."""
    end = clock.now(site.city.timezone) // clock.HOUR * clock.HOUR + (hours - 1) * clock.HOUR
    (point,) = [point for point in tiny.points() if point.code == "GAS1"]
    tiny.report(site.store, point, end - clock.HOUR, end, lift=lift)
    return datetime.now(UTC) + timedelta(hours=hours - 1, minutes=1)


def mine(**conditions):
    return Alert.objects.filter(rule="tried-gas", **conditions)


def test_readings_lead_to_an_alert_and_to_its_end(site, watch, folder):
    (folder / "tried.yaml").write_text(RULES)
    watch.round(gas(site, 1000))
    alert = mine().get()
    assert (alert.point, alert.level, alert.district, alert.network) == ("GAS1", 3, tiny.INSIDE, "source_gas")
    assert (alert.name, alert.name_en, alert.lon is not None) == ("甲区演示排口", "First District outlet", True)
    assert alert.proof["series"][0]["point"] == "GAS1"
    watch.round(gas(site, 0, hours=2))
    assert mine().get().state == AlertState.CLEARED


def test_rules_are_evaluated_at_their_pace_and_at_once_when_changed(site, watch, folder):
    (folder / "tried.yaml").write_text(RULES)
    now = gas(site, 500)
    watch.round(now)
    assert site.store.digests.get(STATE)["evaluated"]["hour"]
    mine().delete()
    watch.round(now + timedelta(seconds=60))
    assert not mine().exists()
    (folder / "tried.yaml").write_text(RULES.replace("value > 900", "value > 400"))
    watch.round(now + timedelta(seconds=120))
    assert mine().get().level == 3
    again = Watch(site.store)
    mine().delete()
    again.round(now + timedelta(minutes=10))
    assert mine().exists()


def test_a_broken_file_is_refused_and_what_was_good_goes_on(site, watch, folder, caplog):
    (folder / "tried.yaml").write_text(RULES)
    now = gas(site, 500)
    watch.round(now)
    (folder / "tried.yaml").write_text(RULES.replace("value > 200\n    clear", "value >> nonsense(200)\n    clear"))
    assert rules.faults(site.city.pack)
    watch.round(now + timedelta(minutes=6))
    assert mine().get().state == AlertState.OPEN
    assert "what was good before holds" in caplog.text
    watch.round(gas(site, 0, hours=2))
    assert mine().get().state == AlertState.CLEARED


def test_alerts_of_a_rule_that_is_gone_end(site, watch, folder):
    (folder / "tried.yaml").write_text(RULES)
    now = gas(site, 500)
    watch.round(now)
    (folder / "tried.yaml").unlink()
    watch.round(now + timedelta(minutes=1))
    alert = mine().get()
    assert alert.state == AlertState.CLEARED
    assert AlertEvent.objects.filter(alert=alert).latest("pk").values == {"why": "rule"}


def test_a_rule_opens_cases_by_itself_and_a_relapse_brings_them_back(site, watch, folder):
    (folder / "tried.yaml").write_text(AUTOMATIC)
    now = gas(site, 500)
    watch.round(now)
    case = mine().get().case
    assert (case.flow, case.district) == ("alert-order", tiny.INSIDE)
    opened = Case.objects.count()
    watch.round(now + timedelta(minutes=6))
    assert Case.objects.count() == opened
    Case.objects.filter(pk=case.pk).update(standing=CaseState.CLOSED, state="closed", closed=now)
    watch.round(gas(site, 0, hours=2))
    assert mine().get().state == AlertState.CLEARED
    watch.round(gas(site, 600, hours=3))
    again = mine(state=AlertState.OPEN).get()
    assert again.before == mine(state=AlertState.CLEARED).get()
    assert again.case == case
    case.refresh_from_db()
    assert (case.standing, case.round) == (CaseState.RUNNING, 2)


def test_what_came_late_and_is_over_is_kept(site, watch, folder):
    (folder / "tried.yaml").write_text(RULES)
    end = clock.now(site.city.timezone) // clock.HOUR * clock.HOUR
    (series,) = site.store.catalogue.series_ids([SeriesKey("GAS2", "a21026", "mean", "hour")], ["ug/m3"])
    late = [Reading(series, end - back * clock.HOUR, clock.HOUR, 950.0) for back in (8, 7)]
    site.store.write("hour", late, arrived=end + 120)
    now = datetime.now(UTC)
    watch.round(now)
    alert = mine(point="GAS2").get()
    assert (alert.state, alert.level, alert.began) == (AlertState.CLEARED, 3, end - 8 * clock.HOUR)
    watch.round(now + timedelta(minutes=6))
    assert mine(point="GAS2").count() == 1
