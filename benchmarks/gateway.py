"""Acknowledged durable packets per second of the gateway, beside the same store fed directly, and the latency of an answer.

    python benchmarks/gateway.py [--connections 500] [--packets 60000] [--folder DIR]

Every packet carries twelve values (565 bytes). The client sends prebuilt packets with a window on each connection.
"""

from __future__ import annotations

import argparse
import random
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from bilan.pack.city import City
from bilan.telemetry import clock
from bilan.telemetry.hj212 import Packet, build
from bilan.telemetry.ingest.explode import Batch, Exploder
from bilan.telemetry.model import Device, Point
from bilan.telemetry.store import Store

FACTORS = ("w01018", "w21003", "w21011", "w21001", "w01001", "w01010", "w01009", "w01014", "w00000", "w20122", "w20120", "w20115")
BEGIN = clock.seconds(clock.parse_stamp("20260301000000"))
ASKED = b"CN=9014"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_city(folder: Path, devices: int) -> City:
    city = City(folder, "测", "Bench", "350500", gateway_port=free_port(), admin_port=free_port())
    city.write()
    store = Store.open(city)
    store.migrate()
    store.catalogue.put_points([Point(f"P{number}", "source_water", f"P{number}") for number in range(devices)])
    store.catalogue.put_devices([Device(mn(number), f"P{number}", "123456", system="32", minute_interval=1) for number in range(devices)])
    store.close()
    return city


def mn(number: int) -> str:
    return f"8888888{number:017d}"


def packet(device: int, number: int, chance: random.Random) -> bytes:
    """One twelve-factor minute packet of 565 bytes."""
    stamp = f"{clock.moment(BEGIN + 60 * number):%Y%m%d%H%M%S}"
    values = {factor: {"Avg": f"{chance.uniform(10000, 99999):.5f}", "Flag": "N"} for factor in FACTORS}
    header = {"qn": f"{stamp}{device % 1000:03d}", "st": "32", "cn": "2051", "pw": "123456", "mn": mn(device), "flag": "5"}
    return build(Packet(fields={"DataTime": stamp}, values=values, **header))


@dataclass
class Peer:
    """One connection with what is still to be sent on it."""

    socket: socket.socket
    packets: list[bytes]
    sent: int = 0
    acknowledged: int = 0
    times: list[float] = field(default_factory=list)


def connect(city: City, work: list[list[bytes]]) -> list[Peer]:
    peers = []
    for packets in work:
        link = socket.create_connection((city.gateway_host, city.gateway_port))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.setblocking(False)
        peers.append(Peer(link, packets))
    return peers


def pour(peers: list[Peer], window: int) -> float:
    """Send everything with `window` packets under way on each connection; gives the seconds until all is acknowledged."""
    picker = selectors.DefaultSelector()
    begin = time.perf_counter()
    for peer in peers:
        picker.register(peer.socket, selectors.EVENT_READ, peer)
        top_up(peer, window)
    left = sum(len(peer.packets) for peer in peers)
    while left:
        for key, _ in picker.select(30):
            peer = key.data
            count = peer.socket.recv(262_144).count(ASKED)
            peer.acknowledged += count
            left -= count
            if count:
                top_up(peer, window)
    picker.close()
    return time.perf_counter() - begin


def top_up(peer: Peer, window: int) -> None:
    end = min(len(peer.packets), peer.acknowledged + window)
    if end > peer.sent:
        content = b"".join(peer.packets[peer.sent : end])
        peer.socket.setblocking(True)
        peer.socket.sendall(content)
        peer.socket.setblocking(False)
        peer.sent = end


def pace(peers: list[Peer], rate: float) -> list[float]:
    """Send at an even rate, one packet at a time on each connection; gives the latency of every answer [s]."""
    picker = selectors.DefaultSelector()
    for peer in peers:
        picker.register(peer.socket, selectors.EVENT_READ, peer)
    total = sum(len(peer.packets) for peer in peers)
    latencies: list[float] = []
    begin = time.perf_counter()
    sent = 0
    while len(latencies) < total:
        now = time.perf_counter()
        while sent < total and begin + sent / rate <= now:
            peer = peers[sent % len(peers)]
            peer.times.append(begin + sent / rate)
            peer.socket.send(peer.packets[sent // len(peers)])
            sent += 1
        wait = max(0.0, begin + sent / rate - time.perf_counter()) if sent < total else 1.0
        for key, _ in picker.select(wait):
            count = key.data.socket.recv(65_536).count(ASKED)
            now = time.perf_counter()
            for _ in range(count):
                latencies.append(now - key.data.times[key.data.acknowledged])
                key.data.acknowledged += 1
    return latencies


def start(command: str, city: City) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bilan", command, "--city", str(city.folder)], stderr=subprocess.DEVNULL)


def wait_ready(city: City) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{city.admin_port}/status"):
                time.sleep(0.5)
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError


def stop(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def stored(city: City, wanted: int) -> float:
    """Wait until so many readings are in the store; gives the moment."""
    store = Store.open(city)
    while True:
        if store.database.query("SELECT COALESCE(SUM(readings), 0) FROM device_status")[0][0] >= wanted:
            store.close()
            return time.perf_counter()
        time.sleep(0.05)


def directly(city: City, work: list[list[bytes]], at_once: int = 4000) -> tuple[float, float]:
    """Write the same readings straight into a store; gives packets per second, with and without exploding the packets."""
    store = Store.open(city)
    exploder = Exploder(store)
    exploder.refresh()
    frames = [
        (mn(device), raw.rstrip(b"\r\n")) for number in range(len(work[0])) for device, raw in enumerate(entry[number] for entry in work)
    ]
    exploding = writing = 0.0
    for first in range(0, len(frames), at_once):
        batches: dict[str, Batch] = {}
        begin = time.perf_counter()
        done = False
        while not done:
            batches.clear()
            for name, raw in frames[first : first + at_once]:
                exploder.explode(name, raw, BEGIN, 1 << 32, batches)
            done = exploder.complete()
        middle = time.perf_counter()
        for interval, batch in batches.items():
            store.write(interval, batch.readings, arrived=batch.arrived, source=batch.sources)
        exploding += middle - begin
        writing += time.perf_counter() - middle
    store.close()
    return len(frames) / writing, len(frames) / (writing + exploding)


def run(folder: Path, connections: int, packets: int, window: int) -> None:
    chance = random.Random(7)
    each = max(1, packets // connections)
    work = [[packet(device, number, chance) for number in range(each)] for device in range(connections)]
    total = connections * each
    print(f"{connections} connections, {total} packets of {len(work[0][0]) - 2} bytes, {len(FACTORS)} values each")
    rows: list[tuple[str, str]] = []

    city = make_city(folder / "alone", connections)
    gateway = start("gateway", city)
    wait_ready(city)
    alone = total / pour(connect(city, work), window)
    rows.append(("acknowledged, gateway alone [packets/s]", f"{alone:,.0f}"))
    stop(gateway)

    city = make_city(folder / "both", connections)
    gateway, ingest = start("gateway", city), start("ingest", city)
    wait_ready(city)
    begin = time.perf_counter()
    both = total / pour(connect(city, work), window)
    through = total / (stored(city, total * len(FACTORS)) - begin)
    rows.append(("acknowledged, ingest beside it [packets/s]", f"{both:,.0f}"))
    rows.append(("acknowledged and in the store [packets/s]", f"{through:,.0f}"))
    late = [[packet(device, each + number, chance) for number in range(20)] for device in range(connections)]
    latencies = sorted(pace(connect(city, late), 1000.0))
    for share in (0.5, 0.99, 1.0):
        value = latencies[min(len(latencies) - 1, int(share * len(latencies)))]
        rows.append(
            (f"acknowledgement at 1,000 packets/s, {f'p{share * 100:.0f}' if share < 1 else 'longest'} [ms]", f"{value * 1000:.1f}")
        )
    stop(gateway, ingest)

    writing, exploding = directly(make_city(folder / "direct", connections), work)
    rows.append(("same store fed directly: readings given [packets/s]", f"{writing:,.0f}"))
    rows.append(("same store fed directly: packets given [packets/s]", f"{exploding:,.0f}"))
    rows.append(("acknowledged : store fed directly", f"{alone / exploding:.2f}"))
    rows.append(("through gateway, journal and ingest : store fed directly", f"{through / exploding:.2f}"))
    for name, value in rows:
        print(f"{name:<62}{value:>12}")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--connections", type=int, default=500)
    arguments.add_argument("--packets", type=int, default=60_000)
    arguments.add_argument("--window", type=int, default=16)
    arguments.add_argument("--folder", type=Path, default=None)
    given = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        run(folder, given.connections, given.packets, given.window)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
