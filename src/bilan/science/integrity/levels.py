"""Levels that sink: slowly, or at a calibration just before the limit."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import polars as pl

from bilan.science.integrity.frames import PLACE, POINT, ROW, Frame, alive, before, judged, rolled, with_began

MAD_TO_DEVIATION = 1.4826
TAIL, TAIL_DEVIATIONS = 0.98, 2.326
"""Quantile of absolute changes, and where it lies in standard deviations of a normal distribution."""


def drift(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    recent: int = 14,
    past: int = 90,
    fall: float = 0.3,
    deviations: float = 3.5,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "drift",
) -> Frame:
    """Find a level that sinks slowly over weeks, as with a calibration that is moved a little each time.

    Parameters:
        value: column of values [any unit, positive], shape (rows,), in time order.
        running: Boolean column: the plant runs.
        recent: days [d] of the present level: longer than the weather and the weekly rhythm of a plant.
        past: days [d] before them that it is compared with, a third of which must be there; a slow fall needs a long memory.
        fall: smallest fall [1]; HJ 75 and HJ 355 let an instrument be wrong by 10 to 20 % before it must be mended, so less is no evidence.
        deviations: least fall in standard deviations of such differences [1], as learnt from the series' own daily levels. Levels of
            neighbouring days are alike, so that `recent` days count as `recent` / 4 independent ones. There are some 25 independent looks
            a year, so 3.5 deviations mean one false alert in 150 years of one series.

    Returns:
        The frame with `name`, ``NAME_score`` [deviations] and ``NAME_began`` (`recent` days before the finding). At least half of all days
        must have values.

    Examples:
        >>> from datetime import datetime
        >>> days = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 5, 31), "1d", eager=True)
        >>> so2 = [30 * (1 + 0.1 * ((day * 0.61803) % 1)) * (1 - 0.6 * max(0, day - 70) / 80) for day in range(len(days))]
        >>> frame = drift(pl.DataFrame({"point": "a", "start": days, "so2": so2}), "so2")
        >>> frame.filter("drift")["start"][0].month
        5
    """

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        day = pl.col(start).dt.truncate("1d")
        daily = live.group_by([*by, day.alias("day")]).agg(level=pl.col(value).log().median()).sort(*by, "day")
        half = [recent // 2, past // 3]
        levels = daily.with_columns(
            now=pl.col("level").rolling_median_by("day", f"{recent}d", min_samples=half[0]).over(by),
            usual=pl.col("level").rolling_median_by("day", f"{past}d", min_samples=half[1]).over(by),
        )
        earlier = levels.select(*by, pl.col("day").dt.offset_by(f"{recent}d"), "usual", calm="now")
        sided = levels.drop("usual").join(earlier, on=[*by, "day"], how="left").sort(*by, "day")
        # The spread of days about their own level is not touched by a slow fall.
        off = (pl.col("level") - pl.col("now")).abs().rolling_median_by("day", f"{past}d", min_samples=half[1]).over(by)
        spread = sided.with_columns(spread=off * MAD_TO_DEVIATION * 2 / recent**0.5 * 2**0.5)
        score = (pl.col("usual") - pl.col("now")) / pl.max_horizontal("spread", pl.lit(0.02))
        scored = spread.with_columns(score=score)
        found = scored.with_columns(found=(pl.col("score") >= deviations) & (pl.col("usual") - pl.col("now") >= -log(1 - fall)))
        numbered = found.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over(by).alias(PLACE))
        episodes = with_began(numbered, pl.col("day").dt.offset_by(f"-{recent}d")).select(*by, "day", "found", "score", "began")
        # A day's level is known when the day is over: what is found shows on the following day.
        shown = episodes.with_columns(day=pl.col("day").dt.offset_by("1d"))
        return live.with_columns(day=day).join(shown, on=[*by, "day"], how="left", maintain_order="left")

    positive = alive(value, running) & (pl.col(value) > 0)
    return judged(frame, name, positive, work, by)


def calibrated_away(
    frame: Frame,
    value: str = "value",
    *,
    limit: str | float,
    calibrating: str,
    running: str | None = None,
    window: int = 6,
    fall: float = 0.3,
    high: float = 0.7,
    deviations: float = 3.0,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "calibrated_away",
) -> Frame:
    """Find a calibration or change of range after which values that were near the limit are much lower and stay so.

    Parameters:
        value: column of values [unit of the limit], shape (rows,), in time order; values under calibration may be null.
        limit: column or number [unit of the value].
        calibrating: Boolean column: marked as calibration or maintenance at this moment.
        running: Boolean column: the plant runs.
        window: live moments of the level just before and just after [1]; a quarter of a day is more than a passing peak, and short enough
            that honest levels on both sides are alike.
        fall: smallest fall of the level [1]; HJ 75 demands adjustment only for errors that are smaller by far.
        high: level before, as a share of the limit, from which there is something to hide [1].
        deviations: least fall in standard deviations of such differences without a calibration, learnt from the series itself. There are
            four calibrations a month and few of them follow values near the limit, so three deviations are rare enough.

    Returns:
        The frame with `name`, ``NAME_score`` [deviations] and ``NAME_began`` (the calibration). It is decided within two windows after the
        calibration and holds for as long as the level stays low, until the next one. A calibration beside a standstill decides nothing.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 26), "1h", eager=True, closed="left")
        >>> nox = [(90 if hour < 150 else 50) + 6 * ((hour * 0.61803) % 1) for hour in range(600)]
        >>> frame = pl.DataFrame({"point": "a", "start": hours, "nox": nox, "check": [hour in (20, 150) for hour in range(600)]})
        >>> frame = calibrated_away(frame, "nox", limit=100, calibrating="check")
        >>> frame.filter("calibrated_away")["start"][0].day, frame["calibrated_away_began"].drop_nulls()[0].day
        (7, 7)
    """
    bound = pl.col(limit) if isinstance(limit, str) else pl.lit(float(limit))
    checks = pl.col(calibrating).fill_null(value=False)
    least = -log(1 - fall)

    def work(moments: pl.LazyFrame) -> pl.LazyFrame:
        usable = alive(value, running) & (pl.col(value) > 0) & ~checks
        suspects = moments.filter((checks.any() & (pl.col(value) >= high * bound).any()).over(by))
        shown = suspects.with_columns(usable=usable, checks=checks)
        live = shown.filter("usable").with_columns((pl.col("usable").cum_sum().over(by) - 1).cast(pl.Int64).alias(PLACE))
        levels = live.with_columns(now=rolled(pl.col(value).log(), "median", window))
        changes = levels.with_columns(change=(pl.col("now") - before(pl.col("now"), window)).abs())
        # Starts and changes of product make the tail of honest changes heavy, so it is the tail that is measured.
        spread = changes.with_columns(spread=(pl.col("change").quantile(TAIL) / TAIL_DEVIATIONS).over(by))
        both = shown.join(spread.select(ROW, "now", "spread"), on=ROW, how="left", maintain_order="left")
        return _fallen(both)

    def _fallen(both: pl.LazyFrame) -> pl.LazyFrame:
        """Compare the level before each calibration with that after it, moment by moment."""
        opens = pl.col("checks") & ~before(pl.col("checks")).fill_null(value=False)
        row = pl.int_range(pl.len(), dtype=pl.Int64)
        counted = pl.col("usable").cast(pl.Int64).cum_sum()
        marked = both.with_columns(opens=opens, row=row, counted=counted, last=pl.when("usable").then(row).forward_fill())
        at_opening = pl.when("opens")
        known = marked.with_columns(
            before=at_opening.then(pl.col("now").forward_fill().shift(1)).forward_fill(),
            opened=at_opening.then(start).forward_fill(),
            opened_row=at_opening.then("row").forward_fill(),
            since=counted - at_opening.then("counted").forward_fill(),
            idle=at_opening.then(row - pl.col("last")).forward_fill(),
        )
        own = pl.col("opened_row") - pl.col("idle") >= pl.col("row") - pl.col(PLACE)
        down = pl.when(own).then(pl.col("before") - pl.col("now"))
        fallen = known.with_columns(down=down, score=down / pl.max_horizontal("spread", pl.lit(0.02)))
        # What stood still in between may well come back different.
        near_time = (pl.col("row") - pl.col("opened_row") <= 3 * window) & (pl.col("idle") <= window)
        timely = pl.col("since").is_between(window, 2 * window) & near_time & (pl.col("before") >= (high * bound).log())
        fires = timely & (pl.col("down") >= least) & (pl.col("score") >= deviations)
        fired = fallen.with_columns(fires=fires.fill_null(value=False)).with_columns(
            fired=pl.col("fires").cast(pl.Int8).cum_max().over("opened_row")
        )
        found = fired.with_columns(found=((pl.col("fired") > 0) & (pl.col("down") >= least / 2)).fill_null(value=False))
        return found.with_columns(began=pl.when("found").then("opened"))

    return judged(frame, name, pl.lit(value=True), work, by)
