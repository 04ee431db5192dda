"""Values cut off under the limit."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import CHANCE, POINT, Frame, alive, before, judged, resolution, rolled, with_began
from bilan.science.integrity.repeats import divergence

PEAK = 0.45
"""Share of the upper fifth that a smooth peak shows near its top: under a parabola, the square root of a fifth."""


def clipped(
    frame: Frame,
    value: str = "value",
    *,
    limit: str | float | None = None,
    running: str | None = None,
    window: int = 120,
    width: float = 0.002,
    near: float = 0.75,
    evidence: float = CHANCE,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "clipped",
) -> Frame:
    """Find values that pile up at a ceiling under the limit, as if what is higher were cut off.

    Parameters:
        value: column of values [unit of the limit], shape (rows,), in time order.
        limit: column or number; the ceiling must lie between `near` × limit and the limit. None: any ceiling (a saturated instrument).
        running: Boolean column: the plant runs.
        window: live moments looked back [1]; five days of hours see several peaks.
        width: of the band at the ceiling, as a share of it, or one step of the instrument's resolution where that is more; a five-hundredth
            is finer than the noise of hourly means, so that only equal numbers fill it.
        near: smallest ceiling as a share of the limit.
        evidence: decades of chance. Near the top of an honest peak at most a share of `PEAK` of the values within five such bands lies
            in the uppermost (a parabola), and now and then a value is higher than all before; under a ceiling neither is so.

    Returns:
        The frame with `name`, ``NAME_score`` [decades of chance] and ``NAME_began``.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 11), "1h", eager=True, closed="left")
        >>> real = [40 + 15 * ((hour * 0.61803) % 1) for hour in range(240)]
        >>> frame = pl.DataFrame({"point": "a", "start": hours, "real": real}).with_columns(shown=pl.col("real").clip(upper_bound=48.5))
        >>> clipped(frame, "shown", limit=50)["clipped"].any(), clipped(frame, "real", limit=50)["clipped"].any()
        (True, False)
    """
    bound = pl.col(limit) if isinstance(limit, str) else pl.lit(limit, dtype=pl.Float64)

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        near_limit = live if limit is None else live.filter((pl.col(value) >= near * bound).any().over(by))
        highest = rolled(pl.col(value), "max", window)
        topped = near_limit.with_columns(top=before(highest), step=resolution(value, by))
        unit = pl.max_horizontal(width * pl.col("top"), pl.col("step"))
        high = topped.with_columns(
            at_top=((pl.col(value) - pl.col("top")).abs() <= 0.5 * unit).cast(pl.Float64).fill_null(0.0),
            at_band=(pl.col(value) >= pl.col("top") - 4.5 * unit).cast(pl.Float64).fill_null(0.0),
        )
        visited = high.with_columns(visit=((pl.col("at_top") > 0) & (before(pl.col("at_band")) == 0)).cast(pl.Float64).fill_null(0.0))
        figures = visited.with_columns(rolled(pl.col(column), "sum", window) for column in ("at_top", "at_band", "visit"))
        share = pl.col("at_top") / pl.col("at_band")
        scored = figures.with_columns(score=pl.when(share > PEAK).then(pl.col("at_band") * divergence(share, PEAK)).otherwise(0.0))
        found = (pl.col("score") >= evidence) & (pl.col("visit") >= 2) & (pl.col("at_top") < 0.97 * window)
        if limit is not None:
            found &= (pl.col("top") >= near * bound) & (pl.col("top") <= bound)
        return with_began(scored.with_columns(found=found), before(pl.col(start), window // 3))

    return judged(frame, name, alive(value, running), work, by)
