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
    if len(frame) % HOURS:
        return False
    point, start = nw.col("point"), nw.col("start")
    follows = frame.select(follows=(start.diff() == nw.lit(timedelta(hours=1))) & (point == point.shift(1)))["follows"]
    firsts = frame.select("point", "start").gather_every(HOURS)
    inside = int(follows.sum()) - int(follows.gather_every(HOURS).sum())
    later = (point > point.shift(1)) | ((point == point.shift(1)) & (start > start.shift(1)))
    sound = firsts.select(hour=(start.dt.hour() == 0).all(), minute=(start.dt.minute() == 0).all(), later=later.fill_null(True).all()).row(
        0
    )
    return inside == len(frame) - len(firsts) and all(sound)


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
        keys = frame.select("point", "start")
        surplus = len(frame) - len(keys.unique())
        if surplus:
            point, start = keys.filter(nw.struct("point", "start").is_duplicated()).row(0)
            raise BilanError(Problem("air.duplicate_hours", {"value": surplus, "point": point, "start": start}))
    lazy = frame.lazy()
    days = lazy.select("point", day=nw.col("start").dt.date()).unique()
    if day_before:
        earlier = days.with_columns(day=nw.col("day").cast(nw.Datetime("us")).dt.offset_by("-1d").dt.date())
        days = nw.concat([days, earlier]).unique()
    midnight = nw.col("day").cast(nw.Datetime("us"))
    hours = nw.concat([days.select("point", start=midnight.dt.offset_by(f"{hour}h")) for hour in range(HOURS)])
    return hours.join(lazy, on=["point", "start"], how="left").sort("point", "start")
