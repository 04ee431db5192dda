"""Processes that can be killed, and devices that insist until every packet is acknowledged."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bilan.pack.city import City
from tests.telemetry.gateway.kit import upload

ROOT = Path(__file__).resolve().parents[2]


class Spawner:
    """Starts gateway and ingest of a city, again and again."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._alive: dict[str, int] = {}
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        script = [sys.executable, str(Path(__file__).with_name("spawner.py"))]
        self._process = subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def start(self, name: str) -> int:
        assert self._process.stdin
        self._process.stdin.write(f"{name} {self.city.folder}\n")
        self._process.stdin.flush()
        self._alive[name] = int(self._line())
        return self._alive[name]

    def end(self, name: str, how: signal.Signals) -> None:
        """Send a signal and wait until the process is gone."""
        number = self._alive.pop(name)
        os.kill(number, how)
        while exists(number):
            time.sleep(0.002)

    def close(self) -> None:
        for name in list(self._alive):
            self.end(name, signal.SIGKILL)
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


@contextlib.contextmanager
def spawning(city: City) -> Iterator[Spawner]:
    spawner = Spawner(city)
    try:
        yield spawner
    finally:
        spawner.close()


def exists(number: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


class Insistent(threading.Thread):
    """A device that sends packet after packet, each again until it is acknowledged, whatever happens to the gateway."""

    WINDOW = 8

    def __init__(self, city: City, mn: str, first: int) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[int] = []
        self._city = city
        self._mn = mn
        self._next = first
        self._open: dict[bytes, int] = {}
        self._stop_making = threading.Event()
        self.finished = False

    def run(self) -> None:
        while not self.finished:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._city.gateway_port), 5) as link:
                link.settimeout(2)
                self._converse(link)
            time.sleep(0.01)

    def _converse(self, link: socket.socket) -> None:
        link.sendall(b"".join(self._packet(number) for number in self._open.values()))
        rest = b""
        while True:
            while len(self._open) < self.WINDOW and not self._stop_making.is_set():
                number, self._next = self._next, self._next + 1
                self._open[b"QN=20260301%09d" % number] = number
                link.sendall(self._packet(number))
            if not self._open:
                self.finished = True
                return
            content = link.recv(65536)
            if not content:
                return
            *answers, rest = (rest + content).split(b"\r\n")
            for answer in answers:
                number_sent = self._open.pop(answer[6:].split(b";")[0], None)
                if number_sent is not None:
                    self.acknowledged.append(number_sent)

    def _packet(self, number: int) -> bytes:
        return upload(number, mn=self._mn)

    def finish(self) -> None:
        """Make no more packets; the thread ends when all are acknowledged."""
        self._stop_making.set()
