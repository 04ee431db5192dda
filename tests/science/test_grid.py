"""A complete grid of hours is recognised, and made where hours are absent."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw
import polars as pl
import pytest

from bilan.science.grid import complete_days, is_complete

START = datetime(2026, 3, 1)


def grid(points: str = "ab", days: int = 2) -> pl.DataFrame:
    hours = pl.datetime_range(START, interval="1h", end=START.replace(month=4), eager=True, time_unit="us")[: 24 * days]
    return pl.DataFrame({"point": list(points)}).join(pl.DataFrame({"start": hours}), how="cross").with_columns(x=1.0)


def complete(frame: pl.DataFrame) -> bool:
    return is_complete(nw.from_native(frame, eager_only=True))


def test_whole_days_are_complete_even_when_a_day_between_is_absent():
    assert complete(grid())
    assert complete(grid(days=3).filter(pl.col("start").dt.day() != 2))
    assert complete(grid()[:0])


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame[1:],
        lambda frame: frame[:-1],
        lambda frame: frame.filter(pl.int_range(pl.len()) != 30),
        lambda frame: frame.filter(~pl.int_range(pl.len()).is_in([3, 30]))[:-22],
        lambda frame: frame.sort("start", "point"),
        lambda frame: frame.reverse(),
        lambda frame: pl.concat([frame, frame]),
        lambda frame: frame.with_columns(pl.col("start").dt.offset_by("30m")),
        lambda frame: frame.with_columns(pl.col("start").dt.offset_by("1h")),
    ],
    ids=["first", "last", "middle", "two", "by time", "backwards", "twice", "half hours", "shifted"],
)
def test_anything_else_is_not_complete(change):
    assert not complete(change(grid()))


def test_absent_hours_become_rows_of_nulls():
    frame = grid().filter(pl.col("start").dt.hour() % 5 != 0)
    whole = complete_days(nw.from_native(frame)).collect().to_native()
    assert complete(whole)
    assert whole.height == 96 and whole["x"].null_count() == 20


def test_the_day_before_can_come_along():
    whole = complete_days(nw.from_native(grid("a", 1)), day_before=True).collect().to_native()
    assert whole["start"].min() == datetime(2026, 2, 28) and whole.height == 48
