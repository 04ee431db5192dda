"""Disk full, database locked, lake read-only: the gateway stops acknowledging, says so, loses nothing, recovers by itself."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bilan.telemetry.gateway import devices
from bilan.telemetry.store import Store
from tests.faults.hindrances import busy, refusing
from tests.faults.machinery import spawning
from tests.telemetry.gateway.kit import Client, Running, gateway, ingest_all, make_city, upload, wait_for

pytestmark = pytest.mark.fault


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of its own at `folder`, when this user may mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False).returncode:
        pytest.skip("mounting a small file system needs root; the limit on file sizes is tested instead")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def stopped(running: Running, what: str) -> dict[str, object]:
    """Wait until the gateway says that it does not acknowledge, and why."""
    status = wait_for(lambda: (found := running.status()) and not found["acknowledging"] and found)
    assert [fault["what"] for fault in status["faults"]] == [what]
    assert all(fault["zh"] and fault["en"] for fault in status["faults"])
    assert devices.gateway_status(running.city)["acknowledging"] is False
    return status


def working(running: Running) -> None:
    wait_for(lambda: running.status()["acknowledging"])


def insist(device: Client, *numbers: int) -> None:
    """Send packets again and wait until each is acknowledged, some perhaps twice."""
    device.send(*map(upload, numbers))
    missing = set(numbers)
    while missing:
        missing.discard(int(device.receive()[0].qn[8:]))


def stored(city) -> int:
    store = ingest_all(city).store
    return store.scan(store.catalogue.series_frame()["id"].to_list(), 0, 1 << 40, "hour").height


def test_a_full_disk(tmp_path):
    city = make_city(tmp_path)
    with small_disk(city.journal, "6m"), gateway(city, free_bytes=2 << 20, allocate_bytes=1 << 16) as running, Client(city) as device:
        device.send(upload(1))
        device.receive()
        (city.journal / "ballast").write_bytes(bytes(5 << 20))
        stopped(running, "journal")
        device.send(upload(2))
        assert device.silent()
        (city.journal / "ballast").unlink()
        working(running)
        insist(device, 2, 3)
        running.stop()
        assert stored(city) == 6
        assert [(fault["what"], fault["ended"] > 0) for fault in devices.faults(Store.open(city))] == [("journal", True)]


def test_a_disk_that_fills_up_while_writing(tmp_path):
    """Whether the probe or a failed write notices first: only what was written is acknowledged, the rest comes again."""
    city = make_city(tmp_path)
    settings = {"free_bytes": 0, "allocate_bytes": 1 << 16, "segment_bytes": 1 << 18, "probe_seconds": 0.3}
    with small_disk(city.journal, "1m"), gateway(city, **settings) as running, Client(city) as device:
        device.send(upload(0))
        device.receive()
        (city.journal / "ballast").write_bytes(bytes(600 << 10))
        number, acknowledged = 1, {0}
        while running.status()["acknowledging"]:
            device.send(*(upload(number + more) for more in range(500)))
            number += 500
            acknowledged |= {int(answer.qn[8:]) for answer in drain(device)}
        stopped(running, "journal")
        acknowledged |= {int(answer.qn[8:]) for answer in drain(device)}
        (city.journal / "ballast").unlink()
        working(running)
        device.send(*(upload(again) for again in range(number) if again not in acknowledged))
        acknowledged |= {int(answer.qn[8:]) for answer in drain(device, 1.5)}
        assert acknowledged == set(range(number))
        running.stop()
        assert stored(city) == 2 * number


def drain(device: Client, patience: float = 0.3):
    device.socket.settimeout(patience)
    answers = []
    with contextlib.suppress(TimeoutError):
        while True:
            answers += device.receive()
    device.socket.settimeout(15)
    return answers


def test_a_limit_on_file_sizes(tmp_path):
    """What every user can try: files may not grow, then they may again."""
    city = make_city(tmp_path)
    city.pack.mkdir()
    (city.pack / "gateway.toml").write_text("probe_seconds = 0.05\nfree_bytes = 1\nallocate_bytes = 4096\n")
    with spawning(city) as spawner:
        number = spawner.start("gateway")
        device = wait_for(lambda: connection(city))
        device.send(upload(1))
        device.receive()
        _, hard = resource.prlimit(number, resource.RLIMIT_FSIZE)
        resource.prlimit(number, resource.RLIMIT_FSIZE, (1024, hard))
        wait_for(lambda: not devices.gateway_status(city)["acknowledging"])
        device.send(upload(2))
        assert device.silent()
        resource.prlimit(number, resource.RLIMIT_FSIZE, (hard, hard))
        wait_for(lambda: devices.gateway_status(city)["acknowledging"])
        insist(device, 2)
        device.socket.close()
        spawner.end("gateway", signal.SIGTERM)
    assert stored(city) == 4


def connection(city) -> Client | None:
    try:
        return Client(city)
    except OSError:
        return None


def test_a_locked_database(tmp_path):
    city = make_city(tmp_path)
    with gateway(city) as running, Client(city) as device:
        with refusing(city):
            stopped(running, "database")
            device.send(upload(1))
            assert device.silent()
        working(running)
        insist(device, 1, 2)
    assert stored(city) == 4
    (fault,) = devices.faults(Store.open(city))
    assert (fault["what"], fault["problem"].code, fault["ended"] > 0) == ("database", "gateway.database_unwritable", True)


def test_a_database_that_is_busy_for_a_moment_is_no_fault(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, grace_seconds=30.0) as running, Client(city) as device, refusing(city):
        assert device.silent(1.5)
        device.send(upload(1))
        device.receive()
        assert running.status()["acknowledging"]


def test_a_lake_that_cannot_be_written(tmp_path):
    city = make_city(tmp_path)
    with small_disk(city.lake, "1m"), gateway(city) as running, Client(city) as device:
        device.send(upload(1))
        device.receive()
        subprocess.run(["mount", "-o", "remount,ro", city.lake], check=True)
        stopped(running, "lake")
        device.send(upload(2))
        assert device.silent()
        subprocess.run(["mount", "-o", "remount,rw", city.lake], check=True)
        working(running)
        insist(device, 2, 3)
    assert stored(city) == 6


def test_an_ingest_waits_for_a_locked_database_and_goes_on(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(1), upload(2))
        device.receive(2)
    with spawning(city) as spawner:
        with busy(city):
            spawner.start("ingest")
            assert not readings(city)
        wait_for(lambda: len(readings(city)) == 4, 40)


def readings(city) -> list[object]:
    return Store.open(city).database.query("SELECT * FROM obs_hour")
