"""Quality bits set after a value came in, by checks that need its neighbours in time and place."""

from __future__ import annotations

import polars as pl

from bilan.telemetry.store.database import Database
from bilan.telemetry.store.intervals import table

COLUMNS = ("series", "start", "quality")


def set_bits(database: Database, interval: str, rows: pl.DataFrame) -> int:
    """Set the quality bits of values that are still in the telemetry database; the values themselves stay.

    Parameters:
        database: where the values are.
        interval: interval of the series.
        rows: columns series, start [s of the wall clock] and quality (all bits the value shall have).

    Returns:
        Number of values whose bits changed.
    """
    numbers = rows.select(COLUMNS).rows()
    if not numbers:
        return 0
    name = table(interval)
    differs = "{table}.quality <> excluded.quality"
    with database.transaction():
        changed = database.bulk_update(
            name, COLUMNS, numbers, ("series", "start"), "quality = excluded.quality", differs.format(table=name)
        )
        same_start = "latest.start = excluded.start AND " + differs.format(table="latest")
        newest = rows.sort("start").unique("series", keep="last").select(COLUMNS).rows()
        database.bulk_update("latest", COLUMNS, newest, ("series",), "quality = excluded.quality", same_start)
    return changed
