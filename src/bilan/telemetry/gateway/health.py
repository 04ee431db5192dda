"""May the gateway acknowledge? Only while journal, disk, database and lake can be written."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bilan.pack.city import City
from bilan.problems import Problem
from bilan.telemetry.gateway.settings import Settings

PROBE_BYTES = 64 << 10
_SQLITE = "sqlite:///"

Probe = Callable[[], Problem | None]


def probe_disk(folder: Path, free_bytes: int) -> Problem | None:
    """Say what keeps the journal from being written: a full disk, a read-only folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        full = _little_room(folder, free_bytes)
        if full is not None:
            return full
        _write_and_remove(folder / ".probe", PROBE_BYTES)
    except OSError as error:
        return Problem("gateway.journal_unwritable", {"folder": str(folder), "reason": error.strerror or str(error)})
    return None


def probe_folder(folder: Path) -> Problem | None:
    """Say what keeps the lake from being written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_and_remove(folder / ".probe", 1)
    except OSError as error:
        return Problem("gateway.lake_unwritable", {"folder": str(folder), "reason": error.strerror or str(error)})
    return None


def probe_sqlite(path: Path, free_bytes: int = 0, wait: float = 0.5) -> Problem | None:
    """Say what keeps an SQLite database from being written: a lock held, a file that takes nothing, a full disk."""
    try:
        address = f"file:{quote(str(path))}?mode=rw"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return Problem("gateway.database_unwritable", {"database": path.name, "reason": str(error)})
    return _little_room(path.parent, free_bytes)


def probe_postgres(url: str, wait: int = 2) -> Problem | None:
    """Say what keeps a PostgreSQL database from being written."""
    import psycopg  # noqa: PLC0415  an extra that only a city on PostgreSQL has

    try:
        with psycopg.connect(url, connect_timeout=wait, autocommit=True) as connection:
            row = connection.execute("SELECT current_setting('transaction_read_only')").fetchone()
    except psycopg.Error as error:
        return Problem("gateway.database_unwritable", {"database": "PostgreSQL", "reason": str(error).strip()})
    if row and row[0] == "on":
        return Problem("gateway.database_unwritable", {"database": "PostgreSQL", "reason": "read only"})
    return None


def probes(city: City, settings: Settings) -> dict[str, Probe]:
    """What is tried for a city, by name: journal, database, lake."""
    url = city.telemetry_url

    def database() -> Problem | None:
        return probe_sqlite(Path(url.removeprefix(_SQLITE)), settings.free_bytes) if url.startswith(_SQLITE) else probe_postgres(url)

    return {
        "journal": lambda: probe_disk(city.journal, settings.free_bytes),
        "database": database,
        "lake": lambda: probe_folder(city.lake),
    }


@dataclass
class Fault:
    """Something that cannot be written now."""

    what: str
    problem: Problem
    began: float
    reported: bool = False


@dataclass
class Gate:
    """Open while everything can be written; tried in a thread of its own.

    Args:
        tries: what is tried, by name.
        pause: between two rounds [s].
        grace: how long the database may refuse before the gate closes [s]; journal and lake close it at once.
        changed: told, in the gate's thread, about faults that began and ended.
    """

    tries: dict[str, Probe]
    pause: float
    grace: float
    changed: Callable[[Fault, bool], None]
    faults: dict[str, Fault] = field(default_factory=dict)
    open: bool = True
    _stop: threading.Event = field(default_factory=threading.Event)
    _again: threading.Event = field(default_factory=threading.Event)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Try everything once, then go on in a thread."""
        self.round()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._again.set()
        if self._thread:
            self._thread.join()

    def doubt(self, problem: Problem) -> None:
        """A journal write failed: close at once, until a probe says otherwise."""
        with self._guard:
            self._settle({"journal": problem})
        self._again.set()

    def round(self) -> None:
        """Try everything once and open or close accordingly."""
        found = {what: attempt() for what, attempt in self.tries.items()}
        with self._guard:
            self._settle(found)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._again.wait(self.pause)
            self._again.clear()
            if not self._stop.is_set():
                self.round()

    def _settle(self, found: dict[str, Problem | None]) -> None:
        now = time.monotonic()
        began: list[Fault] = []
        ended: list[Fault] = []
        for what, problem in found.items():
            if problem is None:
                fault = self.faults.pop(what, None)
                if fault and fault.reported:
                    ended.append(fault)
                continue
            fault = self.faults.setdefault(what, Fault(what, problem, now))
            fault.problem = problem
            if not fault.reported and (what != "database" or now - fault.began >= self.grace):
                fault.reported = True
                began.append(fault)
        self.open = not any(fault.reported for fault in self.faults.values())
        for fault in began:
            self.changed(fault, True)
        for fault in ended:
            self.changed(fault, False)


def _little_room(folder: Path, needed: int) -> Problem | None:
    room = os.statvfs(folder)
    free = room.f_bavail * room.f_frsize
    return Problem("gateway.disk_full", {"folder": str(folder), "free": free, "needed": needed}) if free < needed else None


def _write_and_remove(path: Path, length: int) -> None:
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o640)
    try:
        left = length
        while left:
            left -= os.write(handle, b"\0" * left)
        os.fsync(handle)
    finally:
        os.close(handle)
        path.unlink()
