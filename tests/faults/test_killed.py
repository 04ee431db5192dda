"""Killed at any moment, gateway and ingest lose no acknowledged reading and store none twice."""

from __future__ import annotations

import random
import signal
import time

import pytest

from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.journal import read
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store
from tests.faults.machinery import Insistent, spawning
from tests.telemetry.gateway.kit import FIRST_HOUR, PASSWORD, ingest_all, make_city, upload, wait_for

pytestmark = pytest.mark.fault

KILLS = 30
DEVICES = 6


def test_sixty_kills_under_load_lose_nothing_and_double_nothing(tmp_path):
    devices = [Device(f"FAULT{number:019d}", f"P{number}", PASSWORD, system="32") for number in range(DEVICES)]
    city = make_city(tmp_path, *devices)
    city.pack.mkdir()
    (city.pack / "gateway.toml").write_text(
        "future_seconds = 2000000000\nfree_bytes = 1048576\nsegment_bytes = 2097152\ningest_seconds = 0.01\n"
    )
    assert Settings.of(city).segment_bytes == 2 << 20
    chance = random.Random(20260301)
    with spawning(city) as spawner:
        for name in ("gateway", "ingest"):
            spawner.start(name)
        load = [Insistent(city, device.mn, 1) for device in devices]
        for device in load:
            device.start()
        for _ in range(KILLS):
            for name in ("gateway", "ingest"):
                time.sleep(chance.uniform(0.01, 0.35))
                spawner.end(name, signal.SIGKILL)
                spawner.start(name)
        for device in load:
            device.finish()
        wait_for(lambda: all(device.finished for device in load), 60)
        for name in ("gateway", "ingest"):
            spawner.end(name, signal.SIGTERM)
    store = ingest_all(city).store
    assert min(len(device.acknowledged) for device in load) > KILLS
    for device, thread in zip(devices, load, strict=True):
        check_stored_once(store, city, device, thread.acknowledged)
    assert store.database.query("SELECT COUNT(*) FROM superseded") == [(0,)]
    assert not store.database.query("SELECT 1 FROM quarantine WHERE code <> 'gateway.truncated'")


def check_stored_once(store: Store, city, device: Device, acknowledged: list[int]) -> None:
    """Every acknowledged packet stands in the store with its value, once, counted once, with its frame as proof."""
    (series,) = store.catalogue.series_frame([device.point], ["w01018"])["id"].to_list()
    rows = store.scan_raw([series], 0, 1 << 40, "hour")
    found = dict(rows.select("start", "value").iter_rows())
    assert len(found) == rows.height
    for number in acknowledged:
        assert found[FIRST_HOUR + 3600 * number] == number % 50 + 0.5
    assert store.statistics([series])["count"].to_list() == [rows.height]
    for start, source in rows.select("start", "source").gather_every(37).iter_rows():
        number = (start - FIRST_HOUR) // 3600
        assert read(city.journal, source).payload == upload(number, mn=device.mn).rstrip(b"\r\n")
