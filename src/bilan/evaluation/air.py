"""Air stations, districts and the city, judged by the hour and by the day."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.evaluation.frames import as_verdicts, observed
from bilan.science import air
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

POLLUTANTS = ("so2", "no2", "co", "o3", "pm10", "pm25")
DAY_VALUES = ("so2", "no2", "co", "pm10", "pm25", "o3_8h", "o3_1h")
CITY_KIND = "city"
"""Kind of station that counts for districts and the city (HJ 663 Annex A Table A.2 note b)."""

_INDICES = tuple(f"iaqi_{name}" for name in (*POLLUTANTS, "o3_8h", "o3_1h"))
_WHY_HOUR = (*POLLUTANTS, *_INDICES, "sites", "missing", "reason")
_WHY_DAY = (*DAY_VALUES, *_INDICES, *(f"n_{name}" for name in (*POLLUTANTS, "o3_8h")), "sites", "missing", "reason")


def judge_hours(store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the hours of stations, of their districts and of the city.

    Args:
        store: where the readings are.
        points: stations; all of the areas that are judged with them.
        begin, end: span of hours [s of the wall clock], `end` excluded.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``air.hour``; districts and the city appear under their administrative code. No rows when nothing
        was measured.

    Reference:
        HJ 633-2012 5.1.3, HJ 633-2026 4.2.3; HJ 663-2026 Annex A Table A.2 for areas.
    """
    stations = observed(store, points, POLLUTANTS, begin, end)
    if stations.is_empty():
        return stations
    areas = air.city_hours(stations.join(members(points), on="point"))
    judged = pl.concat([air.judge_hours(stations), areas], how="diagonal_relaxed")
    return as_verdicts(judged, method="air.hour", seconds=HOUR, value="aqi", grade="level", main="primary", detail=_WHY_HOUR, now=now)


def judge_days(store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the days of stations, of their districts and of the city.

    Args:
        store: where the readings are.
        points: stations; all of the areas that are judged with them.
        begin, end: span of days [s of the wall clock at midnight], `end` excluded.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``air.day``; the value of an area is judged from the mean over its stations' daily values.

    Reference:
        HJ 633-2012 5.1.2, HJ 633-2026 4.2.2; HJ 663-2026 Annex A Table A.2 for areas.
    """
    hours = observed(store, points, POLLUTANTS, begin, end)
    if hours.is_empty():
        return hours
    stations = air.judge_days(hours)
    areas = air.city_days(stations.select("point", "day", *DAY_VALUES).join(members(points), on="point"))
    judged = pl.concat([stations, areas], how="diagonal_relaxed").with_columns(pl.col("day").cast(pl.Datetime("us")).alias("start"))
    return as_verdicts(judged, method="air.day", seconds=DAY, value="aqi", grade="level", main="primary", detail=_WHY_DAY, now=now)


def members(points: Sequence[Point]) -> pl.DataFrame:
    """Say which stations count for which areas.

    Args:
        points: stations with their district and ``kind``.

    Returns:
        Frame of point and city (administrative code of the station's district, and of the city): two rows a city station, none for
        background, traffic and super-stations.

    Examples:
        >>> members([Point("a", "air", "", district="350502", attributes={"kind": "city"})]).rows()
        [('a', '350502'), ('a', '350500')]
    """
    counted = [point for point in points if point.attributes.get("kind") == CITY_KIND and point.district]
    rows = [(point.code, area) for point in counted for area in (point.district, city_of(point.district))]
    return pl.DataFrame(rows, schema={"point": pl.String, "city": pl.String}, orient="row")


def city_of(district: str) -> str:
    """Administrative code of the city that a county-level district belongs to.

    Examples:
        >>> city_of("350502")
        '350500'
    """
    return f"{district[:4]}00"
