"""The daily air quality index: means of the natural day with their validity, daily maximum of eight-hour ozone."""

from __future__ import annotations

from typing import TypeVar

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
    frame = _with_eight_hours(_readings(frame))
    grouped = (
        frame.lazy()
        .group_by("point", "day")
        .agg(
            *(nw.col(column).mean().alias(column) for column in DAY_MEANS),
            *(nw.col(column).count().alias(f"n_{column}") for column in columns()),
            o3_1h=nw.col("o3").max(),
            o3_8h=nw.col("__o3_8h").max(),
            n_o3_8h=nw.col("__o3_8h").count(),
        )
    )
    needed = day_hours(_latest())
    means = [nw.when(nw.col(f"n_{column}") >= needed).then(snap(nw.col(column))).alias(column) for column in DAY_MEANS]
    eight_hours = snap(nw.col("o3_8h"))
    stands = _ozone_stands(eight_hours, nw.col("n_o3_8h"))
    ozone = [nw.when(stands).then(eight_hours).alias("o3_8h"), nw.when(stands).then(nw.col("o3_1h")).alias("o3_1h")]
    counts = [nw.col(f"n_{column}").cast(nw.Int32) for column in (*columns(), "o3_8h")]
    result = grouped.with_columns(*means, *ozone, *counts).sort("point", "day")
    result = result.select("point", "day", *DAY_MEANS, *OZONE, *(f"n_{column}" for column in (*columns(), "o3_8h")))
    return like(result, hours)


def _readings(frame: AnyFrame) -> AnyFrame:
    """Blank what is no reading."""
    return frame.with_columns(*(reading(column).alias(column) for column in columns()))


def _with_eight_hours(frame: AnyFrame) -> AnyFrame:
    """Add the eight-hour means of the windows that count, on complete days; a sorted complete eager frame is rolled in one sweep.

    A window counted ends at 08:00 or later, so its hours are of one day and no window that counts crosses a day or a point.
    """
    first = first_window_start(_latest())
    rolled = nw.col("o3").rolling_mean(8, min_samples=window_hours(_latest()))
    if isinstance(frame, nw.DataFrame) and is_complete(frame):
        # Row numbers give the hour of a complete day in a quarter of the time that the calendar takes.
        counted = nw.col("__row") % HOURS >= first
        return frame.with_row_index("__row").with_columns(__o3_8h=nw.when(counted).then(rolled), day=nw.col("start").dt.date())
    counted = nw.col("start").dt.hour() >= first
    grid = complete_days(frame)
    rolled = rolled.over("point", order_by="start")
    return grid.with_columns(__o3_8h=rolled, day=nw.col("start").dt.date()).with_columns(__o3_8h=nw.when(counted).then(nw.col("__o3_8h")))


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
