"""Verdicts read back with the values that they were judged from."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from bilan.evaluation.air import DAY_VALUES
from bilan.telemetry.store import Store

_DAY = pl.Struct(dict.fromkeys(DAY_VALUES, pl.Float64))
_SECTION = pl.Struct({"deciding": pl.String, "attained": pl.Boolean, "target_class": pl.Int64})


def air_days(store: Store, points: Collection[str] | None, begin: int, end: int) -> pl.DataFrame:
    """Read days of stations or areas.

    Args:
        store: where the verdicts are.
        points: codes of stations, or administrative codes of areas; None for all.
        begin, end: span of days [s of the wall clock], `end` excluded.

    Returns:
        Frame of point, day (date), aqi, level, primary, valid and the day's values [µg/m³, CO mg/m³].
    """
    return as_days(store.verdicts.scan("air.day", points, begin, end))


def as_days(found: pl.DataFrame) -> pl.DataFrame:
    """Lay out verdicts of ``air.day`` as `air_days` does."""
    return found.select(
        "point",
        pl.from_epoch("start", time_unit="s").dt.date().alias("day"),
        pl.col("value").cast(pl.Int64).alias("aqi"),
        pl.col("grade").alias("level"),
        pl.col("main").alias("primary"),
        "valid",
        pl.col("detail").str.json_decode(_DAY).struct.unnest(),
    )


def sections(found: pl.DataFrame) -> pl.DataFrame:
    """Lay out verdicts of sections: point, start (naive time), grade, main, valid, deciding, attained, target_class."""
    return found.select(
        "point",
        pl.from_epoch("start", time_unit="s").cast(pl.Datetime("us")).alias("start"),
        "grade",
        "main",
        "valid",
        pl.col("detail").str.json_decode(_SECTION).struct.unnest(),
    )
