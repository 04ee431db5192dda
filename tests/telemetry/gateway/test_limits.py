"""Slow, fast, long and meaningless senders are bounded, and nobody else notices them."""

from __future__ import annotations

import os
import random

from bilan.telemetry.hj212.building import wrap
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.model import Device
from tests.telemetry.gateway.kit import FIRST_HOUR, MN, PASSWORD, Client, admin, gateway, ingest_all, make_city, upload, wait_for


def test_a_slow_loris_is_closed_and_its_fragment_kept(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, frame_seconds=0.5) as running, Client(city) as loris, Client(city) as device:
        loris.send(upload(1))
        loris.receive()
        loris.send(upload(2)[:60])
        assert loris.closed()
        device.send(upload(3))
        device.receive()
        assert 'bilan_gateway_closed_total{reason="slow"} 1.0' in admin(running.city, "/metrics")
    assert [entry.code for entry in quarantine.listed(ingest_all(city).store)] == ["gateway.truncated"]


def test_who_says_nothing_is_closed(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, first_frame_seconds=0.5), Client(city) as mute:
        assert mute.closed()


def test_an_idle_device_is_closed_and_may_come_again(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, idle_seconds=0.5):
        for number in range(2):
            with Client(city) as device:
                device.send(upload(number))
                device.receive()
                assert device.closed()


def test_endless_garbage_is_closed_and_kept_only_as_a_sample(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, garbage_bytes=20_000) as running, Client(city) as noise:
        try:
            for _ in range(100):
                noise.send(os.urandom(5000).replace(b"#", b"?"))
        except ConnectionError:
            pass
        assert noise.closed()
        wait_for(lambda: running.status()["connections"] == 0)
        assert running.status()["bytes"] < 400_000


def test_a_flood_is_slowed_and_loses_nothing(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, frames_per_second=400.0, frame_burst=50.0), Client(city) as device:
        device.send(*(upload(number) for number in range(300)))
        assert [answer.qn for answer in device.receive(300)] == [f"20260301{number:09d}" for number in range(300)]
    assert ingest_all(city).tally.inserted == 600


def test_little_room_for_what_waits_for_the_disk_slows_everybody_and_loses_nothing(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, pending_bytes=2000), Client(city) as one, Client(city) as other:
        for number in range(100):
            one.send(upload(2 * number))
            other.send(upload(2 * number + 1))
        assert len(one.receive(100)) == len(other.receive(100)) == 100
    assert ingest_all(city).tally.inserted == 400


def test_an_oversize_telegram_costs_only_itself(tmp_path):
    city = make_city(tmp_path)
    long = upload(1, pw=PASSWORD)[:6] + b"ST=32;CN=2061;CP=&&" + b"x" * 12_000
    with gateway(city), Client(city) as device:
        device.send(b"##9999" + long[6:], upload(2))
        assert device.receive()[0].qn.endswith("2")
    assert quarantine.open_count(ingest_all(city).store) >= 1


def test_no_more_connections_than_allowed(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, max_connections=2), Client(city) as one, Client(city) as two, Client(city) as three:
        for device in (one, two):
            device.send(upload(1))
            device.receive()
        assert three.closed()


def test_no_more_connections_from_one_address_than_allowed(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, connections_per_address=1), Client(city) as one, Client(city) as two:
        one.send(upload(1))
        one.receive()
        assert two.closed()


def test_the_older_connection_goes_only_after_the_newer_proved_alive(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, superseded_seconds=0.3) as running, Client(city) as old, Client(city) as new:
        old.send(upload(1))
        old.receive()
        wait_for(lambda: running.status()["connections"] == 2)
        old.send(upload(2))
        old.receive()
        new.send(upload(3))
        new.receive()
        assert old.closed()
        new.send(upload(4))
        assert new.receive()[0].qn.endswith("4")
        assert running.status()["devices"] == 1


def test_a_connection_may_carry_several_devices(tmp_path):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD), Device("SECOND", "P2", PASSWORD))
    with gateway(city) as running, Client(city) as concentrator:
        concentrator.send(upload(1), upload(1, mn="SECOND"))
        assert {answer.mn for answer in concentrator.receive(2)} == {MN, "SECOND"}
        assert running.status()["devices"] == 2


def test_a_device_that_reads_no_answers_is_no_longer_read(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, unread_bytes=1000) as running, Client(city) as deaf, Client(city) as device:
        deaf.socket.settimeout(0.5)
        frame = upload(1)
        try:
            for _ in range(400):
                deaf.send(frame * 200)
        except TimeoutError:
            pass
        device.send(upload(2))
        assert device.receive()[0].qn.endswith("2")
        assert running.status()["pending_bytes"] < 10_000_000


def test_any_bytes_whatever_in_a_frame_with_the_right_sum_harm_nobody(tmp_path):
    city = make_city(tmp_path)
    chance = random.Random(11)
    pieces = [
        b"QN=",
        b"MN=",
        MN.encode(),
        b"CN=",
        b"2061",
        b";",
        b",",
        b"Flag=5",
        b"CP=&&",
        b"DataTime=",
        b"20260301000000",
        b"w01018-",
        b"Avg=",
        b"1.5",
    ]
    pieces += [
        b"w01018-Flag=\x00",
        b"\x00",
        b"\xff\xfe",
        b"PW=123456",
        b"PNUM=2;PNO=1",
        b"&&",
        b"##",
        "清".encode("gbk"),
        b"9" * 40,
        b"-",
        b"//",
    ]
    with gateway(city, quarantine_burst=10_000.0) as running, Client(city) as fuzz:
        for _ in range(40):
            fuzz.send(*(wrap(b"".join(chance.choices(pieces, k=chance.randrange(30)))) for _ in range(25)))
            fuzz.send(*(upload(1).replace(b"Flag=N", bytes([chance.randrange(256)]))[:-6] + b"\r\n" for _ in range(3)))
        with Client(city) as device:
            device.send(upload(3))
            assert device.receive()[0].qn.endswith("3")
        wait_for(lambda: running.status()["pending_bytes"] == 0)
    store = ingest_all(city).store
    assert store.latest()["start"].max() >= FIRST_HOUR + 3 * 3600
    assert all(entry.problems[0].text() and "\x00" not in entry.text + entry.mn for entry in quarantine.listed(store, limit=10_000))
