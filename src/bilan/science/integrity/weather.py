"""Values that do not feel the weather."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import POINT, Frame, alive, judged, with_began

SURE = 0.995
"""Largest correlation that is told apart from one; Fisher's transformation has no end."""


def ignores_weather(
    frame: Frame,
    value: str,
    weather: str,
    *,
    running: str | None = None,
    window: int = 96,
    memory: int = 8,
    usual: float = 0.6,
    deviations: float = 4.0,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "ignores_weather",
) -> Frame:
    """Find a series that used to follow the weather and no longer does, as numbers made at a desk do not.

    Parameters:
        value: column of a quantity that the weather moves [any unit], shape (rows,), in time order: temperature of stack gas, of water.
        weather: column of the weather [any unit], measured by somebody else, best by the city.
        running: Boolean column: the plant runs.
        window: live moments looked back [1]; four days of hours hold four rounds of day and night.
        memory: moments that count as one [1]: neighbouring hours tell the same.
        usual: smallest usual correlation (upper quartile of the series' own windows) with which a series can be judged at all [1].
        deviations: least fall of the correlation below the usual, in standard errors of Fisher's z with window / memory samples [1].

    Returns:
        The frame with `name`, `name`_score [standard errors] and `name`_began (`window` before the finding).

    Examples:
        >>> from datetime import datetime
        >>> from math import sin
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 2, 1), "1h", eager=True, closed="left")
        >>> warm = [20 + 5 * sin(hour / 24 * 6.2832) for hour in range(744)]
        >>> stack = [60 + (degrees if hour < 500 else 20) + (hour * 0.61803) % 1 for hour, degrees in enumerate(warm)]
        >>> frame = pl.DataFrame({"point": "a", "start": hours, "stack": stack, "air": warm})
        >>> frame = ignores_weather(frame, "stack", "air")
        >>> frame["ignores_weather"].head(500).any(), frame["ignores_weather"].tail(100).all()
        (False, True)
    """
    error = 1 / max(window / memory - 3, 1) ** 0.5

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        known = live.filter(pl.col(weather).is_finite())
        together = pl.rolling_corr(pl.col(value), pl.col(weather), window_size=window, min_samples=window // 2)
        correlated = known.with_columns(r=together.fill_nan(0.0).clip(-SURE, SURE).over(by))
        usually = correlated.with_columns(usual=pl.col("r").quantile(0.75).over(by))
        scored = usually.with_columns(score=(pl.col("usual").arctanh() - pl.col("r").arctanh()) / error)
        found = scored.with_columns(found=(pl.col("usual") >= usual) & (pl.col("score") >= deviations))
        return with_began(found, pl.col(start).shift(window - 1).over(by), by)

    return judged(frame, name, alive(value, running), work)
