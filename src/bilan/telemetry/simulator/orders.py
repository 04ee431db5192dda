"""A file in the city folder that orders an outlet to cheat or to stop cheating, for tests and tours."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bilan.pack.city import City
from bilan.telemetry.clock import DAY, seconds
from bilan.telemetry.simulator.events import FRAUDS

COLUMNS = ("point", "kind", "begin", "end")
OPEN_END = 3650 * DAY
"""How long an order without an end lasts [s]: longer than any demonstration."""


class Order(NamedTuple):
    """Somebody cheats at one outlet from begin to end [s of the wall clock]."""

    point: str
    kind: str
    begin: int
    end: int


def orders_file(city: City) -> Path:
    """Where the orders stand: a CSV with the columns point, kind, begin and end (``2026-05-12 10:00``).

    Without a begin the order holds from the moment it is read; without an end it holds until its line is taken away.
    """
    return city.data / "fleet" / "orders.csv"


class Orders:
    """The orders of a file, read again when it changes; lines that cannot be understood are left out and counted.

    Parameters:
        path: may be absent.
        now: time of the simulated devices [s of the wall clock].

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "orders.csv"
        >>> orders = Orders(path, now=lambda: 500.0)
        >>> _ = path.write_text("point,kind,begin,end\\nE1-DA001,constant,,\\nE1-DA001,dancing,,\\n")
        >>> orders.refresh(), [order[:3] for order in orders], orders.refused
        (True, [('E1-DA001', 'constant', 500)], 1)
    """

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        self.refused = 0
        self._path = path
        self._now = now
        self._seen = (-1, -1)
        self._orders: tuple[Order, ...] = ()
        self._first: dict[tuple[str, str], int] = {}

    def __iter__(self) -> Iterator[Order]:
        return iter(self._orders)

    def refresh(self) -> bool:
        """Read the file when it changed; whether the orders are others now."""
        try:
            status = self._path.stat()
            mark = (status.st_mtime_ns, status.st_size)
            if mark == self._seen:
                return False
            text = self._path.read_text(encoding="utf-8-sig", errors="replace")
        except FileNotFoundError:
            mark, text = (0, 0), ""
        before, self._orders = self._orders, tuple(self._read(text))
        self._seen = mark
        return self._orders != before

    def _read(self, text: str) -> Iterator[Order]:
        self.refused = 0
        named = set()
        for row in csv.DictReader(text.splitlines()):
            try:
                order = self._order({name: (row.get(name) or "").strip() for name in COLUMNS})
            except ValueError:
                self.refused += 1
                continue
            named.add((order.point, order.kind))
            yield order
        self._first = {key: begin for key, begin in self._first.items() if key in named}

    def _order(self, row: dict[str, str]) -> Order:
        if row["kind"] not in FRAUDS or not row["point"]:
            raise ValueError(row["kind"])
        key = (row["point"], row["kind"])
        begin = _moment(row["begin"]) if row["begin"] else self._first.setdefault(key, int(self._now()))
        end = _moment(row["end"]) if row["end"] else begin + OPEN_END
        if end <= begin:
            raise ValueError(row["end"])
        return Order(*key, begin, end)


def _moment(text: str) -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=None))
