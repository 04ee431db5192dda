from __future__ import annotations

import json
import shutil
import subprocess
import threading
from contextlib import contextmanager
from datetime import datetime

import pytest
from paho.mqtt import publish

from bilan.problems import BilanError, Problem
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.hj212 import Packet, build
from bilan.telemetry.ingest.service import Ingest
from bilan.telemetry.model import Device
from bilan.telemetry.readers import correct, quarantined, replay
from bilan.telemetry.readers.bridge import Broker
from bilan.telemetry.readers.mqtt_command import keep, make_bridge
from bilan.telemetry.readers.resend import replay_message
from bilan.telemetry.store import Store
from tests.telemetry.gateway.kit import free_port, gateway, make_city, wait_for

MN = "A1"


@pytest.fixture
def broker(tmp_path):
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("no Mosquitto here: install the package mosquitto to test with a real broker")
    port = free_port()
    settings = tmp_path / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")
    running = subprocess.Popen([program, "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _answers(port))
        yield port
    finally:
        running.terminate()
        running.wait()


def _answers(port):
    try:
        publish.single("probe", port=port, hostname="127.0.0.1")
    except OSError:
        return False
    return True


@pytest.fixture
def city(tmp_path):
    return make_city(tmp_path, Device(MN, "P1", "123456", system="32"))


@pytest.fixture
def store(city):
    opened = Store.open(city)
    yield opened
    opened.close()


@contextmanager
def bridged(city, store, port):
    bridge = make_bridge(city, store, Broker(port=port), patience=1.0)
    stop = threading.Event()
    thread = threading.Thread(target=bridge.run, args=(stop,))
    thread.start()
    try:
        assert bridge.subscribed.wait(15)
        yield bridge
    finally:
        stop.set()
        thread.join()


def send(port, topic, payload):
    publish.single(topic, payload, qos=1, hostname="127.0.0.1", port=port)


def held(city, store):
    ingest = Ingest(city, store, Settings.of(city))
    while ingest.step():
        continue
    series = store.catalogue.series_frame()
    return {
        (parameter, statistic): store.scan([number], 0, 1 << 40, interval)["value"].to_list()
        for number, parameter, statistic, interval in series.select("id", "parameter", "statistic", "interval").iter_rows()
    }


def telegram(value):
    fields = {"DataTime": "20260301080000"}
    packet = Packet("20260301090000001", "32", "2061", "123456", MN, "5", fields=fields, values={"w01018": {"Avg": value, "Flag": "N"}})
    return build(packet)


def test_objects_and_telegrams_reach_the_store(broker, city, store):
    with gateway(city), bridged(city, store, broker) as bridge:
        send(broker, "hj212/site", telegram("20.5"))
        send(broker, f"bilan/readings/{MN}", json.dumps({"time": "2026-03-01 08:00", "password": "123456", "values": {"氨氮": 0.4}}))
        send(broker, f"bilan/readings/{MN}", b"not an object")
        wait_for(lambda: bridge.tally.confirmed == 2 and bridge.tally.refused == 1)
    assert held(city, store) == {("w01018", "mean"): [20.5], ("w21003", "mean"): [0.4]}
    (refused,) = quarantined(store)
    assert refused.cells == {"topic": f"bilan/readings/{MN}", "payload": "not an object"}
    assert refused.problems[0].code == "mqtt.unreadable"


def test_a_message_is_confirmed_only_when_the_gateway_has_it(broker, city, store):
    with gateway(city), bridged(city, store, broker):
        pass  # the session at the broker is made
    send(broker, "hj212/site", telegram("21.5"))  # both are away now
    with gateway(city), bridged(city, store, broker) as bridge:
        wait_for(lambda: bridge.tally.confirmed == 1)
    assert held(city, store)["w01018", "mean"] == [21.5]


def test_a_gateway_that_goes_away_is_waited_for(broker, city, store):
    with gateway(city) as first, bridged(city, store, broker) as bridge:
        first.stop()
        wait_for(lambda: not bridge.subscribed.is_set())
        send(broker, "hj212/site", telegram("22.5"))
        with gateway(city):
            wait_for(lambda: bridge.tally.confirmed == 1)
    assert held(city, store)["w01018", "mean"] == [22.5]


def test_the_gateway_judges_who_sends(broker, city, store):
    with gateway(city), bridged(city, store, broker) as bridge:
        send(broker, f"bilan/readings/{MN}", json.dumps({"time": "2026-03-01 08:00", "password": "wrong", "values": {"氨氮": 0.4}}))
        wait_for(lambda: bridge.tally.confirmed == 1)
    assert held(city, store) == {}
    assert [code for (code,) in store.database.query("SELECT code FROM quarantine")] == ["gateway.wrong_password"]


def test_a_message_is_corrected_and_sent_again(broker, city, store):
    with gateway(city):
        with bridged(city, store, broker) as bridge:
            send(broker, f"bilan/readings/{MN}", b'{"time": "soon", "password": "123456", "values": {"COD": 20}}')
            wait_for(lambda: bridge.tally.refused == 1)
        (refused,) = quarantined(store)
        assert [problem.code for problem in replay_message(city, store, refused, datetime.now, "li")] == ["value.not_a_time"]
        correct(store, refused.id, {"payload": refused.cells["payload"].replace("soon", "2026-03-01 08:00")}, "li")
        assert replay_message(city, store, quarantined(store)[0], datetime.now, "li") == []
    assert quarantined(store) == []
    assert held(city, store) == {("w01018", "mean"): [20.0]}


def test_a_message_is_no_row_of_a_file(city, store):
    keep(store, "bilan/readings/A1", b"x", Problem("mqtt.no_values"))
    with pytest.raises(BilanError) as caught:
        replay(store, quarantined(store)[0].id, "li")
    assert caught.value.problems[0].code == "import.is_message"
