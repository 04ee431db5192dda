"""Values that drop when the inspectors sleep."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import PLACE, POINT, Frame, alive, before, judged, with_began

EDGE = 2
"""Hours on each side of an edge that are compared [h]."""

MEAN_TO_DEVIATION = 1.2533
"""Standard deviation of a normal number over its mean absolute value."""


def night_shift(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    night: tuple[int, int] = (22, 6),
    nights: int = 4,
    least: int = 3,
    shift: float = 0.25,
    deviations: float = 5.0,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "night_shift",
) -> Frame:
    """Find values that fall at the same hour each evening and rise at the same hour each morning, at once and not gradually.

    Parameters:
        value: column of values [any unit, positive], hours in time order, shape (rows,).
        running: Boolean column: the plant runs. A plant that stops at night has no night to compare.
        night: first hour of the night and first hour of the day [h]; GB 3096 calls 22:00 to 06:00 night, and night prices of
            electricity begin near.
        nights: nights looked back [1]; `least` of them must have values on both sides of both edges.
        shift: smallest mean step [1], as a share: the natural course of a day changes two neighbouring pairs of hours by a few percent, and
            instruments agree within 15 %.
        deviations: least mean step in standard errors [1]; the spread of a step is learnt from the same differences at noon, which no
            night shift touches. Each of the nights must show at least half of `shift`: what comes and goes is work, not a shift.

    Returns:
        The frame with `name`, ``NAME_score`` [standard errors] and ``NAME_began`` (evening of the first of the nights). It shows from the
        end of the morning step on, for a day.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 9), "1h", eager=True, closed="left")
        >>> frame = pl.DataFrame({"point": "a", "start": hours, "so2": [20 + 3 * ((hour * 0.61803) % 1) for hour in range(192)]})
        >>> dark = ((pl.col("start").dt.hour() >= 22) | (pl.col("start").dt.hour() < 6)) & (pl.col("start") > datetime(2026, 1, 3, 12))
        >>> frame = frame.with_columns(shown=pl.when(dark).then(0.4 * pl.col("so2")).otherwise("so2"))
        >>> night_shift(frame, "shown")["night_shift"].any(), night_shift(frame, "so2")["night_shift"].any()
        (True, False)
    """
    begin, end = night

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        daily = live.group_by([*by, _day(start).alias("day")]).agg(**_jumps(value, start, night))
        return _judge_nights(live, daily.sort(*by, "day"))

    def _judge_nights(live: pl.LazyFrame, daily: pl.LazyFrame) -> pl.LazyFrame:
        def over_nights(column: str, how: str) -> pl.Expr:
            expression: pl.Expr = getattr(pl.col(column), f"rolling_{how}_by")("day", f"{nights}d", min_samples=least)
            return expression.over(by)

        known = daily.filter(pl.col("step").is_not_null())
        figures = known.with_columns(
            mean=over_nights("step", "mean"),
            weakest=over_nights("step", "min"),
            spread=pl.max_horizontal(pl.col("calm").mean() * MEAN_TO_DEVIATION, pl.lit(0.02)).over(by),
            weaker=pl.min_horizontal(over_nights("evening", "mean"), over_nights("morning", "mean")),
            count=pl.col("step").is_finite().cast(pl.Float64).rolling_sum_by("day", f"{nights}d", min_samples=least).over(by),
        )
        scored = figures.with_columns(score=pl.col("mean") / pl.col("spread") * pl.col("count").sqrt())
        sizeable = (pl.col("mean") >= shift) & (pl.min_horizontal("weaker", "weakest") >= shift / 2)
        first = pl.col("day").dt.offset_by(f"{begin}h")
        held = scored.with_columns(
            (pl.int_range(pl.len(), dtype=pl.Int64).over(by)).alias(PLACE), found=sizeable & (pl.col("score") >= deviations)
        )
        found = with_began(held, before(first, least - 1))
        # A night is known when the morning step is over: what is found shows from then on to the next.
        shown = found.select(*by, shown=pl.col("day").dt.offset_by(f"{24 + end + EDGE}h"), found="found", score="score", began="began")
        dated = live.with_columns(shown=(pl.col(start).dt.offset_by(f"-{end + EDGE}h").dt.truncate("1d")).dt.offset_by(f"{end + EDGE}h"))
        return dated.join(shown, on=[*by, "shown"], how="left", maintain_order="left")

    return judged(frame, name, alive(value, running) & (pl.col(value) > 0), work, by)


def _day(start: str) -> pl.Expr:
    """Days from noon to noon, so that a night lies in one of them."""
    return pl.col(start).dt.offset_by("-12h").dt.truncate("1d")


def _jumps(value: str, start: str, night: tuple[int, int]) -> dict[str, pl.Expr]:
    """Logarithmic steps of one day: down in the evening, up in the morning, the mean of both, and what noon shows by itself."""
    begin, end = night
    hour = pl.col(start).dt.hour()

    def around(edge: int, first: int) -> pl.Expr:
        wanted = [(edge + first + step) % 24 for step in range(EDGE)]
        return pl.col(value).log().filter(hour.is_in(wanted)).mean()

    def jump(edge: int) -> pl.Expr:
        return around(edge, 0) - around(edge, -EDGE)

    quiet = (14, 16, 18) if begin >= 20 else (12, 14, 16)
    return {
        "step": (jump(end) - jump(begin)) / 2,
        "evening": -jump(begin),
        "morning": jump(end),
        "calm": pl.concat_list([jump(edge).abs() for edge in quiet]).list.mean(),
    }
