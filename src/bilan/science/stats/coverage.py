"""What there is: the share of its hours every column has in each period, and the usual statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.science.figures import Axis, Figure, Layer, Scale, Words
from bilan.science.stats.frames import enough, named, prepared
from bilan.science.stats.proportion import EVERY
from bilan.science.stats.result import Analysis


@dataclass(frozen=True, kw_only=True)
class Coverage(Analysis):
    """Statistics of every column, and what share of each period it covers: column, start, count, coverage [%]."""

    periods: pl.DataFrame


def coverage(frame: Any, columns: Sequence[str], *, time: str = "start", every: str = "month") -> Coverage:
    """How complete columns are, by period, with their usual statistics.

    The length of a step is the one most times follow each other by; periods run from the first time to the last.

    Parameters:
        frame: a row a time; times that are left out count as missing.
        columns: columns of numbers.
        time: column of times.
        every: day, week, month, quarter or year.

    Returns:
        data: column, count, missing, missing_share [%], least, mean, median, p95, most.

    Raises:
        BilanError: a column is missing, no value is left, or there is no such period.

    Reference:
        Carslaw, D.C. and Ropkins, K. (2012): Environmental Modelling & Software 27–28, 52–61 (openair summaryPlot).

    Examples:
        >>> from datetime import datetime
        >>> days = [datetime(2026, 1, 1), datetime(2026, 1, 2), datetime(2026, 1, 3), datetime(2026, 1, 4)]
        >>> found = coverage(pl.DataFrame({"start": days, "no2": [1.0, None, 3.0, 5.0]}), ["no2"])
        >>> found.data.select("count", "missing", "missing_share", "median").row(0), found.periods["coverage"].to_list()
        ((3, 1, 25.0, 3.0), [75.0])
    """
    if every not in EVERY:
        raise BilanError(Problem("analysis.choice", {"value": every, "nearest": nearest(every, EVERY), "allowed": list(EVERY)}))
    names = list(dict.fromkeys(columns))
    rows = enough(prepared(frame, names, time=time).unique(time, maintain_order=True), 2, ", ".join(names))
    step: Any = rows[time].diff().drop_nulls().mode().min()
    expected = rows.select(pl.datetime_range(pl.col(time).min(), pl.col(time).max(), step)).to_series()
    stands = pl.DataFrame({time: expected}).group_by(pl.col(time).dt.truncate(EVERY[every]).alias("start")).len("expected")
    long = rows.unpivot(names, index=time, variable_name="column", value_name="number").drop_nulls("number")
    counts = long.group_by("column", pl.col(time).dt.truncate(EVERY[every]).alias("start")).len("count")
    every_one = pl.DataFrame({"column": names}).join(stands, how="cross").join(counts, on=["column", "start"], how="left")
    share = (100 * pl.col("count") / pl.col("expected")).clip(0, 100).alias("coverage")
    periods = every_one.with_columns(pl.col("count").fill_null(0)).with_columns(share).sort("start").drop("expected")
    data = pl.concat([_statistics(rows[name], len(expected)) for name in names])
    return Coverage(data=data, figure=_figure(periods, names, every), periods=periods)


def _statistics(values: pl.Series, expected: int) -> pl.DataFrame:
    number = pl.col(values.name)
    count = number.count()
    return values.to_frame().select(
        pl.lit(values.name).alias("column"),
        count.cast(pl.Int64).alias("count"),
        (expected - count.cast(pl.Int64)).clip(0).alias("missing"),
        (100 * (1 - count / expected)).clip(0).alias("missing_share"),
        number.min().alias("least"),
        number.mean().alias("mean"),
        number.median().alias("median"),
        number.quantile(0.95, "linear").alias("p95"),
        number.max().alias("most"),
    )


def _figure(periods: pl.DataFrame, names: list[str], every: str) -> Figure:
    form = {"year": "%Y", "quarter": "%Y-%m", "month": "%Y-%m"}.get(every, "%Y-%m-%d")
    drawn = periods.with_columns(pl.col("start").dt.strftime(form).alias("period"))
    x = Axis(kind="category", categories=tuple((period, Words(en=period)) for period in drawn["period"].unique().sort()))
    y = Axis(kind="category", categories=tuple((name, named(name)) for name in names), inverse=True)
    scale = Scale(Words("有效率", "Coverage"), "%", palette="azure", lower=0.0, upper=100.0)
    layer = Layer("tile", x="period", y="column", value="coverage")
    return Figure(title=Words("数据完整性", "Data coverage"), data=drawn, x=x, y=y, scale=scale, layers=(layer,))
