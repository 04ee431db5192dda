"""Values far off their own usual level: spikes, dead sensors, days on which a plant failed."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import POINT, Frame, alive, before, judged, resolution, rolled, with_began

MAD_TO_DEVIATION = 1.4826


def outlying(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    window: int = 96,
    deviations: float = 10.0,
    relative: bool = False,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "outlying",
) -> Frame:
    """Find values far off the level of the moments just before, as faults of sensors and of plants make them.

    Parameters:
        value: column of values [any unit], shape (rows,), in time order.
        running: Boolean column: the plant runs; zeros count only with it.
        window: live moments before that make the usual level [1]: four rounds of day and night for hours, so 384 for quarters of an hour.
        deviations: least distance from their median, in robust standard deviations (median absolute deviation × 1.4826) [1], and in steps
            of the instrument's resolution. Environmental values have heavy tails: at six deviations honest storms and shifts are found
            daily in some series, so ten are asked for.
        relative: compare logarithms; for concentrations, which vary by factors. Values that are not above zero count as nothing then.

    Returns:
        The frame with `name`, ``NAME_score`` [deviations] and ``NAME_began``.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 6), "1h", eager=True, closed="left")
        >>> turb = [5 + (hour * 0.61803) % 1 for hour in range(119)] + [60.0]
        >>> outlying(pl.DataFrame({"point": "a", "start": hours, "turb": turb}), "turb")["outlying"].to_list()[-2:]
        [False, True]
    """

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        half = window // 2
        number = pl.col(value).log() if relative else pl.col(value)
        unit = resolution(value, by)
        levelled = live.with_columns(
            usual=before(rolled(number, "median", window)),
            step=unit / pl.col(value) if relative else unit,
        )
        off = levelled.with_columns(off=(number - pl.col("usual")).abs())
        spread = off.with_columns(spread=rolled(pl.col("off"), "median", window, half) * MAD_TO_DEVIATION)
        scored = spread.with_columns(score=pl.col("off") / pl.max_horizontal("spread", "step"))
        return with_began(scored.with_columns(found=pl.col("score") >= deviations), pl.col(start))

    live = alive(value, running) & (pl.col(value) > 0) if relative else alive(value, running)
    return judged(frame, name, live, work, by)
