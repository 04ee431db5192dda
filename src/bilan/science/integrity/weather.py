"""Values that do not feel the weather."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import PLACE, POINT, Frame, alive, before, judged, with_began


def ignores_weather(
    frame: Frame,
    value: str,
    weather: str,
    *,
    running: str | None = None,
    window: int = 120,
    memory: int = 8,
    usual: float = 0.5,
    follows: float = 0.25,
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
        window: live moments looked back [1]; five days of hours hold five rounds of day and night.
        memory: moments that count as one [1]: neighbouring hours tell the same.
        usual: smallest usual correlation (median of the series' own windows) with which a series can be judged at all [1].
        follows: share of its usual slope on the weather [1] up to which a series counts as not following.
        deviations: least fall of the slope below the usual, in its standard errors [1]; calm weather makes them large, so that nothing is
            said where nothing can be known.

    Returns:
        The frame with `name`, ``NAME_score`` [standard errors] and ``NAME_began`` (`window` before the finding).

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
    samples = max(window / memory - 2, 1)

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        x, y = pl.col(weather), pl.col(value)
        whole = pl.col(PLACE) >= window - 1
        moments = live.with_columns(
            covariance=pl.when(whole).then(pl.rolling_cov(y, x, window_size=window)),
            moved=pl.when(whole).then(x.rolling_var(window)),
            varied=pl.when(whole).then(y.rolling_var(window)),
        )
        slope = pl.when(pl.col("moved") > 0).then(pl.col("covariance") / pl.col("moved"))
        together = pl.when(pl.col("moved") * pl.col("varied") > 0).then(pl.col("covariance") / (pl.col("moved") * pl.col("varied")).sqrt())
        fitted = moments.with_columns(slope=slope, together=together)
        rest = (pl.col("varied") - pl.col("slope") * pl.col("covariance")).clip(1e-9)
        figures = fitted.with_columns(
            error=(rest / pl.col("moved") / samples).sqrt(),
            usual=pl.col("together").median().over(by),
            normal=pl.col("slope").median().over(by),
        )
        scored = figures.with_columns(score=(pl.col("normal") - pl.col("slope")) / pl.col("error"))
        lost = (pl.col("score") >= deviations) & (pl.col("slope") <= follows * pl.col("normal"))
        found = scored.with_columns(found=(lost & (pl.col("usual") >= usual)).fill_null(value=False))
        return with_began(found, before(pl.col(start), window - 1))

    return judged(frame, name, alive(value, running) & pl.col(weather).is_finite(), work, by)
