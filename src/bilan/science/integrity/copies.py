"""Values that were there before, or elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import CHANCE, POINT, Frame, alive, judged, with_began

LEAST_EQUAL = 8


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
        The frame with `name`, `name`_score [decades of chance], `name`_began, and `name`_of, the first of the other points. Both
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
        signed = _signed(live, value, least, different, by, start)
        here = [*among, start, "signature"]
        code = pl.concat_str([pl.col(column).cast(pl.String) for column in by], separator="|")
        named = signed.with_columns(code=code)
        informative = pl.col("signature").is_not_null()
        twins = named.with_columns(count=pl.len().over(here), first=pl.col("code").min().over(here), last=pl.col("code").max().over(here))
        other = pl.when(pl.col("first") == pl.col("code")).then("last").otherwise("first")
        known = twins.with_columns(of=pl.when(informative & (pl.col("count") > 1)).then(other))
        tried = 2 * pl.col("code").n_unique().log10() + pl.len().log10() - pl.col("code").n_unique().log10()
        scored = _scored(known, "of", value, least, tried, by)
        found = scored.with_columns(found=(pl.col("score") >= evidence).fill_null(value=False))
        return with_began(found, pl.col("begun"), by)

    return judged(frame, name, alive(value, running), work, also=("of",))


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
        The frame with `name`, `name`_score [decades of chance], `name`_began, and `name`_lag [d] since the original, which may lie
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
        signed = _signed(live, value, least, different, by, start)
        first = pl.col(start).min().over([*by, "signature"])
        seen = signed.with_columns(first=first)
        # A stretch may not be its own original: it has to have been over before this one began.
        ended = pl.col("first") < pl.col("signed_from")
        since = (pl.col(start) - pl.col("first")).dt.total_seconds() / 86400
        lagged = seen.with_columns(lag=pl.when(pl.col("signature").is_not_null() & ended).then(since))
        scored = _scored(lagged, "lag", value, least, 2 * pl.len().over(by).log10(), by)
        found = scored.with_columns(found=(pl.col("score") >= evidence).fill_null(value=False))
        return with_began(found, pl.col("begun"), by)

    return judged(frame, name, alive(value, running), work, also=("lag",))


def _scored(signed: pl.LazyFrame, of: str, value: str, least: int, tried: pl.Expr, by: Sequence[str]) -> pl.LazyFrame:
    """Add ``score``: decades of chance that so many values in a row equal those of the same original.

    Parameters:
        of: column that names the original; null where there is none.
        tried: decimal logarithm of how many comparisons were made.
    """
    step = (pl.col(value) - pl.col(value).shift(1)).over(by).round(6)
    stepped = signed.with_columns(step=step, same=(pl.col(of) == pl.col(of).shift(1)).fill_null(value=False).over(by))
    place = pl.int_range(pl.len(), dtype=pl.Int64).over(by)
    placed = stepped.with_columns(place=place)
    held = pl.col("place") - pl.when(~pl.col("same")).then("place").forward_fill().over(by) + least
    # The chance that two honest series take the same step is the sum of the squared shares of all steps.
    share = pl.len().over([*by, "step"]) / pl.len().over(by)
    shares = placed.with_columns(held=held, share=share)
    begun = pl.when(~pl.col("same")).then("signed_from").forward_fill().over(by)
    alike = shares.with_columns(alike=pl.col("share").mean().over(by), tried=tried, begun=begun)
    score = -pl.col("held") * pl.col("alike").log10() - pl.col("tried")
    return alike.with_columns(score=pl.when(pl.col(of).is_not_null()).then(score))


def _signed(live: pl.LazyFrame, value: str, least: int, different: int, by: Sequence[str], start: str) -> pl.LazyFrame:
    """Add ``signature``, one number for the last `least` values (null when they say little), and ``signed_from``."""
    last = [pl.col(value).shift(lag).over(by) for lag in range(least)]
    columns = [f"__last{lag}" for lag in range(least)]
    spread = live.with_columns(expression.alias(column) for expression, column in zip(last, columns, strict=True))
    kinds = pl.concat_list(columns).list.n_unique()
    complete = pl.col(columns[-1]).is_not_null() & (kinds >= different)
    signed = spread.with_columns(
        signature=pl.when(complete).then(pl.struct(columns).hash(seed=0)), signed_from=pl.col(start).shift(least - 1).over(by)
    )
    return signed.drop(columns)
