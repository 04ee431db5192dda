"""Run a city's services as child processes, bring back one that dies, and stop all of them cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click

from bilan.pack.city import City

PAUSE_FIRST = 1.0
PAUSE_LONGEST = 30.0
GRACE = 15.0


@dataclass(frozen=True, slots=True)
class Service:
    """A child process: the sub-command of `bilan` it runs, and the environment it needs."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def services(city: City, *, fleet: int | None = None) -> list[Service]:
    """The services of a city, in the order in which they start.

    Args:
        city: the city that they serve.
        fleet: seed of the simulated devices that report too; none do by default.
    """
    folder = ("--city", str(city.folder))
    environment = {"BILAN_CITY": str(city.folder)}
    wanted = [Service(name, (name, *folder), environment) for name in ("gateway", "ingest", "worker", "web", "watch", "reckon")]
    if fleet is not None:
        wanted.append(Service("simulate", ("simulate", *folder, "--seed", str(fleet)), environment))
    return wanted


class Supervisor:
    """Keeps a set of services running until told to stop.

    Args:
        wanted: the services, in the order in which they start; they stop in the opposite order.
        logs: folder for one log file a service.
    """

    def __init__(self, wanted: Sequence[Service], logs: Path) -> None:
        self._wanted = list(wanted)
        self._logs = logs
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._stopping = False

    def start(self) -> None:
        """Start every service."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for service in self._wanted:
            self._launch(service)

    def run(self, ready: Callable[[], None]) -> None:
        """Start everything, call `ready`, and keep everything running until a signal to stop."""
        with _signals(self._ask_to_stop):
            self.start()
            try:
                ready()
                while not self._stopping:
                    self.tend()
                    time.sleep(0.2)
            finally:
                self.stop()

    def tend(self) -> None:
        """Bring back the services that have died, each after a pause that doubles while it keeps dying."""
        for service in self._wanted:
            child = self._children[service.name]
            if child.poll() is None:
                continue
            due = self._due.get(service.name)
            if due is None:
                pause = self._pauses.get(service.name, PAUSE_FIRST)
                self._due[service.name] = time.monotonic() + pause
                self._pauses[service.name] = min(pause * 2, PAUSE_LONGEST)
                click.echo(
                    f"{service.name} stopped with code {child.returncode}; starting again in {pause:.0f} s "
                    f"(see {self._logs / service.name}.log) · 服务 {service.name} 已退出，{pause:.0f} 秒后重启",
                    err=True,
                )
            elif time.monotonic() >= due:
                del self._due[service.name]
                self._launch(service)

    def alive(self) -> bool:
        """Whether every service is running now."""
        return all(child.poll() is None for child in self._children.values())

    def stop(self) -> None:
        """Ask every service to stop, last started first; end by force those that do not."""
        children = list(reversed(self._children.values()))
        for child in children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + GRACE
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _launch(self, service: Service) -> None:
        with (self._logs / f"{service.name}.log").open("ab") as log:
            self._children[service.name] = subprocess.Popen(
                [sys.executable, "-m", "bilan", *service.arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **service.environment},
                # Ctrl-C reaches the terminal's whole group: only the supervisor may act on it.
                start_new_session=True,
            )

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True


@contextmanager
def _signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Hand SIGINT and SIGTERM to `handler` for a while."""
    previous = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, before in previous.items():
            signal.signal(number, before)
