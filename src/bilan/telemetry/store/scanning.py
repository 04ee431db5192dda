"""One scan over both halves of the store: hot rows and sealed files, of each value the later version."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.telemetry.store.database import Database
from bilan.telemetry.store.datasets import OBSERVATION, OBSERVATION_SCHEMA
from bilan.telemetry.store.intervals import OBSERVATION_COLUMNS, table
from bilan.telemetry.store.sealed import SealedSeries


def scan_raw(database: Database, sealed: SealedSeries, series: Sequence[int], begin: int, end: int, interval: str) -> pl.DataFrame:
    """Values as received, with time of arrival and source, sorted by series and start.

    The hot table is read first: sealing writes the file before it deletes hot rows, so a row is in one of the two reads or in
    both, never in none.
    """
    target = table(interval)
    if not series or begin >= end:
        return OBSERVATION.empty()
    condition, params = database.any_of("series", series)
    sql = f"SELECT {', '.join(OBSERVATION_COLUMNS)} FROM {target} WHERE {condition} AND start >= ? AND start < ?"
    hot = database.frame(sql, [*params, begin, end], OBSERVATION_SCHEMA)
    rows = sealed.read(interval, series, begin, end)
    if not hot.height or not rows.height:
        return (hot if hot.height else rows).sort("series", "start")
    return OBSERVATION.newest(pl.concat([rows, hot]))
