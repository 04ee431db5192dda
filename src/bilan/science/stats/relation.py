"""How one parameter follows another: points with the line of least squares, and the slope of each period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from bilan.science.figures import Axis, Figure, Layer, Specification, Words
from bilan.science.stats.frames import axis_of, enough, named, prepared, unit_of
from bilan.science.stats.proportion import EVERY
from bilan.science.stats.result import Analysis
from bilan.science.stats.variation import t_quantile

FEWEST = 5
"""Pairs a line of a period needs."""
_SHOWN = 2000


@dataclass(frozen=True, kw_only=True)
class Relation(Analysis):
    """The line over all pairs: slope with its interval, intercept [unit of y], r², number of pairs."""

    slope: float
    lower: float
    upper: float
    intercept: float
    r2: float
    count: int


def relation(
    frame: Any,
    x: str,
    y: str,
    *,
    time: str = "start",
    every: Literal["day", "week", "month", "quarter", "year"] = "month",
    least_r2: float = 0.0,
    confidence: float = 0.95,
    units: tuple[str, str] | None = None,
) -> Relation:
    """Least-squares line of one column on another, over all and by period.

    A ratio of two pollutants that changes with time, such as NO2 to NOx or SO2 to NOx, tells of changed sources.

    Parameters:
        frame: a row a time.
        x: column across [any unit].
        y: column upwards [any unit].
        time: column of times.
        every: length of a period.
        least_r2: periods with a smaller r² are left out.
        confidence: level of the intervals, for hours taken as independent.
        units: units of `x` and `y` to show instead of those of the parameters.

    Returns:
        data: start, count, slope, lower, upper, intercept, r2.

    Raises:
        BilanError: a column is missing, or fewer than five pairs are left.

    Reference:
        Carslaw, D.C. and Ropkins, K. (2012): Environmental Modelling & Software 27–28, 52–61 (openair linearRelation, scatterPlot).

    Examples:
        >>> from datetime import datetime
        >>> hours = [datetime(2026, 1, 1, hour) for hour in range(6)]
        >>> frame = pl.DataFrame({"start": hours, "no": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "no2": [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]})
        >>> found = relation(frame, "no", "no2")
        >>> round(found.slope, 6), round(found.intercept, 6), round(found.r2, 6), found.data["count"].item()
        (2.0, 1.0, 1.0, 6)
    """
    pairs = enough(prepared(frame, [x, y], time=time).drop_nulls(), FEWEST, f"{x}, {y}")
    fits = _line(x, y, confidence)
    whole = pairs.select(fits).row(0, named=True)
    data = pairs.group_by(pl.col(time).dt.truncate(EVERY[every]).alias("start")).agg(fits).sort("start")
    data = data.filter(pl.col("count") >= FEWEST, pl.col("r2") >= least_r2)
    shown = units or (unit_of(x), unit_of(y))
    return Relation(data=data, figure=_figure(pairs, data, x, y, shown, whole), **{name: whole[name] for name in _WHOLE})


_WHOLE = ("slope", "lower", "upper", "intercept", "r2", "count")


def _line(x: str, y: str, confidence: float) -> list[pl.Expr]:
    """Slope, interval, intercept and r² as expressions over a group of pairs."""
    across, up = pl.col(x), pl.col(y)
    spread, slope = across.var(ddof=1), pl.cov(x, y, ddof=1) / across.var(ddof=1)
    r2 = pl.corr(x, y) ** 2
    error = (up.var(ddof=1) * (1 - r2).clip(0) / spread * (pl.len() - 1) / (pl.len() - 2)).sqrt() / (pl.len() - 1).sqrt()
    half = pl.when(pl.len() > 2).then(t_quantile(confidence, pl.len() - 2) * error)
    return [
        pl.len().cast(pl.Int64).alias("count"),
        slope.alias("slope"),
        (slope - half).alias("lower"),
        (slope + half).alias("upper"),
        (up.mean() - slope * across.mean()).alias("intercept"),
        r2.alias("r2"),
    ]


def _figure(pairs: pl.DataFrame, data: pl.DataFrame, x: str, y: str, units: tuple[str, str], whole: dict[str, Any]) -> Figure:
    points = pairs.gather_every(max(1, pairs.height // _SHOWN)).select(x, y).with_columns(kind=pl.lit("pair"))
    ends: list[Any] = [pairs[x].min(), pairs[x].max()]
    line = pl.DataFrame({x: ends, y: [whole["intercept"] + whole["slope"] * end for end in ends], "kind": "line"})
    told = f"y = {whole['slope']:.3g} x {'+' if whole['intercept'] >= 0 else '−'} {abs(whole['intercept']):.3g},  r² = {whole['r2']:.2f}"
    cloud = Specification(
        title=Words(en=told),
        data=pl.concat([points, line]),
        x=axis_of(x, units[0]),
        y=axis_of(y, units[1]),
        layers=(
            Layer("point", x=x, y=y, where=(("kind", "pair"),)),
            Layer("line", x=x, y=y, smooth=True, where=(("kind", "line"),), colours=("#be185d",)),
        ),
    )
    slopes = Specification(
        title=Words("各时段的斜率", "Slope of each period"),
        data=data,
        x=Axis(kind="time"),
        y=Axis(Words("斜率", "Slope")),
        layers=(Layer("band", x="start", lower="lower", upper="upper"), Layer("line", x="start", y="slope")),
    )
    title = Words(f"{named(y).text()}与{named(x).text()}", f"{named(y).text('en')} and {named(x).text('en')}")
    return Figure(title=title, data=data, parts=(cloud, slopes), columns=2)
