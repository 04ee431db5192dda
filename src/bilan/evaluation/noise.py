"""Noise points, judged by day and by night."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.evaluation.classes import OVER, WITHIN
from bilan.evaluation.frames import as_verdicts, described, observed
from bilan.science import noise
from bilan.science.standards.noise.levels import FIRST
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

ZONE = "zone_class"
"""Attribute of a point with the class of its functional zone; a point without one is not judged."""
_WHY = ("ld", "ln", "ldn", "hours_day", "hours_night", ZONE, "limit_ld", "limit_ln", "factor_ld", "factor_ln", "deciding", "attained")


def judge_days(store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the days and nights of points by the limits of their zones.

    Args:
        store: where the readings are; hours with too few minutes do not count.
        points: noise points.
        begin, end: span of days [s of the wall clock at midnight], `end` excluded. A day's night ends at six of the next morning.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``noise.day``: grade 1 when what is known of day and night is within the limits, 2 when one is above;
        value is the most by which one is above [dB(A)]. A verdict with only one of them is not valid.

    Reference:
        GB 3096-2008 3.2, 3.3, 5.1 Table 1; HJ 640-2012.
    """
    zoned = [point for point in points if point.attributes.get(ZONE) is not None]
    hours = observed(store, zoned, ["leq"], begin + FIRST * HOUR, end + FIRST * HOUR, statistic="value") if zoned else pl.DataFrame()
    if hours.is_empty():
        return hours
    levels = noise.days(hours).rename({"day": "start"}).filter(pl.col("ld").is_not_null() | pl.col("ln").is_not_null())
    judged = noise.judge(levels.join(described(zoned, {ZONE: pl.String}), on="point", how="left").sort("point", "start"))
    attained = pl.col("attained_ld", "attained_ln")
    graded = judged.filter(pl.any_horizontal(attained.is_not_null())).with_columns(
        pl.when(pl.all_horizontal(attained.fill_null(value=True))).then(WITHIN).otherwise(OVER).alias("grade"),
        pl.max_horizontal(pl.lit(0.0), "factor_ld", "factor_ln").alias("above"),
        pl.all_horizontal(attained.is_not_null()).alias("valid"),
    )
    return as_verdicts(
        graded, method="noise.day", seconds=DAY, value="above", grade="grade", main="main", detail=_WHY, now=now, compact=True
    )
