"""Which hours of which point must be rolled up or judged again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bilan.telemetry.store.database import Database


class Mark(NamedTuple):
    """An hour of a point whose values changed.

    Attributes:
        interval: interval of the changed values.
        hour: begin of the hour [s of the wall clock]; a day is marked by its first hour.
        version: how often it was marked; `Dirty.done` leaves a mark that was renewed meanwhile.
    """

    point: str
    interval: str
    hour: int
    version: int = 1


class Dirty:
    """The marks, kept in the transaction that changed the values."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, marks: Iterable[tuple[str, str, int]]) -> None:
        """Mark (point, interval, hour) as changed; no two alike."""
        rows = [(point, interval, hour, 1) for point, interval, hour in marks]
        if rows:
            columns = ("point", "interval_name", "hour", "version")
            self._database.bulk_upsert("dirty", columns, rows, columns[:3], "version = dirty.version + 1")

    def take(self, limit: int, interval: str | None = None) -> list[Mark]:
        """Up to `limit` marks, those of the newest hours first, so that a long back-fill never delays what is live."""
        condition, params = ("WHERE interval_name = ?", [interval]) if interval else ("", [])
        sql = f"SELECT point, interval_name, hour, version FROM dirty {condition} ORDER BY hour DESC LIMIT ?"
        return [Mark(*row) for row in self._database.query(sql, [*params, limit])]

    def done(self, marks: Iterable[Mark]) -> None:
        """Take away marks that were dealt with, except those that were marked again meanwhile."""
        columns = ("point", "interval_name", "hour", "version")
        self._database.bulk_delete("dirty", columns, [tuple(mark) for mark in marks], columns)
