"""Moving finished periods from the hot tables into the lake: file first, then exactly those rows away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from bilan.telemetry.clock import DAY
from bilan.telemetry.store.database import Database
from bilan.telemetry.store.datasets import OBSERVATION, OBSERVATION_SCHEMA, VERDICT, VERDICT_SCHEMA
from bilan.telemetry.store.intervals import partition, table
from bilan.telemetry.store.lake import Lake

DELETE_ROWS = 20_000
"""Rows deleted in one transaction, so that the writer of live data never waits long."""


class Sealed(NamedTuple):
    """What sealing moved: rows, and the dates of the partitions rewritten."""

    rows: int
    partitions: tuple[str, ...]


def seal_observations(database: Database, lake: Lake, interval: str, before: int) -> Sealed:
    """Move values with start < `before` into the lake.

    A crash after the file was replaced and before its rows are gone leaves both; the scan counts them once and the next seal
    finishes. A row that changed meanwhile is not deleted.
    """
    target = table(interval)
    moved = 0
    dates = []
    for date, begin, end in _spans(database, interval, f"SELECT DISTINCT start / {DAY} FROM {target} WHERE start < ?", [before], before):
        rows = database.frame(
            f"SELECT {', '.join(OBSERVATION_SCHEMA)} FROM {target} WHERE start >= ? AND start < ?", [begin, end], OBSERVATION_SCHEMA
        )
        lake.merge("observation", interval, date, rows)
        _delete(database, target, list(OBSERVATION_SCHEMA), rows.rows(), OBSERVATION.key)
        moved += rows.height
        dates.append(date)
    return Sealed(moved, tuple(dates))


def seal_verdicts(database: Database, lake: Lake, method: str, before: int) -> Sealed:
    """Move verdicts of `method` with start < `before` into the lake, as `seal_observations` does with values."""
    columns = ", ".join(VERDICT_SCHEMA)
    stored = {**VERDICT_SCHEMA, "valid": pl.Int32}
    moved = 0
    dates = []
    sql = f"SELECT DISTINCT start / {DAY} FROM verdict WHERE method = ? AND start < ?"
    for date, begin, end in _spans(database, method, sql, [method, before], before):
        rows = database.frame(f"SELECT {columns} FROM verdict WHERE method = ? AND start >= ? AND start < ?", [method, begin, end], stored)
        lake.merge("verdict", method, date, rows.with_columns(pl.col("valid") == 1))
        _delete(
            database,
            "verdict",
            ["method", "point", "start", "computed"],
            rows.select("method", "point", "start", "computed").rows(),
            VERDICT.key,
        )
        moved += rows.height
        dates.append(date)
    return Sealed(moved, tuple(dates))


def _spans(database: Database, kind: str, sql: str, params: Sequence[Any], before: int) -> list[tuple[str, int, int]]:
    """Partition, begin and end of every stretch of days that shares one."""
    spans: dict[str, tuple[int, int]] = {}
    for (day,) in sorted(database.query(sql, params)):
        date = partition(kind, day * DAY)
        begin = spans.get(date, (day * DAY, 0))[0]
        spans[date] = (begin, min((day + 1) * DAY, before))
    return [(date, begin, end) for date, (begin, end) in spans.items()]


def _delete(database: Database, target: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], key: Sequence[str]) -> None:
    for place in range(0, len(rows), DELETE_ROWS):
        database.bulk_delete(target, columns, rows[place : place + DELETE_ROWS], key)
