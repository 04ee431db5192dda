"""Values that were there before, or elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import CHANCE, PLACE, POINT, ROW, Frame, alive, before, judged, rolled, with_began

LEAST_EQUAL = 8
ODD = 0x9E3779B97F4A7C15
"""Multiplier whose powers scatter the places of a signature (2^64 over the golden ratio)."""


def copied_points(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    least: int = LEAST_EQUAL,
    different: int = 4,
    evidence: float = CHANCE,
    among: Sequence[str] = (),
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "copied_points",
) -> Frame:
    """Find values that equal those of another point, moment by moment.

    Parameters:
        value: column of values as reported [any unit], shape (rows,), in time order.
        running: Boolean column: the plant runs.
        least: equal live moments in a row [1] below which nothing is said.
        different: how many different values must be among them, so that two constant series are no copies of each other.
        among: columns within which copies are looked for, such as the parameter.
        evidence: decades of chance, after all pairs of points at all moments have been tried. How much one more equal value tells is learnt
            from the steps of the series: much when they differ, little when it is coarse and calm.

    Returns:
        The frame with `name`, ``NAME_score`` [decades of chance], ``NAME_began``, and ``NAME_of``, the first of the other points. Both
        sides are found: which one is the original, numbers alone cannot tell.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 1, 23), "1h", eager=True)
        >>> nox = [round(90 + 40 * ((hour * 0.61803) % 1), 1) for hour in range(24)]
        >>> mine = pl.DataFrame({"point": "a", "start": hours, "nox": nox})
        >>> frame = copied_points(pl.concat([mine, mine.with_columns(point=pl.lit("b"))]), "nox")
        >>> frame["copied_points"].sum(), frame["copied_points_of"][-1], frame["copied_points_began"][-1].hour
        (16, 'a', 0)
    """

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        signed = _signed(live, value, least, different, start)
        here = pl.struct(*among, start, "signature").hash()
        alike = signed.filter(pl.col("signature").is_not_null()).with_columns(here=here).filter(pl.col("here").is_duplicated())
        code = pl.concat_str([pl.col(column).cast(pl.String) for column in by], separator="|")
        pairs = alike.with_columns(code=code).with_columns(first=pl.col("code").min().over("here"), last=pl.col("code").max().over("here"))
        other = pairs.select(ROW, of=pl.when(pl.col("first") == pl.col("code")).then("last").otherwise("first"))
        tried = pl.struct(*by).n_unique().log10() + pl.len().log10()
        return _judge(signed.with_columns(tried=tried), other, value, least, evidence, by)

    return judged(frame, name, alive(value, running), work, by, also=("of",))


def copied_days(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    least: int = LEAST_EQUAL,
    different: int = 5,
    evidence: float = CHANCE,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "copied_days",
) -> Frame:
    """Find stretches of values that the same series has shown before, as replayed recordings do.

    Parameters:
        value: column of values as reported [any unit], shape (rows,), in time order.
        running: Boolean column: the plant runs.
        least: equal live moments in a row [1] below which nothing is said.
        different: how many different values must be among them.
        evidence: decades of chance, after all pairs of moments have been tried; see `copied_points`. Slow, coarse series repeat short
            patterns honestly, so they must repeat longer ones.

    Returns:
        The frame with `name`, ``NAME_score`` [decades of chance], ``NAME_began``, and ``NAME_lag`` [d] since the original, which may lie
        anywhere in the frame.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 3, 23), "1h", eager=True)
        >>> day = [round(90 + 40 * ((hour * 0.61803) % 1), 1) for hour in range(48)]
        >>> frame = copied_days(pl.DataFrame({"point": "a", "start": hours, "nox": day[:48] + day[24:]}), "nox")
        >>> frame["copied_days"].sum(), frame["copied_days_lag"][-1], frame["copied_days_began"][-1].day
        (4, 1.0, 3)
    """

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        signed = _signed(live, value, least, different, start)
        here = pl.struct(*by, "signature").hash()
        alike = signed.filter(pl.col("signature").is_not_null()).with_columns(here=here).filter(pl.col("here").is_duplicated())
        first = alike.with_columns(first=pl.col(start).min().over("here"))
        # A stretch may not be its own original: it has to have been over before this one began.
        later = first.filter(pl.col("first") < pl.col("signed_from"))
        lag = later.select(ROW, of=(pl.col(start) - pl.col("first")).dt.total_seconds() / 86400)
        tried = signed.with_columns(tried=2 * (pl.col(PLACE).max() + 1).over(by).log10())
        return _judge(tried, lag, value, least, evidence, by).with_columns(lag=pl.col("of"))

    return judged(frame, name, alive(value, running), work, by, also=("lag",))


def _signed(live: pl.LazyFrame, value: str, least: int, different: int, start: str) -> pl.LazyFrame:
    """Add ``signature``, one number for the last `least` values (null when they say little), and ``signed_from``."""
    number = pl.col(value).hash(seed=0)
    mixed = pl.sum_horizontal(number.shift(lag) * pl.lit(ODD**lag % 2**64, dtype=pl.UInt64) for lag in range(least))
    changed = (pl.col(value) != pl.col(value).shift(1)).cast(pl.Float64)
    changes = rolled(changed, "sum", least - 1)
    telling = (changes >= different - 1) & (pl.col(PLACE) >= least - 1)
    return live.with_columns(signature=pl.when(telling).then(mixed), signed_from=before(pl.col(start), least - 1))


def _judge(signed: pl.LazyFrame, original: pl.LazyFrame, value: str, least: int, evidence: float, by: Sequence[str]) -> pl.LazyFrame:
    """Say where so many values in a row equal those of one original that it can be no chance.

    Parameters:
        signed: live moments with ``tried``, decimal logarithm of how many comparisons were made.
        original: column ``of``, which names the original of a row, for the rows that have one.
    """
    joined = signed.join(original, on=ROW, how="left", maintain_order="left")
    named = joined.filter(pl.col("of").is_not_null().any().over(by))
    step = (pl.col(value) - before(pl.col(value))).round(6)
    stepped = named.with_columns(step=step, fresh=(pl.col("of") != before(pl.col("of"))).fill_null(value=True))
    # The chance that two honest series take the same step is the sum of the squared shares of all steps.
    shares = stepped.with_columns(share=pl.len().over([*by, "step"]) / pl.len().over(by))
    alike = shares.with_columns(alike=pl.col("share").mean().over(by))
    first = pl.when("fresh")
    held = pl.col(PLACE) - first.then(PLACE).forward_fill() + least
    score = pl.when(pl.col("of").is_not_null()).then(-held * pl.col("alike").log10() - pl.col("tried"))
    scored = alike.with_columns(score=score, begun=first.then("signed_from").forward_fill())
    return with_began(scored.with_columns(found=pl.col("score") >= evidence), pl.col("begun"))
