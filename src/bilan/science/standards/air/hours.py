"""The hourly (real-time) air quality index."""

from __future__ import annotations

from typing import TypeVar

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, like, need, run
from bilan.science.standards.air.iaqi import scale
from bilan.science.standards.air.pollutants import columns
from bilan.science.standards.air.sliding import SLIDING, with_sliding
from bilan.science.standards.air.verdict import items, judge
from bilan.science.standards.air.versions import AUTO, versions_in

Native = TypeVar("Native")

METHODS = ("published", "text")


def judge_hours(frame: Native, standard: str = AUTO, *, method: str = "published") -> Native:
    """Judge every hour of every point: indices, AQI, level, primary pollutants.

    Parameters:
        frame: ``point``, ``start`` (naive start of the hour) and means of the hour ``so2, no2, o3, pm10, pm25`` [µg/m³], ``co``
            [mg/m³]; absent columns count as missing. ``o3_8h``, ``pm10_24h``, ``pm25_24h``, ``so2_24h`` [µg/m³] are taken when
            there and computed from the hours when a rule needs them.
        standard: ``auto`` (by the day of each row), ``2012`` or ``2026``.
        method: for HJ 633-2012 only. ``published`` judges the hour's particles by the 24 h breakpoints and leaves the 8 h ozone out,
            as the national real-time publication does; ``text`` takes the sliding means that 5.1.3 writes.

    Returns:
        The rows with ``iaqi_<pollutant>``, ``aqi``, ``level`` (1 to 6), ``primary`` (symbols joined by commas, empty up to 50),
        ``missing`` (symbols without an index), ``reason`` (ids of rules that bent the ordinary path), ``valid`` (an AQI stands),
        ``standard``, ``version``.

    Raises:
        BilanError: a column is missing, the standard or method unknown, or an hour is there twice where windows are counted.

    Reference:
        HJ 633-2012, 4 and 5.1.3; HJ 633-2026, 4.2.3, 4.3 and 5.3.1.

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> hour = {"point": ["a"], "start": [datetime(2026, 3, 1, 8)], "so2": [9], "no2": [41], "co": [0.8], "o3": [64], "pm10": [119],
        ...         "pm25": [61]}
        >>> judge_hours(pl.DataFrame(hour)).select("iaqi_pm10", "iaqi_pm25", "aqi", "level", "primary").row(0)
        (100, 101, 101, 3, 'PM2.5')
    """
    check_method(method)

    def rule(given: AnyFrame) -> AnyFrame:
        check_rows(given, "start")
        wanted = _sliding_wanted(given, standard, method)
        original = given.collect_schema().names()
        whole = like(with_sliding(given, *wanted), given) if wanted else given
        judged = judge(whole, "start", "hour", standard, method)
        kept = wanted if method == "text" else ()
        extra = [name for name in judged.collect_schema().names() if name not in (*original, *SLIDING)]
        return judged.select(*original, *kept, *extra)

    return run(frame, rule)


def check_method(method: str) -> None:
    """Check the name of a method.

    Raises:
        BilanError: it is neither ``published`` nor ``text``.
    """
    if method not in METHODS:
        raise BilanError(Problem("air.unknown_method", {"value": method, "allowed": METHODS, "nearest": nearest(method, METHODS)}))


def check_rows(frame: AnyFrame, moment: str) -> None:
    """Check the columns of a frame of hours or days.

    Raises:
        BilanError: ``point``, the time or every pollutant is missing, or the time is not a naive time.
    """
    need(frame, "point", moment, code="air.missing_column")
    schema = frame.collect_schema()
    kind = schema[moment]
    if not (kind == nw.Date or (kind == nw.Datetime and getattr(kind, "time_zone", None) is None)):
        raise BilanError(Problem("air.not_a_time_column", {"value": moment, "found": str(kind)}))
    known = (*columns(), *SLIDING)
    if not any(name in schema for name in known):
        raise BilanError(Problem("air.no_pollutant", {"value": schema.names(), "allowed": known}))


def _sliding_wanted(frame: AnyFrame, standard: str, method: str) -> tuple[str, ...]:
    """Sliding means that a rule needs, the frame does not bring, and its hours can give."""
    names = frame.collect_schema().names()
    wanted: dict[str, None] = {}
    for version in versions_in(frame, "start", standard):
        for item in items(version, "hour", method):
            if item.column in SLIDING:
                wanted[item.column] = None
            if item.fallback_column and _reaches(frame, item.column, scale(version, item.pollutant.symbol, item.period).top):
                wanted[item.fallback_column] = None
    return tuple(column for column in wanted if column not in names and SLIDING[column][0] in names)


def _reaches(frame: AnyFrame, column: str, top: float) -> bool:
    """Whether a column may hold a value above `top`; a lazy frame may."""
    if column not in frame.collect_schema().names():
        return False
    return isinstance(frame, nw.LazyFrame) or bool(frame.select((nw.col(column) > top).any())[column][0])
