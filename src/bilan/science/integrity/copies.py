"""Values that were there before, or elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import POINT, Frame, alive, judged, with_began

LEAST_EQUAL = 8


def copied_points(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    least: int = LEAST_EQUAL,
    different: int = 4,
    among: Sequence[str] = (),
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "copied_points",
) -> Frame:
    """Find values that equal those of another point, moment by moment.

    Parameters:
        value: column of values as reported [any unit], shape (rows,), in time order.
        running: Boolean column: the plant runs.
        least: equal live moments in a row [1]. Two honest series with a hundred readings in use agree at one moment in a hundred; eight
            in a row among all pairs of 1,500 sources happen by chance less than once in a thousand years.
        different: how many different values must be among them, so that two constant series are no copies of each other.
        among: columns within which copies are looked for, such as the parameter.

    Returns:
        The frame with `name`, `name`_score (points that show the same), `name`_began, and `name`_of, the first of the other points. Both
        sides are found: which one is the original, numbers alone cannot tell.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 1, 23), "1h", eager=True)
        >>> nox = [round(90 + 40 * ((hour * 0.61803) % 1), 1) for hour in range(24)]
        >>> mine = pl.DataFrame({"point": "a", "start": hours, "nox": nox})
        >>> frame = copied_points(pl.concat([mine, mine.with_columns(point=pl.lit("b"))]), "nox")
        >>> frame["copied_points"].sum(), frame["copied_points_of"][-1], frame["copied_points_began"][-1].hour
        (34, 'a', 0)
    """

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        signed = _signed(live, value, least, different, by, start)
        here = [*among, start, "signature"]
        code = pl.concat_str([pl.col(column).cast(pl.String) for column in by], separator="|")
        named = signed.with_columns(code=code)
        informative = pl.col("signature").is_not_null()
        twins = named.with_columns(count=pl.len().over(here), first=pl.col("code").min().over(here), last=pl.col("code").max().over(here))
        other = pl.when(pl.col("first") == pl.col("code")).then("last").otherwise("first")
        found = twins.with_columns(
            found=informative & (pl.col("count") > 1),
            score=pl.when(informative).then(pl.col("count") - 1),
        ).with_columns(of=pl.when("found").then(other))
        return with_began(found, pl.col("signed_from"), by)

    return judged(frame, name, alive(value, running), work, also=("of",))


def copied_days(
    frame: Frame,
    value: str = "value",
    *,
    running: str | None = None,
    least: int = LEAST_EQUAL,
    different: int = 5,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "copied_days",
) -> Frame:
    """Find stretches of values that the same series has shown before, as replayed recordings do.

    Parameters:
        value: column of values as reported [any unit], shape (rows,), in time order.
        running: Boolean column: the plant runs.
        least: equal live moments in a row [1].
        different: how many different values must be among them; slow, coarse series repeat short patterns honestly.

    Returns:
        The frame with `name`, `name`_score [days since the original] and `name`_began. The original lies anywhere in the frame.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 3, 23), "1h", eager=True)
        >>> day = [round(90 + 40 * ((hour * 0.61803) % 1), 1) for hour in range(48)]
        >>> frame = copied_days(pl.DataFrame({"point": "a", "start": hours, "nox": day[:48] + day[24:]}), "nox")
        >>> frame["copied_days"].sum(), frame["copied_days_score"][-1], frame["copied_days_began"][-1].day
        (17, 1.0, 3)
    """

    def work(live: pl.LazyFrame) -> pl.LazyFrame:
        signed = _signed(live, value, least, different, by, start)
        first = pl.col(start).min().over([*by, "signature"])
        seen = signed.with_columns(first=first)
        # A stretch may not be its own original: it has to have been over before this one began.
        ended = pl.col("first") < pl.col("signed_from")
        since = (pl.col(start) - pl.col("first")).dt.total_seconds() / 86400
        known = pl.col("signature").is_not_null() & ended
        found = seen.with_columns(found=known, score=pl.when(known).then(since))
        return with_began(found, pl.col("signed_from"), by)

    return judged(frame, name, alive(value, running), work)


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
