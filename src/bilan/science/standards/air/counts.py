"""Counting days: good, heavily polluted, blue-sky, and by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import narwhals as nw

from bilan.science.engine import AnyFrame, need, run
from bilan.science.rounding import half_even
from bilan.science.standards.air.periods import PERIODS, check_period
from bilan.science.tables import table

Native = TypeVar("Native")

LEVELS = range(1, 7)


@dataclass(frozen=True, slots=True)
class DayDefinition:
    """A kind of day that is counted: days whose columns meet every condition (column, comparator, value)."""

    name: str
    conditions: tuple[tuple[str, str, float], ...]


@cache
def day_definitions() -> tuple[DayDefinition, ...]:
    """Kinds of days counted unless others are given: ``good``, ``heavy``, ``blue_sky``.

    Examples:
        >>> day_definitions()[0]
        DayDefinition(name='good', conditions=(('aqi', '<=', 100.0),))
    """
    names = dict.fromkeys(row["name"] for row in table("air_day_definitions"))
    return tuple(
        DayDefinition(
            name,
            tuple((row["column"], row["comparator"], float(row["value"])) for row in table("air_day_definitions") if row["name"] == name),
        )
        for name in names
    )


def good_days(days: Native, by: str = "month", definitions: Sequence[DayDefinition] = ()) -> Native:
    """Count good, heavily polluted and blue-sky days and the days of each level.

    Parameters:
        days: judged days (`judge_days`, `city_days`): ``point``, ``day``, ``aqi``, ``level`` and any column that a definition reads.
        by: ``month``, ``quarter`` or ``year``.
        definitions: kinds of days instead of the table's; a city that declares its own blue-sky day gives it here.

    Returns:
        ``point``, ``period``, ``days`` (valid days: those with an AQI), a count of each kind, ``ratio`` (days of the first kind
        over valid days [%], one decimal) and ``level_1`` to ``level_6``.

    Raises:
        BilanError: a column is missing or the period unknown.

    Reference:
        HJ 633, HJ 663: days of AQI up to 100 over valid days.

    Examples:
        >>> import polars as pl
        >>> from datetime import date
        >>> days = [date(2026, 3, day) for day in (1, 2, 3)]
        >>> days = pl.DataFrame({"point": ["a"] * 3, "day": days, "aqi": [60, 120, None], "level": [2, 3, None]})
        >>> good_days(days).select("days", "good", "ratio").row(0)
        (2, 1, 50.0)
    """
    check_period(by)
    kinds = tuple(definitions) or day_definitions()

    def rule(given: AnyFrame) -> AnyFrame:
        read = {column for kind in kinds for column, _, _ in kind.conditions}
        need(given, "point", "day", "aqi", "level", *sorted(read), code="air.missing_column")
        period = nw.col("day").cast(nw.Datetime("us")).dt.truncate(PERIODS[by][0]).dt.date()
        valid = ~nw.col("aqi").is_null()
        flags = {kind.name: _meets(kind) & valid for kind in kinds}
        flags |= {f"level_{level}": nw.col("level") == level for level in LEVELS}
        frame = given.lazy().select("point", period=period, days=valid.cast(nw.Int32), **{name: _one(flag) for name, flag in flags.items()})
        summed = frame.group_by("point", "period").agg(*(nw.col(name).sum().cast(nw.Int32).alias(name) for name in ("days", *flags)))
        ratio = nw.when(nw.col("days") > 0).then(half_even(nw.col(kinds[0].name) * 100.0 / nw.col("days"), 1))
        return summed.with_columns(ratio=ratio).sort("point", "period")

    return run(days, rule)


def _one(flag: nw.Expr) -> nw.Expr:
    return nw.when(flag).then(nw.lit(1)).otherwise(nw.lit(0))


def _meets(kind: DayDefinition) -> nw.Expr:
    """Whether a row meets every condition of a kind."""
    compare = {
        "<=": lambda column, value: nw.col(column) <= value,
        "<": lambda column, value: nw.col(column) < value,
        ">=": lambda column, value: nw.col(column) >= value,
        ">": lambda column, value: nw.col(column) > value,
    }
    return nw.all_horizontal(*(compare[sign](column, value) for column, sign, value in kind.conditions), ignore_nulls=False)
