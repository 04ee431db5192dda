"""The daily air quality index: means of the natural day with their validity, daily maximum of eight-hour ozone."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import narwhals as nw

from bilan.science.engine import AnyFrame, like, run, with_missing
from bilan.science.grid import HOURS, complete_days, is_complete
from bilan.science.rounding import half_even, snap
from bilan.science.standards.air.hours import check_rows
from bilan.science.standards.air.iaqi import reading
from bilan.science.standards.air.limits import editions, limit
from bilan.science.standards.air.pollutants import columns
from bilan.science.standards.air.validity import day_hours, first_window_start, window_hours, windows_needed
from bilan.science.standards.air.verdict import judge
from bilan.science.standards.air.versions import AUTO, versions

Native = TypeVar("Native")

DAY_MEANS = tuple(column for column in columns() if column != "o3")
OZONE = ("o3_8h", "o3_1h")


def judge_days(hours: Native, standard: str = AUTO) -> Native:
    """Judge every natural day of every point from its hours.

    Parameters:
        hours: ``point``, ``start`` (naive start of the hour) and means of the hour ``so2, no2, o3, pm10, pm25`` [µg/m³], ``co`` [mg/m³].
            Hours may be missing; the hours 00 to 23 make the day.
        standard: ``auto`` (by the day), ``2012`` or ``2026``.

    Returns:
        One row per point and day, sorted: ``point``, ``day``, daily means (null with fewer than 20 hours), ``o3_8h`` (daily maximum of
        the eight-hour means ending 08:00 to 24:00; needs 14 of 17, or to exceed the limit), ``o3_1h`` (daily maximum hour), sample
        counts ``n_<pollutant>`` [h] and ``n_o3_8h`` [windows], and the verdict columns of `judge_hours`.

    Raises:
        BilanError: a column is missing, the standard unknown, or an hour of a point is there twice.

    Reference:
        HJ 633-2012, 5.1.2; HJ 633-2026, 4.2.2 and 5.3.1; GB 3095, 6.4 Table 4; HJ 663, 6.1.2.

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime, timedelta
        >>> start = [datetime(2026, 3, 1) + timedelta(hours=n) for n in range(24)]
        >>> hours = pl.DataFrame({"point": "a", "start": start, "so2": 9, "no2": 41, "co": 0.8, "o3": 64, "pm10": 90, "pm25": 61})
        >>> judge_days(hours).select("pm25", "n_pm25", "aqi", "primary").rows()
        [(61.0, 24, 101, 'PM2.5')]
    """
    return run(hours, lambda given: judge(day_statistics(given), "day", "day", standard))


def judge_day_means(days: Native, standard: str = AUTO) -> Native:
    """Judge days whose means are already known.

    Parameters:
        days: ``point``, ``day`` and daily values ``so2, no2, pm10, pm25, o3_8h`` [µg/m³] (and ``o3_1h`` for 2012), ``co`` [mg/m³].
        standard: ``auto`` (by the day), ``2012`` or ``2026``.

    Returns:
        The rows with the verdict columns of `judge_hours`.

    Raises:
        BilanError: a column is missing or the standard unknown.

    Reference:
        HJ 633-2012, 5.1.2; HJ 633-2026, 4.2.2.

    Examples:
        >>> import polars as pl
        >>> from datetime import date
        >>> days = pl.DataFrame({"point": ["a", "a"], "day": [date(2026, 2, 28), date(2026, 3, 1)], "pm25": [75.0, 75.0], "pm10": [90, 90],
        ...                      "so2": [5, 5], "no2": [30, 30], "co": [0.7, 0.7], "o3_8h": [88, 88]})
        >>> judge_day_means(days).select("version", "aqi", "level").rows()
        [('2012', 100, 2), ('2026', 114, 3)]
    """

    def rule(given: AnyFrame) -> AnyFrame:
        check_rows(given, "day")
        return judge(given, "day", "day", standard)

    return run(days, rule)


def day_statistics(hours: AnyFrame) -> AnyFrame:
    """Daily means, ozone maxima and sample counts of a frame of hours (see `judge_days`)."""
    check_rows(hours, "start")
    frame = with_missing(hours, *columns()).select("point", "start", *columns())
    frame = frame.with_columns(*(reading(column).alias(column) for column in columns()))
    grouped = _by_block(frame) if isinstance(frame, nw.DataFrame) and is_complete(frame) else _by_day(frame)
    needed = day_hours(_latest())
    means = [nw.when(nw.col(f"n_{column}") >= needed).then(snap(nw.col(column))).alias(column) for column in DAY_MEANS]
    eight_hours = snap(nw.col("o3_8h"))
    stands = _ozone_stands(eight_hours, nw.col("n_o3_8h"))
    ozone = [nw.when(stands).then(eight_hours).alias("o3_8h"), nw.when(stands).then(nw.col("o3_1h")).alias("o3_1h")]
    counts = [nw.col(f"n_{column}").cast(nw.Int32) for column in (*columns(), "o3_8h")]
    result = grouped.with_columns(*means, *ozone, *counts)
    result = result.select("point", "day", *DAY_MEANS, *OZONE, *(f"n_{column}" for column in (*columns(), "o3_8h")))
    return like(result, hours)


def _aggregates() -> list[nw.Expr]:
    """What a day is made of; the ozone windows that count stand in ``__o3_8h``."""
    return [
        *(nw.col(column).mean().alias(column) for column in DAY_MEANS),
        *(nw.col(column).count().alias(f"n_{column}") for column in columns()),
        nw.col("o3").max().alias("o3_1h"),
        nw.col("__o3_8h").max().alias("o3_8h"),
        nw.col("__o3_8h").count().alias("n_o3_8h"),
    ]


def _eight_hours() -> nw.Expr:
    return nw.col("o3").rolling_mean(8, min_samples=window_hours(_latest()))


def _by_day(frame: AnyFrame) -> nw.LazyFrame[Any]:
    """Days of any frame of hours, on a grid that is completed first."""
    counted = nw.col("start").dt.hour() >= first_window_start(_latest())
    grid = complete_days(frame).lazy().with_columns(__o3_8h=_eight_hours().over("point", order_by="start"), day=nw.col("start").dt.date())
    return (
        grid.with_columns(__o3_8h=nw.when(counted).then(nw.col("__o3_8h")))
        .group_by("point", "day")
        .agg(*_aggregates())
        .sort("point", "day")
    )


def _by_block(frame: nw.DataFrame[Any]) -> nw.LazyFrame[Any]:
    """Days of a complete sorted frame: every 24 rows are a day, which spares the calendar and the comparison of names.

    A window that counts ends at 08:00 or later, so none crosses a day and the whole frame is rolled in one sweep.
    """
    numbered = frame.with_row_index("__row")
    counted = nw.col("__row") % HOURS >= first_window_start(_latest())
    rolled = numbered.with_columns(__o3_8h=nw.when(counted).then(_eight_hours()), __day=nw.col("__row") // HOURS)
    grouped = rolled.lazy().group_by("__day").agg(*_aggregates()).sort("__day").collect(backend=cast(Any, frame.implementation))
    names = frame.select("point", "start").gather_every(HOURS).select("point", day=nw.col("start").dt.date())
    return nw.concat([names, grouped.drop("__day")], how="horizontal").lazy()


def _ozone_stands(value: nw.Expr, windows: nw.Expr) -> nw.Expr:
    """Whether a daily maximum counts: enough windows, or above the limit of the day's edition."""
    exceeds: nw.Expr | None = None
    for edition in editions():
        found = limit(edition, "O3", "8h_max")
        if found is not None:
            over = half_even(value, 0) > found.value
            exceeds = over if exceeds is None else nw.when(nw.col("day") >= nw.lit(edition.begin)).then(over).otherwise(exceeds)
    enough = windows >= windows_needed(_latest())
    return enough | exceeds if exceeds is not None else enough


def _latest() -> str:
    return list(versions())[-1]
