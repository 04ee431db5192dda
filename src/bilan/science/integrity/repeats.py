"""Values that stay: one number for hours, or a stair of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import polars as pl

from bilan.science.integrity.frames import CHANCE, PLACE, POINT, Frame, alive, before, judged, resolution, rolled, with_began

LEAST_HOLD = 6
LONG = 0.99
"""Quantile of the lengths of a series' runs that tells how calm it is: counting runs, not moments, one long fraud hardly moves it."""
LONGEST = 228
"""Longest usual run that is believed in [1]: with it, four weeks of one number are still evidence enough."""


def constant(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    least: int = LEAST_HOLD,
    evidence: float = CHANCE,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "constant",
) -> Frame:
    """Find values that do not change although the plant runs.

    Parameters:
        value: column of values as they were reported, unrounded [any unit], shape (rows,), in time order.
        running: Boolean column: the plant runs; zeros count only with it.
        least: live moments [1] in a row below which nothing is said: an instrument holds its last value during zero checks and
            purging, and analysers of water repeat one for a cycle of 2 to 4 hours.
        evidence: minus the decimal logarithm of the chance of such a run in an honest series, as learnt from the lengths of the
            series' own runs, so that a coarse or calm series needs a longer one.

    Returns:
        The frame with `name`, ``NAME_score`` [decades of chance] and ``NAME_began`` (start of the run). Gaps and standstills neither
        end a run nor lengthen it.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 2), "1h", eager=True)
        >>> so2 = [20.1 + (7 * hour % 11) / 10 for hour in range(15)] + [21.37] * 10
        >>> frame = constant(pl.DataFrame({"point": "a", "start": hours, "so2": so2}), "so2")
        >>> frame.filter("constant")["start"].dt.hour().to_list(), frame["constant_began"][-1].hour
        ([20, 21, 22, 23, 0], 15)
    """

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        counted = _runs(live, value, start)
        ends = pl.col("held").shift(-1, fill_value=1) == 1
        long = pl.col("held").filter("ends").quantile(LONG, "lower").over(by)
        usual = counted.with_columns(ends=ends).with_columns(long=long.fill_null(1).clip(1, LONGEST))
        # Runs that end by chance get rarer by the same factor with each step; the factor is read off at the hundredth longest.
        scored = usual.with_columns(score=-log10(1 - LONG) * (pl.col("held") - 1) / pl.col("long"))
        found = scored.with_columns(found=(pl.col("score") >= evidence) & (pl.col("held") >= least))
        return with_began(found, pl.col("run_began"))

    return judged(frame, name, alive(value, running), work, by)


def stair(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    window: int = 96,
    cycle: int = 2,
    leap: float = 3.0,
    evidence: float = CHANCE,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "stair",
) -> Frame:
    """Find values that stand still and leap, again and again, as numbers typed in or replayed do.

    Parameters:
        value: column of values [any unit], shape (rows,), in time order.
        running: Boolean column: the plant runs.
        window: live moments looked back [1].
        cycle: moments [1] that an honest analyser holds a value: two hours for COD, NH3-N, TP and TN, one for gases.
        leap: smallest typical height of a step, in steps of the instrument's resolution. A signal that moved three steps of resolution
            while it was held for hours would have shown some of those steps; a calm signal that creeps by one step at a time is honest.
        evidence: decades of chance that values held for `cycle` moments show as many repetitions.

    Returns:
        The frame with `name`, ``NAME_score`` [decades of chance] and ``NAME_began``.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 8), "1h", eager=True, closed="left")
        >>> cod = [round(30 + 9 * ((hour // 6) * 0.61803 % 1), 2) for hour in range(168)]
        >>> frame = stair(pl.DataFrame({"point": "a", "start": hours, "cod": cod}), "cod")
        >>> frame["stair"].any(), frame["stair_began"].drop_nulls()[0].day
        (True, 2)
    """
    expected = 1 - 1 / max(cycle, 1) if cycle > 1 else 0.1

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        counted = _runs(live, value, start)
        shared = counted.with_columns(share=rolled((pl.col("held") > 1).cast(pl.Float64), "mean", window))
        calm = shared.filter((pl.col("share") > expected).any().over(by))
        step = (pl.col(value) - before(pl.col(value))).abs()
        leaps = calm.with_columns(step=pl.when(step > 0).then(step), resolution=resolution(value, by))
        figures = leaps.with_columns(
            height=rolled(pl.col("step"), "median", window, 4) / pl.col("resolution"), score=window * divergence(pl.col("share"), expected)
        )
        many = (1 - pl.col("share")) * window >= 4
        found = (pl.col("score") >= evidence) & (pl.col("share") > expected) & many & (pl.col("height") >= leap)
        return with_began(figures.with_columns(found=found), before(pl.col(start), window // 2))

    return judged(frame, name, alive(value, running), work, by)


def divergence(share: pl.Expr, expected: float) -> pl.Expr:
    """Decades of chance, per moment, of seeing a share at least so large when `expected` is usual (Chernoff's bound).

    Examples:
        >>> pl.select(divergence(pl.lit(0.9), 0.5)).item().__round__(3)
        0.16
    """
    seen = share.clip(1e-9, 1 - 1e-9)
    return seen * (seen / expected).log10() + (1 - seen) * ((1 - seen) / (1 - expected)).log10()


def _runs(live: pl.LazyFrame, value: str, start: str) -> pl.LazyFrame:
    """Add ``held`` (place of a moment within its run of equal values, from 1) and ``run_began``."""
    marked = live.with_columns(fresh=(pl.col(value) != before(pl.col(value))).fill_null(value=True))
    first = pl.when("fresh")
    return marked.with_columns(held=pl.col(PLACE) - first.then(PLACE).forward_fill() + 1, run_began=first.then(start).forward_fill())
