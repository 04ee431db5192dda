"""Parts of the calendar that analyses group by, with their words."""

from __future__ import annotations

import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.science.figures import Group, Words

_DAYS = ("一", "二", "三", "四", "五", "六", "日")
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: tuple[Group, ...] = tuple((str(n + 1), Words(f"周{zh}", en)) for n, (zh, en) in enumerate(zip(_DAYS, _DAYS_EN, strict=True)))
MONTHS: tuple[Group, ...] = tuple((str(n + 1), Words(f"{n + 1}月", en)) for n, en in enumerate(_MONTHS_EN))
HOURS: tuple[Group, ...] = tuple((str(hour), Words(en=str(hour))) for hour in range(24))
SEASONS: tuple[Group, ...] = (
    ("1", Words("春", "Spring")),
    ("2", Words("夏", "Summer")),
    ("3", Words("秋", "Autumn")),
    ("4", Words("冬", "Winter")),
)
WEEKENDS: tuple[Group, ...] = (("1", Words("工作日", "Weekdays")), ("2", Words("周末", "Weekend")))


def hour(time: str) -> pl.Expr:
    """Hour of the day 0–23."""
    return pl.col(time).dt.hour().cast(pl.Int32)


def weekday(time: str) -> pl.Expr:
    """Day of the week, Monday is 1."""
    return pl.col(time).dt.weekday().cast(pl.Int32)


def month(time: str) -> pl.Expr:
    """Month 1–12."""
    return pl.col(time).dt.month().cast(pl.Int32)


def season(time: str) -> pl.Expr:
    """Season, spring (March to May) is 1, winter 4."""
    return ((pl.col(time).dt.month().cast(pl.Int32) + 9) % 12 // 3 + 1).cast(pl.Int32)


def year(time: str) -> pl.Expr:
    """Year."""
    return pl.col(time).dt.year().cast(pl.Int32)


def weekend(time: str) -> pl.Expr:
    """1 from Monday to Friday, 2 on Saturday and Sunday."""
    return pl.when(weekday(time) > 5).then(2).otherwise(1).cast(pl.Int32)


_PARTS = {"hour": hour, "weekday": weekday, "month": month, "season": season, "year": year, "weekend": weekend}


def part(name: str, time: str) -> pl.Expr:
    """A part of the calendar by its name: hour, weekday, month, season, year, weekend.

    Raises:
        BilanError: there is no such part.
    """
    if name not in _PARTS:
        raise BilanError(Problem("analysis.choice", {"value": name, "nearest": nearest(name, _PARTS), "allowed": list(_PARTS)}))
    return _PARTS[name](time)
