"""The ingest as a whole: offsets, states of devices, encrypted frames, what fails is put aside."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from bilan.telemetry.gateway import devices
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.journal import Kind, Writer, encode
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store
from tests.telemetry.gateway.kit import MN, PASSWORD, Client, gateway, ingest_all, make_city, upload, wait_for

KEY = "30" * 16


def encrypted(frame: bytes) -> bytes:
    """As the 2025 edition prescribes: the sum is that of the plain segment, whole blocks of the area are cipher."""
    head, mark, rest = frame.partition(b"CP=&&")
    area, tail = rest.split(b"&&")
    whole = len(area) // 16 * 16
    cipher = Cipher(SM4(bytes.fromhex(KEY)), modes.ECB()).encryptor()
    return head + mark + cipher.update(area[:whole]) + area[whole:] + b"&&" + tail


def test_encrypted_frames_are_acknowledged_and_stored_and_a_wrong_key_is_a_bad_check_sum(tmp_path):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD, edition="2025", sm4_key=KEY), Device("OTHER", "P2", PASSWORD, sm4_key="31" * 16))
    with gateway(city), Client(city) as device:
        device.send(encrypted(upload(1, flag="9")), encrypted(upload(2, mn="OTHER", flag="9")), upload(3, flag="9"))
        assert [answer.qn[-1] for answer in device.receive(2)] == ["1", "3"]
    store = ingest_all(city).store
    assert sorted(store.latest(["P1"])["value"].to_list()) == [1.25, 3.5]
    assert store.latest(["P2"]).is_empty()
    assert [entry.code for entry in quarantine.listed(store)] == ["gateway.bad_crc"]


def test_what_the_database_shows_of_a_device(tmp_path):
    city = make_city(tmp_path)
    with gateway(city) as running:
        with Client(city) as device:
            device.send(upload(1), upload(2, pw="wrong"))
            device.receive()
            wait_for(lambda: running.status()["pending_bytes"] == 0)
            (state,) = devices.listed(ingest_all(city).store)
            assert (state.connected, state.presence, state.frames, state.readings, state.errors) == (True, "online", 1, 2, 1)
            assert state.peer.startswith("127.0.0.1:") and state.age is not None and state.age < 60
        wait_for(lambda: running.status()["connections"] == 0)
    (state,) = devices.listed(ingest_all(city).store)
    assert (state.connected, state.reason) == (False, "device")
    (later,) = devices.listed(Store.open(city), now=state.seen + 400)
    (much_later,) = devices.listed(Store.open(city), now=state.seen + 4000)
    assert (later.presence, much_later.presence) == ("late", "silent")
    assert devices.counts(Store.open(city))["online"] == 1


def test_a_gateway_that_starts_again_knows_nobody_is_connected(tmp_path):
    city = make_city(tmp_path)
    store = Store.open(city)
    store.database.execute("INSERT INTO device_status (mn, connected) VALUES (?, 1)", (MN,))
    with gateway(city):
        wait_for(lambda: not devices.listed(ingest_all(city).store)[0].connected)


def test_the_same_journal_again_changes_nothing(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(1), upload(2), upload(3, pw="wrong"))
        device.receive(2)
    store = ingest_all(city).store
    before = (store.latest().rows(), store.database.query("SELECT * FROM quarantine"))
    store.offsets.set("ingest", 0)
    again = ingest_all(city)
    assert (again.tally.inserted, again.tally.changed, again.tally.unchanged) == (0, 0, 4)
    assert (store.latest().rows(), store.database.query("SELECT * FROM quarantine")) == before
    assert store.database.query("SELECT COUNT(*) FROM superseded") == [(0,)]


def test_records_that_make_no_sense_hold_up_nobody(tmp_path):
    city = make_city(tmp_path)
    writer = Writer(city.journal, lambda *_: None)
    for kind, payload in [
        (Kind.FRAME, b"no frame"),
        (Kind.FRAME, b""),
        (99, b"from the future"),
        (Kind.EVENT, b'{"event":"unheard of"}'),
        (Kind.EVENT, b"{"),
    ]:
        writer.append(encode(kind, 0, MN, "", payload))
    writer.append(encode(Kind.FRAME, 0, MN, "", upload(1).rstrip()))
    writer.close()
    follower = ingest_all(city)
    assert follower.tally.inserted == 2
    assert [entry.code for entry in quarantine.listed(follower.store)] == ["ingest.failed", "ingest.unreadable", "ingest.unreadable"]


def test_quality_control_sees_every_reading(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(1))
        device.receive()
    follower = ingest_all(city, quality=lambda interval, readings: [reading._replace(quality=1) for reading in readings])
    assert follower.store.latest()["quality"].to_list() == [1, 1]
