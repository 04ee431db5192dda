"""Which version of HJ 633 judges a reading: the one in force on the reading's day, or one that is forced."""

from __future__ import annotations

from datetime import date
from functools import cache

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame
from bilan.science.tables import starts, table

AUTO = "auto"


@cache
def versions() -> dict[str, date]:
    """Versions of the index with their first day, oldest first."""
    return starts(table("air_iaqi"))


def check_standard(standard: str) -> str:
    """Give back a standard's choice that is known.

    Raises:
        BilanError: it is neither ``auto`` nor a version; the problem names the nearest.
    """
    allowed = [AUTO, *versions()]
    if standard not in allowed:
        raise BilanError(Problem("air.unknown_standard", {"value": standard, "allowed": allowed, "nearest": nearest(standard, allowed)}))
    return standard


def version_on(day: date, standard: str = AUTO) -> str:
    """Version that judges data of a day; days before the first version's start fall to the first.

    Examples:
        >>> version_on(date(2026, 2, 28)), version_on(date(2026, 3, 1)), version_on(date(2014, 1, 1))
        ('2012', '2026', '2012')
    """
    if check_standard(standard) != AUTO:
        return standard
    return [version for version, begin in versions().items() if begin <= day][-1] if day >= next(iter(versions().values())) else "2012"


def version_column(day: nw.Expr, standard: str = AUTO) -> nw.Expr:
    """Version that judges each row, from the row's day.

    Parameters:
        day: expression of dates.
        standard: ``auto`` or the version to force.
    """
    names = list(versions())
    if check_standard(standard) != AUTO:
        return nw.lit(standard)
    chosen: nw.Expr = nw.lit(names[0])
    for name in names[1:]:
        chosen = nw.when(day >= nw.lit(versions()[name])).then(nw.lit(name)).otherwise(chosen)
    return chosen


def versions_in(frame: AnyFrame, moment: str, standard: str = AUTO) -> tuple[str, ...]:
    """Versions that can occur in a frame: those between its first and last moment when it is eager, else all.

    Parameters:
        frame: has the column `moment` of dates or times.
    """
    if check_standard(standard) != AUTO:
        return (standard,)
    names = tuple(versions())
    if isinstance(frame, nw.LazyFrame) or frame.is_empty():
        return names
    day = nw.col(moment).dt.date() if frame.schema[moment] != nw.Date else nw.col(moment)
    first, last = frame.select(first=day.min(), last=day.max()).row(0)
    if first is None:
        return names
    return names[names.index(version_on(first)) : names.index(version_on(last)) + 1]
