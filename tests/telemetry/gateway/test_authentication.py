"""Who is let in, who waits to be claimed, and what becomes of what is refused."""

from __future__ import annotations

import pytest

from bilan.problems import BilanError
from bilan.telemetry.gateway import devices
from bilan.telemetry.hj212 import Packet, build
from bilan.telemetry.hj212.crc import crc16_modbus
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.model import Device
from tests.telemetry.gateway.kit import MN, PASSWORD, Client, gateway, ingest_all, make_city, upload, wait_for


def codes(store):
    return [entry.code for entry in quarantine.listed(store)]


def test_a_wrong_password_is_not_acknowledged_and_kept(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(1, pw="654321"), upload(2))
        assert [answer.qn[-1] for answer in device.receive()] == ["2"]
        assert device.silent()
    store = ingest_all(city).store
    assert codes(store) == ["gateway.wrong_password"]
    assert "654321" in quarantine.listed(store)[0].problems[0].text("en")


def test_a_device_from_another_address_is_refused(tmp_path):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD, address="127.0.0.9"))
    with gateway(city), Client(city) as device:
        device.send(upload(1))
        assert device.silent()
    assert codes(ingest_all(city).store) == ["gateway.wrong_address"]


def test_a_blocked_device_is_refused(tmp_path):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD, state="blocked"))
    with gateway(city), Client(city) as device:
        device.send(upload(1))
        assert device.silent()
    assert codes(ingest_all(city).store) == ["gateway.blocked"]


def test_an_unknown_device_waits_to_be_claimed_and_its_frames_are_replayed(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, poll_seconds=0.05) as running, Client(city) as device:
        device.send(upload(1, mn="NEW000000000000000000001"), upload(2, mn="NEW000000000000000000001"))
        assert device.silent()
        store = ingest_all(city).store
        (waiting,) = devices.claims(store)
        assert (waiting.mn, waiting.frames, waiting.state) == ("NEW000000000000000000001", 2, "open")
        assert "CN=2061" in waiting.sample
        guess = devices.suggest(store, waiting.mn)
        assert (guess.password, guess.system, guess.edition, guess.crc, guess.codes) == (PASSWORD, "32", "2017", "standard", "2017")
        devices.claim(store, waiting.mn, "P1")
        assert devices.claims(store) == []
        wait_for(lambda: running.status()["registered"] == 2)
        device.send(upload(3, mn=waiting.mn))
        assert device.receive()[0].qn.endswith("3")
    store = ingest_all(city).store
    done, left = quarantine.replay_device(store, city.journal, waiting.mn, "clerk")
    assert (done, left) == (2, [])
    series = store.catalogue.series_frame(parameters=["w01018"])["id"].to_list()
    assert store.scan(series, 0, 1 << 40, "hour")["value"].to_list() == [1.5, 2.5, 3.5]
    with pytest.raises(BilanError, match="already registered"):
        devices.claim(store, waiting.mn, "P1")


def test_a_flood_from_an_unknown_device_is_counted_and_mostly_not_kept(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, unknown_burst=5.0, unknown_per_minute=0.001) as running, Client(city) as device:
        device.send(*(upload(number, mn="NOBODY") for number in range(200)))
        device.send(upload(1))
        device.receive()
        wait_for(lambda: running.status()["pending_bytes"] == 0)
    store = ingest_all(city).store
    assert len(quarantine.listed(store)) == 5
    counted = {row["code"]: (row["kept"], row["counted"]) for row in quarantine.counts(store)}
    assert counted["gateway.unknown_device"][0] == 5


@pytest.mark.parametrize(("dialect", "order"), [("modbus", "big"), ("modbus-swapped", "little")])
def test_a_device_with_its_own_check_sum_is_understood_and_answered_in_it(tmp_path, dialect, order):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD, crc=dialect), Device("PLAIN", "P2", PASSWORD))
    segment = upload(1)[6:-6]
    odd = b"##%04d%b%04X\r\n" % (len(segment), segment, int.from_bytes(crc16_modbus(segment).to_bytes(2, "big"), order))
    with gateway(city), Client(city) as device:
        device.send(odd)
        answer = device.socket.recv(4096).rstrip()
        assert int(answer[-4:], 16) == int.from_bytes(crc16_modbus(answer[6:-4]).to_bytes(2, "big"), order)
        device.send(odd.replace(MN.encode(), b"PLAIN".ljust(len(MN), b"_")))
    store = ingest_all(city).store
    assert codes(store) == ["gateway.bad_crc"]
    assert store.latest().height == 2


def test_a_wrong_check_sum_is_never_acknowledged_unless_it_is_off(tmp_path):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD), Device("OFF", "P2", PASSWORD, crc="off"))
    with gateway(city), Client(city) as device:
        device.send(upload(1)[:-6] + b"0F0F\r\n")
        device.send(upload(2, mn="OFF")[:-6] + b"0F0F\r\n")
        assert device.receive()[0].mn == "OFF"
        assert device.silent()
    assert codes(ingest_all(city).store) == ["gateway.bad_crc"]


@pytest.mark.parametrize(
    ("stamp", "code"),
    [("20990101000000", "gateway.future_time"), ("19990101000000", "gateway.ancient_time"), ("2026AB01000000", "value.not_a_time")],
)
def test_impossible_times_are_kept_acknowledged_and_correctable(tmp_path, stamp, code):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(1, stamp=stamp))
        assert device.receive()[0].cn == "9014"
    store = ingest_all(city).store
    (entry,) = quarantine.listed(store)
    assert entry.code == code and stamp in entry.problems[0].text()
    quarantine.replay(store, city.journal, entry.id, "clerk", text=entry.text.replace(stamp, "20260201050000"), note="clock was wrong")
    assert store.latest()["start"].unique().to_list() == [1769922000]
    settled = quarantine.entry(store, entry.id)
    assert (settled.state, settled.person, settled.note) == ("replayed", "clerk", "clock was wrong")
    with pytest.raises(BilanError, match="dealt with"):
        quarantine.replay(store, city.journal, entry.id, "clerk")


@pytest.mark.parametrize(("mode", "flag", "answered"), [("always", "4", True), ("never", "5", False), ("flag", "5", True)])
def test_the_acknowledgement_mode_of_a_device_is_kept_to(tmp_path, mode, flag, answered):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD, acknowledge=mode))
    with gateway(city), Client(city) as device:
        device.send(upload(1, flag=flag))
        assert device.silent() is not answered


def test_text_in_gbk_and_a_late_dialect_change(tmp_path):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD, charset="gbk"))
    note = build(
        Packet(
            qn="20260301000000009", st="32", cn="3020", pw=PASSWORD, mn=MN, flag="5", fields={"DataTime": "20260301000000", "PolId": "清洗"}
        ),
        "gbk",
    )
    with gateway(city), Client(city) as device:
        device.send(note, upload(1, pw="密码"), upload(2))
        assert [answer.qn[-1] for answer in device.receive(2)] == ["9", "2"]
    store = ingest_all(city).store
    assert codes(store) == ["gateway.wrong_password"]
    assert "密码" in quarantine.listed(store)[0].text
