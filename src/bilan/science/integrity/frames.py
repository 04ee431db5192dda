"""What the patterns share: live moments, the three columns of a result, regular steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
"""Eager in, eager out; lazy in, lazy out."""

POINT: tuple[str, ...] = ("point",)
CHANCE = 6.0
"""Evidence that decides unless told otherwise: minus the decimal logarithm of the chance that an honest series shows as much.
One in a million at an hour is less than one false alert in a hundred years of one series."""

ROW = "__integrity_row"
"""Column that numbers the moments while a pattern works."""
PLACE = "__integrity_place"
"""Column with the place of a live moment within its series, from 0."""


def judged(
    frame: Frame,
    name: str,
    live: pl.Expr,
    work: Callable[[pl.LazyFrame], pl.LazyFrame],
    by: Sequence[str],
    also: Sequence[str] = (),
) -> Frame:
    """Work on the live moments only and put the three columns of the result beside all moments.

    Parameters:
        frame: any moments, series after series.
        name: of the pattern.
        live: Boolean; moments that can be evidence.
        work: from live moments to moments with columns ``found``, ``score`` and ``began``, and those of `also`; series for which nothing is
            to be said may be left out.
        by: columns that name one series.
        also: further columns of the result; each is named after the pattern too.
    """
    lazy = frame.lazy().with_row_index(ROW)
    row = pl.int_range(pl.len(), dtype=pl.Int64)
    first = pl.any_horizontal(*(pl.col(column).ne_missing(pl.col(column).shift(1)) for column in by)) | (row == 0)
    placed = lazy.filter(live).with_columns((row - pl.when(first).then(row).forward_fill()).alias(PLACE))
    result = work(placed).select(
        ROW,
        pl.col("found").fill_null(value=False).alias(name),
        pl.col("score").cast(pl.Float64).alias(f"{name}_score"),
        pl.col("began").alias(f"{name}_began"),
        *(pl.col(column).alias(f"{name}_{column}") for column in also),
    )
    joined = lazy.join(result, on=ROW, how="left", maintain_order="left").with_columns(pl.col(name).fill_null(value=False)).drop(ROW)
    return joined.collect() if isinstance(frame, pl.DataFrame) else joined


def alive(value: str, running: str | None) -> pl.Expr:
    """Moments with a number at which the plant runs; without `running`, moments with a number that is not zero.

    A zero says nothing as long as it is not known whether the plant runs: a stopped plant emits nothing.
    """
    number = pl.col(value).is_not_null() & pl.col(value).is_finite()
    return number & (pl.col(value) != 0 if running is None else pl.col(running).fill_null(value=False))


def with_began(frame: pl.LazyFrame, evidence: pl.Expr) -> pl.LazyFrame:
    """Add ``began``: where the evidence of the first moment of the episode lies, carried through the episode.

    Parameters:
        frame: with the columns ``found`` and `PLACE`, series after series.
        evidence: moment at which the evidence of a row begins.
    """
    sure = frame.with_columns(pl.col("found").fill_null(value=False))
    opens = pl.col("found") & (~pl.col("found").shift(1, fill_value=False) | (pl.col(PLACE) == 0))
    return sure.with_columns(began=pl.when(pl.col("found")).then(pl.when(opens).then(evidence).forward_fill()))


def before(expression: pl.Expr, steps: int = 1) -> pl.Expr:
    """What was so many live moments before in the same series; null where the series had not begun."""
    return pl.when(pl.col(PLACE) >= steps).then(expression.shift(steps))


def rolled(expression: pl.Expr, how: str, size: int, least: int | None = None) -> pl.Expr:
    """Rolling figure over the last `size` live moments of a series; null in its first `size` - 1 moments.

    Windows are computed over the whole column, series after series, which is ten times as fast as series by series; what would reach
    into the series before is left out.

    Parameters:
        least: how many of them must have a value; all when left out.
    """
    window: pl.Expr = getattr(expression, f"rolling_{how}")(size, min_samples=least or size)
    return pl.when(pl.col(PLACE) >= size - 1).then(window)


def resolution(value: str, by: Sequence[str]) -> pl.Expr:
    """Smallest step that a series reports: its last decimal, or its smallest changes when it steps more coarsely than that.

    Parameters:
        value: column of values as reported; those with more than four decimals count as having four.
    """
    number = pl.col(value)
    decimal = pl.lit(1e-4)
    for places in (3, 2, 1, 0):
        exact = ((number * 10**places - (number * 10**places).round()).abs() < 1e-6 * number.abs().max().clip(1.0)).all()
        decimal = pl.when(exact).then(10.0**-places).otherwise(decimal)
    step = number.diff().abs()
    steps = step.filter(step > 0)
    coarse = pl.when(steps.len() >= 50).then(steps.quantile(0.01, "lower"))
    return pl.max_horizontal(decimal, coarse).over(by)


def running(frame: Frame, flow: str = "flow", *, share: float = 0.05, by: Sequence[str] = POINT, name: str = "running") -> Frame:
    """Tell from the flow whether a plant runs.

    Parameters:
        flow: column of the flow, any unit, shape (rows,).
        share: of the usual flow (median of the moments with flow) below which the plant stands still. A twentieth is under the
            leakage of closed dampers and under the zero of flow meters.

    Returns:
        The frame with the Boolean column `name`; null where there is no flow.

    Examples:
        >>> frame = pl.DataFrame({"point": "a", "flow": [0.0, 1, 95, 100, None]})
        >>> running(frame)["running"].to_list()
        [False, False, True, True, None]
    """
    moving = pl.col(flow).filter(pl.col(flow) > 0)
    usual = moving.quantile(0.75).over(by)
    return frame.with_columns((pl.col(flow) > share * usual).alias(name))


def regular(frame: Frame, every: str = "1h", *, by: Sequence[str] = POINT, start: str = "start") -> Frame:
    """Give every series a row for each step between its first and its last moment, in time order.

    Parameters:
        every: step, as Polars writes durations.

    Returns:
        Steps that were absent are rows of nulls.

    Examples:
        >>> from datetime import datetime
        >>> frame = pl.DataFrame({"point": "a", "start": [datetime(2026, 1, 1, 3), datetime(2026, 1, 1, 1)], "so2": [3.0, 1.0]})
        >>> regular(frame)["so2"].to_list()
        [1.0, None, 3.0]
    """
    lazy = frame.lazy()
    span = pl.datetime_ranges(pl.col(start).min(), pl.col(start).max(), interval=every)
    grid = lazy.group_by(by).agg(span.first().alias(start)).explode(start)
    full = grid.join(lazy, on=[*by, start], how="left").sort(*by, start)
    return full.collect() if isinstance(frame, pl.DataFrame) else full
