"""Days and quarters of noise from the levels of their hours, as the indicator tables have them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from bilan.science import noise
from bilan.science.standards.noise.levels import FIRST

__all__ = ["FIRST", "against_limits", "days", "quarters"]


def days(hours: pl.DataFrame) -> pl.DataFrame:
    """Levels by day and by night: point, day, ld, ln, hours_day, hours_night.

    Args:
        hours: point, start (naive time) and Leq [dB(A)].
    """
    found = noise.days(hours, level="Leq").with_columns(pl.col("day").dt.date())
    return found.drop("ldn").sort("point", "day")


def quarters(found: pl.DataFrame) -> pl.DataFrame:
    """Energy means of the days of each quarter: point, day (its first), ld, ln, days."""
    return noise.evaluate_periods(found, "quarter").drop("ldn", "nights").sort("point", "day")


def against_limits(frame: pl.DataFrame, zones: Mapping[str, str]) -> pl.DataFrame:
    """Put the zone's limits beside the levels, and whether they are met.

    Args:
        frame: point, ld and ln.
        zones: point → its zone class.

    Reference:
        GB 3096-2008 Table 1; levels are compared at tenths of a decibel, as they are reported.
    """
    known = pl.DataFrame(list(zones.items()), schema={"point": pl.String, "zone_class": pl.String}, orient="row")
    judged = noise.judge(frame.join(known, on="point", how="left"))
    kept = {"limit_ld": "limit_day", "limit_ln": "limit_night", "attained_ld": "day_attained", "attained_ln": "night_attained"}
    return judged.select(*frame.columns, "zone_class", *kept).rename(kept)
