"""Conversations with one device: what is answered, when, and what ends in the store."""

from __future__ import annotations

import json

from bilan.telemetry.hj212 import Packet, build
from bilan.telemetry.journal import Reader, read
from bilan.telemetry.store import Store
from tests.telemetry.gateway.kit import MN, PASSWORD, Client, admin, gateway, ingest_all, make_city, upload, wait_for


def values_of(store: Store, interval: str = "hour") -> list[tuple[int, float]]:
    series = store.catalogue.series_frame(interval=interval)["id"].to_list()
    return store.scan(series, 0, 1 << 40, interval, level="raw").select("start", "value").rows()


def test_an_upload_is_acknowledged_and_ends_in_the_store_with_its_proof(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(1))
        (answer,) = device.receive()
    assert (answer.cn, answer.st, answer.qn, answer.mn, answer.flag) == ("9014", "91", "20260301000000001", MN, "4")
    store = ingest_all(city).store
    (series,) = store.catalogue.series_frame(parameters=["w01018"])["id"].to_list()
    row = store.scan_raw([series], 0, 1 << 40, "hour").row(0, named=True)
    assert row["value"] == 1.5 and row["seconds"] == 3600
    assert read(city.journal, row["source"]).payload == upload(1).rstrip(b"\r\n")


def test_nothing_is_answered_when_not_asked_and_notices_get_their_own_answer(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(1, flag="4"))
        device.send(build(Packet(qn="20260301000000002", st="91", cn="9015", pw=PASSWORD, mn=MN, flag="9")))
        device.send(build(Packet(qn="20260301000000003", st="32", cn="2072", pw=PASSWORD, mn=MN, flag="1")))
        device.send(build(Packet(qn="20260301000000004", st="91", cn="9021", pw=PASSWORD, mn=MN)))
        answers = device.receive(3)
    assert [(answer.cn, answer.qn[-1], answer.flag) for answer in answers] == [("9014", "2", "8"), ("9013", "3", "0"), ("9022", "4", "")]


def test_split_and_glued_telegrams_are_all_answered(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        whole = b"".join(upload(number) for number in range(20))
        for start in range(0, len(whole), 97):
            device.send(whole[start : start + 97])
        answers = device.receive(20)
    assert [answer.qn for answer in answers] == [f"20260301{number:09d}" for number in range(20)]
    assert len(values_of(ingest_all(city).store)) == 40


def test_the_same_upload_again_is_acknowledged_and_stored_once(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(1), upload(1), upload(1))
        assert len(device.receive(3)) == 3
    follower = ingest_all(city)
    assert (follower.tally.inserted, follower.tally.unchanged) == (2, 4)
    assert len(values_of(follower.store)) == 2


def test_late_and_supplementary_data_find_their_place(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        for number in (5, 3, 4):
            device.send(upload(number, rf="1" if number != 5 else ""))
        device.receive(3)
    starts = [start // 3600 % 24 for start, _ in values_of(ingest_all(city).store)]
    assert sorted(starts) == [3, 3, 4, 4, 5, 5]


def test_metrics_and_status_tell_what_happened(tmp_path):
    city = make_city(tmp_path)
    with gateway(city) as running, Client(city) as device:
        device.send(upload(1))
        device.receive()
        status = running.status()
        assert (status["acknowledging"], status["devices"], status["frames"], status["acknowledged"]) == (True, 1, 1, 1)
        assert "bilan_gateway_acknowledged_total 1.0" in admin(city, "/metrics")


def test_the_journal_tells_when_a_device_came_and_went(tmp_path):
    city = make_city(tmp_path)
    with gateway(city) as running:
        with Client(city) as device:
            device.send(upload(1))
            device.receive()
        wait_for(lambda: running.status()["connections"] == 0)
    events = [record.payload for record in Reader(city.journal).read() if b'"event"' in record.payload]
    assert [json.loads(event)["event"] for event in events] == ["started", "connected", "disconnected", "stopped"]
