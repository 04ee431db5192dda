"""What a frame comes to: series, spans, units, marks; and what in it makes no sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.telemetry import clock
from bilan.telemetry.hj212 import Packet, build
from bilan.telemetry.ingest.explode import Exploder
from bilan.telemetry.model import Device, Point
from bilan.telemetry.store import Store

STAMP = "20260301080000"
START = clock.seconds(datetime(2026, 3, 1, 8))


@pytest.fixture
def store(tmp_path):
    made = Store.connect(f"sqlite:///{tmp_path}/t.sqlite3", tmp_path / "lake")
    made.migrate()
    made.catalogue.put_points(
        [Point("A", "air", "空气"), Point("W", "source_water", "废水"), Point("G", "source_gas", "废气"), Point("N", "noise", "噪声")]
    )
    made.catalogue.put_devices(
        [
            Device("AIR", "A"),
            Device("WATER", "W", minute_interval=5),
            Device("OLD", "W", codes="2005", edition="2005"),
            Device("END", "W", labels="end"),
            Device("GAS", "G"),
            Device("NOISE", "N"),
            Device("NOWHERE"),
        ]
    )
    return made


def explode(store, mn, cn, values, stamp=STAMP, **header):
    """Readings by (parameter, statistic, interval, occurrence), and what the frame came to."""
    exploder = Exploder(store)
    exploder.refresh()
    frame = build(Packet(st="32", cn=cn, mn=mn, fields={"DataTime": stamp} if stamp else {}, values=values, **header)).rstrip(b"\r\n")
    while True:
        batches = {}
        result = exploder.explode(mn, frame, START, 1, batches)
        if exploder.complete():
            break
    keys = {row["id"]: row for row in store.catalogue.series_frame().iter_rows(named=True)}
    found = {}
    for interval, batch in batches.items():
        assert len(batch.readings) == len(batch.arrived) == len(batch.sources)
        for reading in batch.readings:
            key = keys[reading.series]
            assert key["interval"] == interval
            found[key["parameter"], key["statistic"], interval, key["occurrence"]] = (reading, key["unit"])
    return found, result


@pytest.mark.parametrize(
    ("cn", "tag", "statistic", "interval", "seconds"),
    [
        ("2011", "Rtd", "value", "instant", 0),
        ("2051", "Avg", "mean", "minute", 300),
        ("2061", "Min", "min", "hour", 3600),
        ("2061", "Max", "max", "hour", 3600),
        ("2031", "Cou", "total", "day", 86400),
        ("2111", "Avg", "mean", "minute", 300),
        ("2061", "ZsAvg", "converted_mean", "hour", 3600),
    ],
)
def test_command_and_tag_say_interval_and_statistic(store, cn, tag, statistic, interval, seconds):
    found, result = explode(store, "WATER", cn, {"w01018": {tag: "31.5", "Flag": "D"}})
    (reading, _) = found["w01018", statistic, interval, 1]
    assert (reading.start, reading.seconds, reading.value, reading.flag) == (START, seconds, 31.5, "D")
    assert (result.start, result.count, result.problems) == (START, 1, [])


def test_a_device_that_labels_by_the_end_is_put_back(store):
    found, _ = explode(store, "END", "2061", {"w01018": {"Avg": "1"}})
    assert found["w01018", "mean", "hour", 1][0].start == START - 3600


def test_old_factor_codes_become_new_ones(store):
    found, _ = explode(store, "OLD", "2061", {"011": {"Avg": "30"}, "060": {"Avg": "2"}, "B01": {"Cou": "7"}})
    assert {key[0] for key in found} == {"w01018", "w21003", "w00000"}
    assert found["w00000", "total", "hour", 1][1] == "m3"


def test_units_on_the_wire_become_stored_units(store):
    found, _ = explode(store, "AIR", "2061", {"a25002": {"Avg": "0.012"}, "a34004": {"Avg": "35"}})
    assert found["a25002", "mean", "hour", 1][0].value == pytest.approx(12) and found["a25002", "mean", "hour", 1][1] == "ug/m3"
    assert found["a34004", "mean", "hour", 1][0].value == 35
    found, _ = explode(store, "GAS", "2061", {"a21026": {"Avg": "35"}})
    assert found["a21026", "mean", "hour", 1] == (found["a21026", "mean", "hour", 1][0], "mg/m3")
    assert found["a21026", "mean", "hour", 1][0].value == 35


def test_states_running_times_and_noise(store):
    found, _ = explode(store, "GAS", "2021", {"SB1": {"RS": "1"}, "SB12": {"RS": "4"}})
    assert {key: reading.value for key, (reading, _) in found.items()} == {
        ("SB", "state", "instant", 1): 1,
        ("SB", "state", "instant", 12): 4,
    }
    found, _ = explode(store, "GAS", "2041", {"SB1": {"RT": "23.5"}})
    assert found["SB", "hours", "day", 1][1] == "h"
    found, _ = explode(store, "NOISE", "2061", {"Leq": {"Data": "55.5"}})
    assert found["Leq", "value", "hour", 1][0].value == 55.5


def test_a_mark_without_a_value_is_kept_and_an_uncomputable_conversion_is_no_number(store):
    found, result = explode(store, "GAS", "2061", {"a21026": {"Avg": "", "Flag": "B"}, "a34013": {"ZsAvg": "9999.99", "Flag": "N"}})
    assert (found["a21026", "mean", "hour", 1][0].value, found["a21026", "mean", "hour", 1][0].flag) == (None, "B")
    assert found["a34013", "converted_mean", "hour", 1][0].value is None
    assert result.problems == []


@pytest.mark.parametrize("text", ["nan", "inf", "12,5", "1e300", "0x10", "十二"])
def test_impossible_numbers_are_named_and_the_others_kept(store, text):
    found, result = explode(store, "WATER", "2061", {"w01018": {"Avg": text}, "w21003": {"Avg": "1.5"}})
    assert found["w21003", "mean", "hour", 1][0].value == 1.5
    if text != "12,5":
        assert ("w01018", "mean", "hour", 1) not in found
        assert len(result.problems) == 1 and "w01018-Avg" in result.problems[0].text("en")


@pytest.mark.parametrize(
    ("mn", "stamp", "code"),
    [
        ("WATER", "", "ingest.no_time"),
        ("WATER", "20261301000000", "value.not_a_time"),
        ("NOWHERE", STAMP, "ingest.no_point"),
        ("GONE", STAMP, "gateway.unknown_device"),
    ],
)
def test_what_cannot_be_placed_says_why(store, mn, stamp, code):
    found, result = explode(store, mn, "2061", {"w01018": {"Avg": "1"}}, stamp=stamp)
    assert not found and [problem.code for problem in result.problems] == [code]
    assert result.problems[0].text() and result.problems[0].text("en")


def test_the_last_moment_of_a_day_may_be_called_24(store):
    _, result = explode(store, "WATER", "2061", {"w01018": {"Avg": "1"}}, stamp="20260228240000")
    assert result.start == clock.seconds(datetime(2026, 3, 1))


def test_a_part_without_a_time_has_the_time_of_the_first(store):
    exploder = Exploder(store)
    exploder.refresh()
    first = build(
        Packet(st="32", cn="2061", mn="WATER", flag="7", pnum="2", pno="1", fields={"DataTime": STAMP}, values={"w01018": {"Avg": "1"}})
    )
    second = build(Packet(st="32", cn="2061", mn="WATER", flag="7", pnum="2", pno="2", values={"w21003": {"Avg": "2"}}))
    for _ in range(2):
        exploder.explode("WATER", first.rstrip(), START, 1, {})
        result = exploder.explode("WATER", second.rstrip(), START, 2, {})
        exploder.complete()
    assert (result.start, result.count) == (START, 1)


def test_a_changed_device_is_read_anew(store):
    exploder = Exploder(store)
    frame = build(Packet(st="32", cn="2061", mn="WATER", fields={"DataTime": STAMP}, values={"w01018": {"Avg": "1"}})).rstrip()

    def start():
        exploder.refresh()
        while True:
            result = exploder.explode("WATER", frame, START, 1, {})
            if exploder.complete():
                return result.start

    assert start() == START
    store.catalogue.put_devices([replace(store.catalogue.device("WATER"), labels="end")])
    assert start() == START - 3600


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(area=st.binary(max_size=400))
def test_no_data_area_whatever_breaks_it(store, area):
    exploder = Exploder(store)
    exploder.refresh()
    segment = b"ST=32;CN=2061;MN=WATER;CP=&&" + area + b"&&"
    exploder.explode("WATER", b"##%04d%b0000" % (len(segment), segment), START, 1, {})
    exploder.complete()
