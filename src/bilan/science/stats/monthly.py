"""Months: their means with the completeness that makes them valid, as the base of trends."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.stats.frames import enough, prepared

LENGTHS = {"month": ("1mo", 12), "quarter": ("3mo", 4), "year": ("1y", 1)}


def periods(frame: Any, value: str, time: str, period: str, completeness: float, least: int) -> pl.DataFrame:
    """Means of months, quarters or years, complete from the first to the last with gaps as missing.

    Parameters:
        frame: hourly, daily or monthly values, a row a time.
        value: column of values.
        time: column of times.
        period: month, quarter or year.
        completeness: share of the times of a full period that a mean needs [0 to 1].
        least: periods needed.

    Returns:
        start, value, count, year (decimal), season (1 …).

    Raises:
        BilanError: a column is missing, there is no such period, or too few periods are left.
    """
    if period not in LENGTHS:
        raise BilanError(Problem("analysis.choice", {"value": period, "nearest": "month", "allowed": list(LENGTHS)}))
    every, count = LENGTHS[period]
    rows = enough(prepared(frame, [value], time=time), 1, value)
    value_of, count_of = pl.col(value).mean().alias("value"), pl.col(value).count().alias("count")
    means = rows.group_by(pl.col(time).dt.truncate(every).alias("start")).agg(value_of, count_of)
    starts = means.select(pl.datetime_range(pl.col("start").min(), pl.col("start").max(), every))
    data = starts.join(means, on="start", how="left").sort("start").with_columns(pl.col("count").fill_null(0))
    seconds = rows[time].diff().dt.total_seconds()
    step = seconds.filter(seconds > 0).min()
    if step is not None:
        length = (pl.col("start").dt.offset_by(every) - pl.col("start")).dt.total_seconds()
        data = data.with_columns(pl.when(pl.col("count") >= completeness * (length / step).floor().clip(1)).then("value"))
    season = (pl.col("start").dt.month().cast(pl.Int64) - 1) * count // 12
    data = data.with_columns(season.alias("season"), (pl.col("start").dt.year() + season / count).alias("year"))
    enough(data.drop_nulls("value"), least, period)
    return data


def residual_blocks(count: int, length: int, draws: int, generator: np.random.Generator) -> Any:
    """Places drawn in moving blocks: neighbours stay together, so their correlation does too.

    Returns:
        draws × count places.

    Reference:
        Künsch, H.R. (1989): Annals of Statistics 17, 1217–1241.

    Examples:
        >>> residual_blocks(7, 3, 2, np.random.default_rng(1)).shape
        (2, 7)
    """
    blocks = -(-count // length)
    first = generator.integers(0, count - length + 1, (draws, blocks))
    return (first[:, :, None] + np.arange(length)).reshape(draws, -1)[:, :count]
