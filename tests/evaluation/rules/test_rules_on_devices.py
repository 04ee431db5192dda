from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bilan.evaluation.rules import evaluate, replay
from bilan.evaluation.rules.rates import rates
from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.model import Device

BEGIN = datetime(2026, 3, 1)


def now(hours: float) -> int:
    return clock.seconds(BEGIN + timedelta(hours=hours))


@pytest.fixture
def devices(store):
    store.catalogue.put_devices([Device(mn="MN1", point="G1"), Device(mn="MN2", point="G2"), Device(mn="MN3", point="A1", state="blocked")])


def heard(store, mn: str, seen: int, data: int, lag: int = 0) -> None:
    store.database.execute("INSERT INTO device_status (mn, connected, seen, data_time, lag) VALUES (?, 1, ?, ?, ?)", (mn, seen, data, lag))


def test_silence_begins_when_the_device_was_last_heard_of(store, declare, devices):
    heard(store, "MN1", now(2), now(1))
    heard(store, "MN2", now(9.9), now(9))
    specs = declare(
        "silent > 4", subject="devices", where="", levels="[{level: serious, when: silent > 7}]", says="{silent:.0f} · {silent:.0f}"
    )
    found = evaluate(store, specs, now(10))
    (row,) = found.frame.rows(named=True)
    assert (row["source"], row["point"], row["code"], row["level"], row["began"]) == ("device|MN1", "G1", "MN1", 3, now(2))
    assert found.checked["source"].to_list() == ["device|MN2"]


def test_a_device_never_heard_of_is_silent_and_one_that_is_blocked_is_not_asked(store, declare, devices):
    found = evaluate(store, declare("silent > 4", subject="devices", where=""), now(10))
    assert found.frame["source"].to_list() == ["device|MN1", "device|MN2"]


def test_a_device_ahead_of_the_clock_is_not_silent(store, declare, devices):
    heard(store, "MN1", now(12), now(12))
    heard(store, "MN2", now(12), now(12))
    found = evaluate(store, declare("silent > 0 or data_age > 0", subject="devices", where=""), now(10))
    assert found.frame.is_empty()


def test_rates_are_of_what_was_due_and_standstill_is_not_due(store, fill, devices):
    fill("G1", BEGIN, so2=[10] * 12 + [None] * 6 + ["D"] * 6)
    fill("G2", BEGIN, so2=[10] * 9 + ["F"] * 12 + [None] * 3)
    found = {row["@point"]: row for row in rates(store, store.catalogue.points(codes=["G1", "G2"]), now(25)).iter_rows(named=True)}
    assert found["G1"]["transmission"] == pytest.approx(18 / 24)
    assert found["G1"]["validity"] == pytest.approx(12 / 18)
    assert found["G1"]["effective"] == pytest.approx(12 / 24)
    assert found["G2"]["transmission"] == pytest.approx(9 / 12)
    assert found["G2"]["effective"] == pytest.approx(9 / 12)


def test_a_point_that_stood_still_nearly_all_day_has_no_rate(store, fill, devices):
    fill("G1", BEGIN, so2=["F"] * 20 + [None] * 4)
    assert rates(store, store.catalogue.points(codes=["G1"]), now(25))["effective"].to_list() == [None]


def test_low_rates_are_found_by_the_kind_of_point(store, fill, declare, devices):
    fill("G1", BEGIN, so2=[10] * 12)
    fill("G2", BEGIN, so2=[10] * 12)
    heard(store, "MN1", now(24), now(12))
    found = evaluate(store, declare("effective < 0.9", subject="devices", where="{points: \"profile == 'boiler'\"}"), now(25))
    assert found.frame["point"].to_list() == ["G2"]


def test_silence_and_rates_of_the_past_follow_from_what_came(store, fill, declare, devices):
    fill("G1", BEGIN, so2=[10] * 48 + [None] * 6 + [10] * 42)
    fill("G2", BEGIN, so2=[10] * 96)
    specs = declare("silent > 4", "effective < 0.8", subject="devices", where="")
    found = replay(store, specs, now(40), now(96))
    assert found.episodes.select("rule", "source").rows() == [("rule-0", "device|MN1"), ("rule-1", "device|MN1")]
    assert found.episodes["began"].to_list() == [now(52), now(52)]
    assert found.episodes["ended"][0] == now(54)


def test_what_keeps_no_past_cannot_be_replayed(store, declare):
    specs = declare("status == 'valid'", subject="entries", where="{register: discharge-permit}")
    with pytest.raises(BilanError) as caught:
        replay(store, specs, now(0), now(3))
    assert caught.value.problems[0].code == "rules.cannot_replay"
