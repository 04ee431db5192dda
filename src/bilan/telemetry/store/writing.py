"""How readings get into the hot tables: new ones at full speed, repeated ones ignored, changed ones with their past kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import polars as pl

from bilan.problems import BilanError, Problem
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading
from bilan.telemetry.store.catalogue import Catalogue
from bilan.telemetry.store.database import Database
from bilan.telemetry.store.datasets import ROLLED_UP
from bilan.telemetry.store.dirty import Dirty
from bilan.telemetry.store.intervals import OBSERVATION_COLUMNS, known, table
from bilan.telemetry.store.lake import Lake
from bilan.telemetry.store.latest import Latest

StoredRow = tuple[int, int, int, float | None, str, int, int, int]
"""One row of a hot table, in the order of OBSERVATION_COLUMNS."""

_INFINITE = (float("inf"), float("-inf"))
_CONTENT = slice(2, 5)
_QUALITY, _SOURCE = 5, 7
_SUPERSEDED_COLUMNS = (*OBSERVATION_COLUMNS, "replaced")


_series, _start, _value, _key = itemgetter(0), itemgetter(1), itemgetter(3), itemgetter(0, 1)


@dataclass(slots=True)
class _Stored:
    """Rows that are new, rows that replaced another (with that other), and the number that changed nothing."""

    fresh: list[StoredRow]
    replaced: list[tuple[StoredRow, StoredRow]]
    same: int


class Written(NamedTuple):
    """What a write did: readings that were new, that replaced another value, and that changed nothing."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0


class Writer:
    """Writes readings and keeps latest values, statistics and dirty marks in the same transaction."""

    def __init__(self, database: Database, lake: Lake, catalogue: Catalogue, latest: Latest, dirty: Dirty) -> None:
        self._database = database
        self._lake = lake
        self._catalogue = catalogue
        self._latest = latest
        self._dirty = dirty

    def write(
        self, interval: str, readings: Sequence[Reading], arrived: int | Sequence[int], source: int | Sequence[int], *, mark: bool = True
    ) -> Written:
        """Store readings; see `Store.write`."""
        if not readings:
            return Written()
        rows = _rows(readings, arrived, source)
        points = self._points_of(interval, set(map(_series, rows)))
        total = Written()
        with self._database.transaction():
            for part in _distinct(rows):
                stored = self._write_distinct(interval, part)
                self._latest.apply(stored.fresh, stored.replaced)
                total = Written(total[0] + len(stored.fresh), total[1] + len(stored.replaced), total[2] + stored.same)
                if mark:
                    touched = stored.fresh + [new for new, _ in stored.replaced]
                    self._dirty.add({(points[row[0]], interval, row[1] - row[1] % HOUR) for row in touched})
        return total

    def _points_of(self, interval: str, series: set[int]) -> dict[int, str]:
        interval, places = known(interval), self._catalogue.places()
        strange = [number for number in series if number not in places]
        if strange:
            raise BilanError(*(Problem("store.unknown_series", {"value": number}) for number in sorted(strange)[:10]))
        misplaced = [number for number in series if places[number][1] != interval]
        if misplaced:
            values = {"value": misplaced[0], "interval": places[misplaced[0]][1], "given": str(interval)}
            raise BilanError(Problem("store.series_interval", values))
        return {number: places[number][0] for number in series}

    def _write_distinct(self, interval: str, rows: list[StoredRow]) -> _Stored:
        target = table(interval)
        rows.sort()
        self._thaw(interval, target, rows)
        self._database.execute("SAVEPOINT fresh")
        inserted = self._database.insert_new(target, OBSERVATION_COLUMNS, rows)
        if inserted == len(rows):
            self._database.execute("RELEASE SAVEPOINT fresh")
            return _Stored(rows, [], 0)
        self._database.execute("ROLLBACK TO SAVEPOINT fresh")
        self._database.execute("RELEASE SAVEPOINT fresh")
        return self._write_over(target, rows)

    def _write_over(self, target: str, rows: list[StoredRow]) -> _Stored:
        """Write rows of which some are there already: only those that differ touch anything."""
        there = {_key(row): row for row in self._existing(target, rows)}
        stored = _Stored([], [], 0)
        past = []
        for row in rows:
            old = there.get(_key(row))
            if old is None:
                stored.fresh.append(row)
            elif _says_the_same(old, row):
                stored.same += 1
            elif _rank(row) >= _rank(old):
                stored.replaced.append((row, old))
                if old[7] != ROLLED_UP:
                    past.append((*old, row[6]))
            else:
                stored.same += 1
                if row[7] != ROLLED_UP:
                    past.append((*row, old[6]))
        self._database.insert_new(target, OBSERVATION_COLUMNS, stored.fresh)
        self._database.bulk_upsert(target, OBSERVATION_COLUMNS, [new for new, _ in stored.replaced], ["series", "start"])
        self._keep_past(past)
        return stored

    def _existing(self, target: str, rows: Sequence[StoredRow]) -> list[Any]:
        stage = self._database.stage(target, ("series", "start"), [row[:2] for row in rows])
        columns = ", ".join(f"o.{column}" for column in OBSERVATION_COLUMNS)
        return self._database.query(f"SELECT {columns} FROM {stage} s JOIN {target} o ON o.series = s.series AND o.start = s.start")

    def _keep_past(self, past: Sequence[Sequence[Any]]) -> None:
        """Keep values that lost; the same loser delivered again is kept once."""
        if past:
            stage = self._database.stage("superseded", _SUPERSEDED_COLUMNS, list(dict.fromkeys(map(tuple, past))))
            columns = ", ".join(_SUPERSEDED_COLUMNS)
            alike = " AND ".join(
                f"o.{column} = s.{column}" for column in ("series", "start", "seconds", "flag", "quality", "arrived", "source")
            )
            value = "(o.value = s.value OR (o.value IS NULL AND s.value IS NULL))"
            self._database.execute(
                f"INSERT INTO superseded ({columns}) SELECT {columns} FROM {stage} s "
                f"WHERE NOT EXISTS (SELECT 1 FROM superseded o WHERE {alike} AND {value})"
            )

    def _thaw(self, interval: str, target: str, rows: Sequence[StoredRow]) -> None:
        """Bring sealed versions of these rows back beside them, so that late data meets them as it meets hot rows."""
        days = {start // DAY for start in set(map(_start, rows))}
        sealed = {day: about for day in days if (about := self._lake.summary(interval, day * DAY))}
        if not sealed:
            return
        late = [row[:2] for row in rows if (about := sealed.get(row[1] // DAY)) and about.first <= row[1] <= about.last]
        if not late:
            return
        keys = pl.DataFrame(late, schema={"series": pl.Int64, "start": pl.Int64}, orient="row")
        starts = [start for _, start in late]
        wanted = pl.col("series").is_in(keys["series"].unique().implode())
        found = self._lake.collect(interval, min(starts), max(starts) + 1, wanted).join(keys, on=["series", "start"], how="semi")
        self._database.insert_new(target, OBSERVATION_COLUMNS, found.select(OBSERVATION_COLUMNS).rows())


def _says_the_same(old: StoredRow, row: StoredRow) -> bool:
    """Whether `row` brings nothing new.

    Quality bits of a repeated report depend on what else was known when it came, so those that are kept stay; a computed value brings
    its own. A report of what was only computed so far is always new.
    """
    if old[_CONTENT] != row[_CONTENT]:
        return False
    if row[_SOURCE] == ROLLED_UP:
        return old[_QUALITY] == row[_QUALITY]
    return old[_SOURCE] != ROLLED_UP


def _rows(readings: Sequence[Reading], arrived: int | Sequence[int], source: int | Sequence[int]) -> list[StoredRow]:
    rows: list[StoredRow]
    if isinstance(arrived, int) and isinstance(source, int):
        rows = [(*reading, arrived, source) for reading in readings]
    else:
        times: Iterable[int] = [arrived] * len(readings) if isinstance(arrived, int) else arrived
        sources: Iterable[int] = [source] * len(readings) if isinstance(source, int) else source
        rows = [(*reading, at, by) for reading, at, by in zip(readings, times, sources, strict=True)]
    if math.isfinite(sum(filter(None, map(_value, rows)))):
        return rows
    return [row if row[3] is None or math.isfinite(row[3]) else (*row[:3], None, *row[4:]) for row in rows]


def _distinct(rows: list[StoredRow]) -> Iterator[list[StoredRow]]:
    """Split into lists in each of which every key stands once; in the order given."""
    while rows:
        if len(set(map(_key, rows))) == len(rows):
            yield rows
            return
        first: dict[tuple[int, int], StoredRow] = {}
        again = []
        for row in rows:
            if first.setdefault(_key(row), row) is not row:
                again.append(row)
        yield list(first.values())
        rows = again


def _rank(row: StoredRow) -> tuple[bool, int]:
    """What makes one version later than another: reported beats rolled up, then the time of arrival."""
    return row[7] != ROLLED_UP, row[6]
