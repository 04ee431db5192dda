"""How the air of areas stood this month and this year, beside the same span of last year.

Every rule of the standards is called once for all areas together: a call costs more than the rows it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from bilan.evaluation.air import DAY_VALUES
from bilan.evaluation.readback import air_days
from bilan.science import air
from bilan.telemetry import clock
from bilan.telemetry.store import Store

EDITIONS = ("2012", "2026")
MONTHS = 12
ITEM = ("pollutant", "statistic", "value", "limit", "attained", "days", "valid", "version", "standard", "clause", "confidence")

ByArea = dict[str, Any]
"""Something about each area, by administrative code; areas without days are missing."""

_kept: dict[tuple[date, tuple[str, ...], int, int], dict[str, dict[str, Any]]] = {}
"""The last summary by what it was made of: finished days change once a day, and when late data come."""


def air_years(store: Store, areas: Sequence[str], now: int) -> dict[str, dict[str, Any]]:
    """Summarise the judged days of each area: this year, this month, a calendar, yesterday, the trend of twelve months.

    Args:
        store: where the verdicts are.
        areas: administrative codes.
        now: present time [s of the wall clock].
    """
    today = clock.moment(now).date()
    days = air_days(store, areas, clock.seconds(datetime(today.year - 1, 1, 1)), now - now % clock.DAY)
    mark = (today, tuple(areas), days.height, int(days.hash_rows().sum()))
    if mark not in _kept:
        _kept.clear()
        _kept[mark] = _summarise(days, areas, today)
    return _kept[mark]


def _summarise(days: pl.DataFrame, areas: Sequence[str], today: date) -> dict[str, dict[str, Any]]:
    year = days.filter(pl.col("day").dt.year() == today.year)
    same_days = pl.col("day").dt.strftime("%m-%d") < today.strftime("%m-%d")
    before = days.filter((pl.col("day").dt.year() == today.year - 1) & same_days)
    years, years_before = periods(year), periods(before)
    months = periods(year.filter(pl.col("day").dt.month() == today.month), by="month")
    counted, items, named, trends = editions(year), period_items(year), primaries(year), _trends(days, today)
    return {
        area: {
            "year": {
                **years.get(area, {}),
                "by_edition": counted.get(area, {}),
                "items": items.get(area, []),
                "primaries": named.get(area, {}),
            },
            "year_before": years_before.get(area, {}),
            "month": months.get(area, {}),
            "calendar": _calendar(year.filter(pl.col("point") == area)),
            "yesterday": _yesterday(days.filter(pl.col("point") == area)),
            "trend": trends.get(area, []),
        }
        for area in areas
    }


def periods(days: pl.DataFrame, by: str = "year") -> ByArea:
    """Good days, composite index and mean concentrations of days that lie in one period.

    Args:
        days: judged days of areas (`readback.air_days`).
        by: ``month`` or ``year``.

    Returns:
        Of each area: days, good, heavy, ratio [%], composite, primary, and the rounded statistics by pollutant [µg/m³, CO mg/m³].
    """
    if days.is_empty():
        return {}
    counted = air.good_days(days, by=by).select("point", "days", "good", "heavy", "ratio")
    index = air.composite_index(days, by=by).select("point", "composite", "primary")
    statistics = days.group_by("point").agg(
        *(pl.col(name).mean().round(1) for name in ("so2", "no2", "pm10", "pm25")),
        pl.col("co").quantile(0.95, "linear").round(1),
        pl.col("o3_8h").quantile(0.9, "linear").round(1),
    )
    rows = counted.join(index, on="point").join(statistics, on="point").to_dicts()
    return {row.pop("point"): row for row in rows}


def editions(days: pl.DataFrame) -> ByArea:
    """Count the good days as each edition of HJ 633 would, so that a year in which the standard changed can be compared.

    Args:
        days: judged days of areas (`readback.air_days`).

    Returns:
        Of each area: edition → good days.
    """
    found: ByArea = {}
    means = days.select("point", "day", *DAY_VALUES)
    for edition in EDITIONS if days.height else ():
        good = air.good_days(air.judge_day_means(means, standard=edition), by="year")
        for area, count in good.select("point", "good").iter_rows():
            found.setdefault(area, {})[edition] = count
    return found


def primaries(days: pl.DataFrame) -> ByArea:
    """Count the days by primary pollutant, the most frequent first; a day with two counts for both."""
    named = days.filter(pl.col("level") > 1, pl.col("primary").fill_null("") != "")
    each = named.select("point", pl.col("primary").str.split(",")).explode("primary")
    counts = each.group_by("point", "primary").len().sort("len", "primary", descending=[True, False])
    found: ByArea = {}
    for area, pollutant, count in counts.iter_rows():
        found.setdefault(area, {})[pollutant] = count
    return found


def period_items(days: pl.DataFrame) -> ByArea:
    """Evaluate each pollutant's statistics of a year beside the limits: what the numbers of the overview are explained by."""
    found: ByArea = {}
    if days.height:
        for row in air.evaluate_period(days, by="year").select("point", *ITEM).to_dicts():
            found.setdefault(row.pop("point"), []).append(row)
    return found


def _calendar(year: pl.DataFrame) -> list[list[Any]]:
    return [[row[0].isoformat(), *row[1:]] for row in year.select("day", "aqi", "level", "primary").sort("day").iter_rows()]


def _yesterday(days: pl.DataFrame) -> dict[str, Any] | None:
    """The last judged day and what changed from the day before."""
    last = days.sort("day").tail(2).to_dicts()
    if not last:
        return None
    newest, older = last[-1], last[0] if len(last) > 1 else {}
    both = [name for name in DAY_VALUES if newest[name] is not None and older.get(name) is not None]
    change = {name: round(newest[name] - older[name], 1) for name in both}
    return {"day": newest["day"].isoformat(), **{name: newest[name] for name in ("aqi", "level", "primary")}, "change": change}


def _trends(days: pl.DataFrame, today: date) -> ByArea:
    """Composite index of the last twelve months of each area, oldest first."""
    lately = days.filter(pl.col("day") >= date(today.year - 1, today.month, 1))
    found: ByArea = {}
    if lately.height:
        for area, index in air.composite_index(lately, by="month").sort("period").select("point", "composite").iter_rows():
            found.setdefault(area, []).append(index)
    return {area: values[-MONTHS:] for area, values in found.items()}
