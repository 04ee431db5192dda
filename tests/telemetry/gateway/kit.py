"""A city with devices, its gateway on a thread, and a client that speaks HJ 212: what the tests of gateway and ingest share."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bilan.pack.city import City
from bilan.telemetry import clock
from bilan.telemetry.gateway.command import run
from bilan.telemetry.gateway.service import serve
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.hj212 import Framer, Packet, build, parse
from bilan.telemetry.ingest.service import Ingest, Quality
from bilan.telemetry.model import Device, Point
from bilan.telemetry.store import Store
from tests import stores

MN = "A110000_0001"
PASSWORD = "123456"
PATIENCE = 15.0
FIRST_HOUR = clock.seconds(datetime(2026, 1, 1))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """Wait until `condition` gives something true, and give it."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {patience} s: {condition}")


def make_city(folder: Path, *devices: Device, **values: Any) -> City:
    """A city with one water outlet a device, its store migrated."""
    ports = {"gateway_port": free_port(), "admin_port": free_port()}
    city = City(folder / "city", "测试市", "Test", "350500", **{**ports, **stores.addresses(), **values})
    city.write()
    store = Store.open(city)
    store.migrate()
    known = devices or (Device(MN, "P1", PASSWORD, system="32"),)
    store.catalogue.put_points([Point(device.point, "source_water", device.point) for device in known if device.point])
    store.catalogue.put_devices(known)
    store.close()
    return city


def quick(**values: Any) -> Settings:
    """Settings for tests: polls and probes without long pauses, little free disk needed."""
    return replace(Settings.of(), **{"probe_seconds": 0.05, "poll_seconds": 0.05, "grace_seconds": 0.2, "free_bytes": 1 << 20, **values})


class Running:
    """A gateway on a thread of this process."""

    def __init__(self, city: City, settings: Settings) -> None:
        self.city = city
        self._started = threading.Event()
        self._stop: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=lambda: run(self._main(settings)))
        self._thread.start()
        assert self._started.wait(PATIENCE)

    async def _main(self, settings: Settings) -> None:
        ready, stop = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(stop.set)
        running = asyncio.create_task(serve(self.city, settings, ready, stop))
        await ready.wait()
        self._started.set()
        await running

    def stop(self) -> None:
        if self._thread.is_alive():
            self._stop()
            self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def status(self) -> dict[str, Any]:
        return json.loads(admin(self.city, "/status"))


def admin(city: City, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{city.admin_port}{path}", timeout=PATIENCE) as answer:
        return answer.read().decode()


@contextmanager
def gateway(city: City, **values: Any) -> Iterator[Running]:
    running = Running(city, quick(**values))
    try:
        yield running
    finally:
        running.stop()


class Client:
    """A device on a blocking socket."""

    def __init__(self, city: City) -> None:
        self.socket = socket.create_connection(("127.0.0.1", city.gateway_port), PATIENCE)
        self._framer = Framer()
        self._waiting: list[Packet] = []

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *telegrams: bytes) -> None:
        self.socket.sendall(b"".join(telegrams))

    def receive(self, count: int = 1) -> list[Packet]:
        """Wait for so many packets."""
        while len(self._waiting) < count:
            content = self.socket.recv(65536)
            assert content, "the gateway closed the connection"
            for frame in self._framer.feed(content):
                assert not frame.error
                self._waiting.append(parse(frame.segment))
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    def silent(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes for a while."""
        self.socket.settimeout(seconds)
        try:
            return not self._waiting and self.socket.recv(65536) == b""
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)

    def closed(self) -> bool:
        """Wait for the gateway to close the connection."""
        try:
            while self.socket.recv(65536):
                continue
        except ConnectionError:
            pass
        return True


def upload(number: int, *, cn: str = "2061", mn: str = MN, flag: str = "5", stamp: str = "", pw: str = PASSWORD, **values: str) -> bytes:
    """An upload with its own QN and, unless told, its own hour of 2026."""
    data = {"w01018": {"Avg": f"{number % 50 + 0.5}", "Flag": "N"}, "w21003": {"Avg": "1.25", "Flag": "N"}}
    time_of_data = stamp or f"{clock.moment(FIRST_HOUR + 3600 * number):%Y%m%d%H%M%S}"
    header = {"qn": f"20260301{number:09d}", "st": "32", "cn": cn, "pw": pw, "mn": mn, "flag": flag, **values}
    return build(Packet(fields={"DataTime": time_of_data}, values=data, **header))


def ingest_all(city: City, quality: Quality | None = None, **values: Any) -> Ingest:
    """Bring the whole journal into the store."""
    store = Store.open(city)
    follower = Ingest(city, store, quick(**values), quality)
    while follower.step():
        continue
    return follower
