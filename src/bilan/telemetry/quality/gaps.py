"""What should have come and did not."""

from __future__ import annotations

from datetime import datetime

import polars as pl


def completeness(frame: pl.DataFrame, begin: datetime, end: datetime, seconds: int = 3600) -> pl.DataFrame:
    """Count what came of what should have come.

    Args:
        frame: `point`, `start` and one column a parameter.
        begin, end: period, begin included, end not.
        seconds: length of one span [s].

    Returns:
        `point`, `parameter`, `expected`, `present`, `ratio` of 0 to 1.

    Examples:
        >>> hours = pl.DataFrame({"point": ["A", "A"], "start": [datetime(2026, 3, 1), datetime(2026, 3, 1, 2)], "o3": [1.0, None]})
        >>> completeness(hours, datetime(2026, 3, 1), datetime(2026, 3, 1, 4)).row(0)
        ('A', 'o3', 4, 1, 0.25)
    """
    expected = max(0, int((end - begin).total_seconds()) // seconds)
    within = frame.filter((pl.col("start") >= begin) & (pl.col("start") < end)).unique(["point", "start"])
    points = frame.select("point").unique()
    measured = [name for name in frame.columns if name not in ("point", "start")]
    counted = within.group_by("point").agg(pl.col(measured).count())
    long = points.join(counted, on="point", how="left").unpivot(measured, index="point", variable_name="parameter", value_name="present")
    return long.select(
        "point",
        "parameter",
        pl.lit(expected, pl.Int64).alias("expected"),
        pl.col("present").fill_null(0).cast(pl.Int64),
        ratio=pl.when(pl.lit(expected) > 0).then(pl.col("present").fill_null(0) / expected),
    ).sort("point", "parameter")


def missing(frame: pl.DataFrame, begin: datetime, end: datetime, seconds: int = 3600) -> pl.DataFrame:
    """List the gaps: `point`, `parameter`, `begin`, `end` of each run of spans without a value.

    Args:
        frame: `point`, `start` and one column a parameter.
        begin, end: period, begin included, end not.
        seconds: length of one span [s].
    """
    step = f"{seconds}s"
    grid = pl.DataFrame({"start": pl.datetime_range(begin, end, step, closed="left", eager=True, time_unit="us")})
    measured = [name for name in frame.columns if name not in ("point", "start")]
    every = frame.select("point").unique().join(grid, how="cross")
    held = frame.unique(["point", "start"]).with_columns(pl.col("start").cast(pl.Datetime("us")))
    long = every.join(held, on=["point", "start"], how="left").unpivot(measured, index=["point", "start"], variable_name="parameter")
    empty = long.sort("point", "parameter", "start").with_columns(gap=pl.col("value").is_null())
    run = (pl.col("gap") != pl.col("gap").shift(1)).fill_null(True).cum_sum().over("point", "parameter")
    runs = empty.with_columns(run=run).filter("gap").group_by("point", "parameter", "run")
    return (
        runs.agg(pl.col("start").min().alias("begin"), (pl.col("start").max() + pl.duration(seconds=seconds)).alias("end"))
        .drop("run")
        .sort("point", "parameter", "begin")
    )
