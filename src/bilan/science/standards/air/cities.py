"""From the sites to the city: means over the city's evaluation sites."""

from __future__ import annotations

from typing import TypeVar

import narwhals as nw

from bilan.science.engine import AnyFrame, need, run, with_missing
from bilan.science.rounding import snap
from bilan.science.standards.air.iaqi import reading
from bilan.science.standards.air.pollutants import columns
from bilan.science.standards.air.verdict import judge
from bilan.science.standards.air.versions import AUTO

Native = TypeVar("Native")

CITY_SITES = "city"
"""The kind of site that counts; regional, background, pollution and traffic sites do not (HJ 663-2026, Table A.2 note b)."""

DAY_COLUMNS = ("so2", "no2", "pm10", "pm25", "co", "o3_8h", "o3_1h")


def city_days(days: Native, standard: str = AUTO) -> Native:
    """Judge each day of a city by the mean of its sites' daily values.

    Parameters:
        days: daily values of sites as `judge_days` gives them, with ``city``, and ``kind`` when sites of other kinds are in it.
        standard: ``auto``, ``2012`` or ``2026``.

    Returns:
        One row per city (as ``point``) and day: the means, ``sites`` (sites with a row) and the verdict columns of `judge_hours`.

    Raises:
        BilanError: a column is missing or the standard unknown.

    Reference:
        HJ 663-2026, Annex A Table A.2 (implementation evidence for 2013).

    Examples:
        >>> import polars as pl
        >>> from datetime import date
        >>> sites = pl.DataFrame({"city": ["A", "A"], "point": ["a", "b"], "day": [date(2026, 3, 1)] * 2, "so2": [5.0, 7.0],
        ...                       "no2": [20.0, 24.0], "pm10": [60.0, 70.0], "pm25": [30.0, 36.0], "co": [0.6, 0.8],
        ...                       "o3_8h": [90.0, 100.0]})
        >>> city_days(sites).select("point", "pm25", "sites", "aqi").rows()
        [('A', 33.0, 2, 61)]
    """
    return run(days, lambda given: judge(_means(given, "day", DAY_COLUMNS), "day", "day", standard))


def city_hours(hours: Native, standard: str = AUTO) -> Native:
    """Judge each hour of a city by the mean of its sites' hourly values.

    Parameters:
        hours: hourly values of sites as for `judge_hours`, with ``city``, and ``kind`` when sites of other kinds are in it.
        standard: ``auto``, ``2012`` or ``2026``.

    Returns:
        One row per city (as ``point``) and hour: the means, ``sites`` and the verdict columns of `judge_hours`.

    Raises:
        BilanError: a column is missing or the standard unknown.

    Reference:
        HJ 663-2026, Annex A Table A.2.

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> sites = pl.DataFrame({"city": ["A", "A"], "point": ["a", "b"], "start": [datetime(2026, 3, 1, 8)] * 2, "so2": [9, 11],
        ...                       "no2": [41, 43], "co": [0.8, 0.8], "o3": [64, 60], "pm10": [119, 101], "pm25": [61, 49]})
        >>> city_hours(sites).select("point", "pm25", "sites", "aqi").rows()
        [('A', 55.0, 2, 93)]
    """
    return run(hours, lambda given: judge(_means(given, "start", columns()), "start", "hour", standard))


def _means(frame: AnyFrame, moment: str, values: tuple[str, ...]) -> AnyFrame:
    need(frame, "city", moment, code="air.missing_column")
    present = frame.collect_schema().names()
    chosen = frame.filter(nw.col("kind") == CITY_SITES) if "kind" in present else frame
    chosen = with_missing(chosen, *values).with_columns(*(reading(name).alias(name) for name in values))
    grouped = chosen.group_by("city", moment).agg(*(nw.col(name).mean().alias(name) for name in values), sites=nw.len())
    means = [snap(nw.col(name)).alias(name) for name in values]
    return grouped.select(nw.col("city").alias("point"), moment, *means, nw.col("sites").cast(nw.Int32)).sort("point", moment)
