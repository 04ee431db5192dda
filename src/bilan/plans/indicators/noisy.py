"""Days and quarters of noise from the levels of their hours."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from bilan.science.tables import table

DAY_HOURS, NIGHT_HOURS = 16, 8
LEAST_DAY, LEAST_NIGHT = 12, 6
"""Hours with a level that make a day and a night count."""
FIRST, LAST = 6, 22
"""The day lasts from 6:00 to 22:00 (GB 3096-2008 3.3); its night goes on until 6:00 of the next."""


def days(hours: pl.DataFrame) -> pl.DataFrame:
    """Levels by day and by night.

    Args:
        hours: point, start (naive time) and Leq [dB(A)].

    Returns:
        Frame of point, day, ld, ln, hours_day, hours_night; a level is empty when too few hours have one.

    Reference:
        GB 3096-2008 3.2 and 3.3: energy mean over 6:00 to 22:00 and 22:00 to 6:00.
    """
    hour = pl.col("start").dt.hour()
    by_day = hour.is_between(FIRST, LAST - 1)
    level = pl.col("Leq")
    marked = hours.drop_nulls("Leq").with_columns(
        (pl.col("start") - pl.duration(hours=FIRST)).dt.date().alias("day"),
        by_day.alias("by_day"),
    )
    found = marked.group_by("point", "day").agg(
        energy(level.filter(pl.col("by_day"))).alias("ld"),
        energy(level.filter(~pl.col("by_day"))).alias("ln"),
        pl.col("by_day").sum().cast(pl.Int64).alias("hours_day"),
        (~pl.col("by_day")).sum().cast(pl.Int64).alias("hours_night"),
    )
    return found.with_columns(
        pl.when(pl.col("hours_day") >= LEAST_DAY).then(pl.col("ld")).alias("ld"),
        pl.when(pl.col("hours_night") >= LEAST_NIGHT).then(pl.col("ln")).alias("ln"),
    ).sort("point", "day")


def quarters(found: pl.DataFrame) -> pl.DataFrame:
    """Energy means of the days of each quarter: point, day (its first), ld, ln, days."""
    quarter = pl.col("day").dt.truncate("1q")
    return (
        found.group_by("point", quarter.alias("day"))
        .agg(energy(pl.col("ld")).alias("ld"), energy(pl.col("ln")).alias("ln"), pl.col("ld").count().cast(pl.Int64).alias("days"))
        .sort("point", "day")
    )


def energy(level: pl.Expr) -> pl.Expr:
    """Energy mean of levels [dB].

    Examples:
        >>> pl.DataFrame({"l": [50.0, 60.0]}).select(energy(pl.col("l")).round(1)).item()
        57.4
    """
    return 10 * (10 ** (level / 10)).mean().log(10)


def against_limits(frame: pl.DataFrame, zones: Mapping[str, str]) -> pl.DataFrame:
    """Put the zone's limits beside the levels, and whether they are met.

    Args:
        frame: point, ld and ln.
        zones: point → its zone class.

    Reference:
        GB 3096-2008 Table 1; levels are compared at whole decibels' tenths, as they are reported.
    """
    limits = {(row["zone_class"], row["period"]): float(row["limit"]) for row in table("noise_limits")}
    known = pl.DataFrame(
        [(point, zone, limits.get((zone, "day")), limits.get((zone, "night"))) for point, zone in zones.items()],
        schema={"point": pl.String, "zone_class": pl.String, "limit_day": pl.Float64, "limit_night": pl.Float64},
        orient="row",
    )
    return frame.join(known, on="point", how="left").with_columns(
        (pl.col("ld").round(1) <= pl.col("limit_day")).alias("day_attained"),
        (pl.col("ln").round(1) <= pl.col("limit_night")).alias("night_attained"),
    )
