"""A complete grid of hours: every day that has an hour gets all twenty-four, so that windows can be counted in rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import narwhals as nw

from bilan.problems import BilanError, Problem
from bilan.science.engine import AnyFrame

HOURS = 24


def is_complete(frame: nw.DataFrame[Any]) -> bool:
    """Whether an eager frame is sorted by point and start and has each hour of each of its days once.

    Parameters:
        frame: columns ``point`` and ``start``.

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 3, 1), datetime(2026, 3, 1, 23), "1h", eager=True)
        >>> is_complete(nw.from_native(pl.DataFrame({"point": ["a"] * 24, "start": hours}), eager_only=True))
        True
    """
    if frame.is_empty():
        return True
    point, start = nw.col("point"), nw.col("start")
    before = frame.select("point", "start", point_before=point.shift(1), start_before=start.shift(1))
    plain = (point == nw.col("point_before")) & (start - nw.col("start_before") == nw.lit(timedelta(hours=1)))
    jumps = before.filter(~plain.fill_null(False))
    later = (point > nw.col("point_before")) | ((point == nw.col("point_before")) & (start > nw.col("start_before")))
    whole = (start.dt.hour() == 0) & (nw.col("start_before").dt.hour() == HOURS - 1)
    ends = frame.select(first=start.dt.hour().first(), last=start.dt.hour().last(), on_hour=(start.dt.minute() == 0).first()).row(0)
    return ends == (0, HOURS - 1, True) and bool(jumps.select((later & whole).fill_null(True).all()).row(0)[0])


def complete_days(frame: AnyFrame, *, day_before: bool = False) -> AnyFrame:
    """Give every (point, day) of the frame all its 24 hours; hours that were absent are rows of nulls.

    Parameters:
        frame: columns ``point``, ``start`` (start of the hour, naive wall time) and any others.
        day_before: also add the day before each day, for windows that reach back over midnight.

    Returns:
        The frame sorted by point and start, lazy.

    Raises:
        BilanError: an hour of a point is there twice (looked for on eager frames).
    """
    if isinstance(frame, nw.DataFrame):
        surplus = len(frame) - len(frame.select("point", "start").unique())
        if surplus:
            raise BilanError(Problem("air.duplicate_hours", {"value": surplus}))
    lazy = frame.lazy()
    days = lazy.select("point", day=nw.col("start").dt.date()).unique()
    if day_before:
        earlier = days.with_columns(day=nw.col("day").cast(nw.Datetime("us")).dt.offset_by("-1d").dt.date())
        days = nw.concat([days, earlier]).unique()
    midnight = nw.col("day").cast(nw.Datetime("us"))
    hours = nw.concat([days.select("point", start=midnight.dt.offset_by(f"{hour}h")) for hour in range(HOURS)])
    return hours.join(lazy, on=["point", "start"], how="left").sort("point", "start")
