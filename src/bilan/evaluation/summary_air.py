"""How the air of an area stands now, and how it came to it in the last day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from bilan.evaluation.naming import named
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

FRESH = 3 * clock.HOUR
"""An hourly verdict counts as present for this long after its hour began [s]."""

HOURS = 24

POLLUTED = 3
"""From this level on the air is polluted (HJ 633)."""

LISTED = 12
"""Polluted stations that are named."""


def air_now(latest: pl.DataFrame, hours: pl.DataFrame, adcode: str, points: Sequence[Point], now: int) -> dict[str, Any]:
    """Say the area's hourly AQI, how it came to it, how many stations are at which level and which are polluted.

    Args:
        latest: newest verdicts of ``air.hour``.
        hours: verdicts of ``air.hour`` of the areas in the last day and a bit (`area_hours`).
        adcode: administrative code of the area.
        points: points of the area.
        now: present time [s of the wall clock].
    """
    fresh = latest.filter(pl.col("start") >= now - FRESH)
    own = fresh.filter(pl.col("point") == adcode).to_dicts()
    stations = fresh.filter(pl.col("point").is_in([point.code for point in points]), pl.col("grade").is_not_null())
    counts = {str(level): count for level, count in stations.group_by("grade").len().sort("grade").iter_rows()}
    area = {name: own[0][name] for name in ("start", "value", "grade", "main", "standard", "version")} if own else None
    return {
        "area": area,
        "levels": counts,
        "stations": sum(point.network == "air" for point in points),
        "hours": [list(row) for row in hours.filter(pl.col("point") == adcode).sort("start").select("start", "value").iter_rows()],
        "polluted": _polluted(stations, points),
    }


def area_hours(store: Store, areas: Sequence[str], now: int) -> pl.DataFrame:
    """Read the hourly verdicts of areas from the same hour of yesterday up to now."""
    begin = now - now % clock.HOUR - (HOURS + 1) * clock.HOUR
    return store.verdicts.scan("air.hour", areas, begin, now).drop_nulls("value")


def _polluted(stations: pl.DataFrame, points: Sequence[Point]) -> list[dict[str, Any]]:
    """Name the stations whose air is polluted, the worst first."""
    known = {point.code: point for point in points}
    over = stations.filter(pl.col("grade") >= POLLUTED).sort("value", descending=True).head(LISTED)
    return [{**named(known[row["point"]]), **{name: row[name] for name in ("value", "grade", "main")}} for row in over.to_dicts()]
