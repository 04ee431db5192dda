"""How the air of an area stands now, this month and this year, beside the same span of last year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from bilan.evaluation.air import DAY_VALUES
from bilan.evaluation.readback import air_days
from bilan.science import air
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

FRESH = 3 * clock.HOUR
"""An hourly verdict counts as present for this long after its hour began [s]."""

MONTHS = 12


def air_now(latest: pl.DataFrame, adcode: str, points: Sequence[Point], now: int) -> dict[str, Any]:
    """Say the area's hourly AQI and how many stations are at which level.

    Args:
        latest: newest verdicts of ``air.hour``.
        adcode: administrative code of the area.
        points: points of the area.
        now: present time [s of the wall clock].
    """
    fresh = latest.filter(pl.col("start") >= now - FRESH)
    own = fresh.filter(pl.col("point") == adcode).to_dicts()
    stations = fresh.filter(pl.col("point").is_in([point.code for point in points]), pl.col("grade").is_not_null())
    counts = {str(level): count for level, count in stations.group_by("grade").len().sort("grade").iter_rows()}
    area = {name: own[0][name] for name in ("start", "value", "grade", "main", "standard", "version")} if own else None
    return {"area": area, "levels": counts, "stations": sum(point.network == "air" for point in points)}


def air_years(store: Store, areas: Sequence[str], now: int) -> dict[str, dict[str, Any]]:
    """Summarise the judged days of each area: this year, this month, a calendar, yesterday, the trend of twelve months.

    Args:
        store: where the verdicts are.
        areas: administrative codes.
        now: present time [s of the wall clock].
    """
    today = clock.moment(now)
    days = air_days(store, areas, clock.seconds(datetime(today.year - 1, 1, 1)), now - now % clock.DAY)
    return {area: _area(days.filter(pl.col("point") == area), today.date()) for area in areas}


def _area(days: pl.DataFrame, today: date) -> dict[str, Any]:
    year = days.filter(pl.col("day").dt.year() == today.year)
    same_days = pl.col("day").dt.strftime("%m-%d") < today.strftime("%m-%d")
    before = days.filter((pl.col("day").dt.year() == today.year - 1) & same_days)
    month = year.filter(pl.col("day").dt.month() == today.month)
    return {
        "year": period(year),
        "year_before": period(before),
        "month": period(month, by="month"),
        "calendar": [[row[0].isoformat(), *row[1:]] for row in year.select("day", "aqi", "level", "primary").sort("day").iter_rows()],
        "yesterday": _yesterday(days),
        "trend": _trend(days),
    }


def period(days: pl.DataFrame, by: str = "year") -> dict[str, Any]:
    """Good days, composite index and mean concentrations of days that lie in one period.

    Args:
        days: judged days of one area (`readback.air_days`).
        by: ``month`` or ``year``.

    Returns:
        days, good, ratio [%], composite, primary, and the rounded statistics by pollutant [µg/m³, CO mg/m³]; empty without days.
    """
    if days.is_empty():
        return {}
    counted = air.good_days(days, by=by).row(0, named=True)
    index = air.composite_index(days, by=by).row(0, named=True)
    statistics = days.select(
        *(pl.col(name).mean().alias(name) for name in ("so2", "no2", "pm10", "pm25")),
        pl.col("co").quantile(0.95, "linear"),
        pl.col("o3_8h").quantile(0.9, "linear"),
    ).row(0, named=True)
    return {
        "days": counted["days"],
        "good": counted["good"],
        "ratio": counted["ratio"],
        "composite": index["composite"],
        "primary": index["primary"],
        **{name: None if value is None else round(value, 1) for name, value in statistics.items()},
    }


def _yesterday(days: pl.DataFrame) -> dict[str, Any] | None:
    """The last judged day and what changed from the day before."""
    last = days.sort("day").tail(2).to_dicts()
    if not last:
        return None
    newest, older = last[-1], last[0] if len(last) > 1 else {}
    both = [name for name in DAY_VALUES if newest[name] is not None and older.get(name) is not None]
    change = {name: round(newest[name] - older[name], 1) for name in both}
    return {"day": newest["day"].isoformat(), **{name: newest[name] for name in ("aqi", "level", "primary")}, "change": change}


def _trend(days: pl.DataFrame) -> list[float | None]:
    """Composite index of the last twelve months, oldest first."""
    if days.is_empty():
        return []
    return air.composite_index(days, by="month").sort("period")["composite"].tail(MONTHS).to_list()
