"""Roll-up by zoom: a chart of ten years draws as many marks as one of two days."""

from __future__ import annotations

import polars as pl

SPANS = (("1h", 3600), ("3h", 10_800), ("6h", 21_600), ("1d", 86_400), ("1w", 604_800), ("1mo", 2_678_400), ("1y", 31_622_400))
"""Lengths of the buckets, and about how long they are [s]."""


def reduce_frame(values: pl.DataFrame, begin: int, end: int, points: int) -> pl.DataFrame:
    """Roll values up into the shortest buckets of which the period holds no more than `points`.

    Parameters:
        values: columns series, start, seconds, value, flag.
        begin, end: the period shown [s of the wall clock].
        points: how many marks a series may have.

    Returns:
        Columns series, start [s], seconds (length of the bucket), mean, minimum, maximum and count of the values with flag N, and
        flagged (how many have another). Weeks begin on Monday. Where the values are fewer than `points` they stand as they are.
    """
    longest = values.group_by("series").len()["len"].max() or 0
    if int(longest) <= points:  # type: ignore[arg-type]
        return _as_they_are(values)
    every = next((name for name, length in SPANS if (end - begin) / length <= points), SPANS[-1][0])
    normal = pl.col("value").filter(pl.col("flag") == "N")
    buckets = (
        values.with_columns(pl.from_epoch("start", time_unit="s").dt.truncate(every).alias("bucket"))
        .group_by("series", "bucket")
        .agg(
            normal.mean().alias("mean"),
            normal.min().alias("minimum"),
            normal.max().alias("maximum"),
            normal.count().cast(pl.Int64).alias("count"),
            (pl.col("flag") != "N").sum().cast(pl.Int64).alias("flagged"),
        )
    )
    length = (pl.col("bucket").dt.offset_by(every) - pl.col("bucket")).dt.total_seconds()
    columns = ("series", "start", "seconds", "mean", "minimum", "maximum", "count", "flagged")
    return (
        buckets.with_columns(pl.col("bucket").dt.epoch("s").alias("start"), length.alias("seconds")).select(columns).sort("series", "start")
    )


def _as_they_are(values: pl.DataFrame) -> pl.DataFrame:
    return values.select(
        "series",
        "start",
        pl.col("seconds").cast(pl.Int64),
        pl.col("value").alias("mean"),
        pl.col("value").alias("minimum"),
        pl.col("value").alias("maximum"),
        pl.col("value").is_not_null().cast(pl.Int64).alias("count"),
        (pl.col("flag") != "N").cast(pl.Int64).alias("flagged"),
    )
