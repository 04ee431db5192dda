"""The methods of evaluation: which network each judges, over which spans, and what it calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from bilan.evaluation import air, water
from bilan.telemetry.clock import DAY, HOUR, moment, seconds
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

Judge = Callable[[Store, Sequence[Point], int, int, int], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to judge the points of a network.

    Attributes:
        name: the method's name in verdicts.
        network: whose points it judges.
        span: what one verdict covers: ``hour``, ``day`` or ``month``.
        reach: how many hours after its own an hour's reading still counts.
        judge: takes the store, points, begin, end and now; gives verdicts.
        together: whether points of one district must be judged together because the district gets a verdict too.
    """

    name: str
    network: str
    span: str
    judge: Judge
    reach: int = 0
    together: bool = False


METHODS = (
    Method("air.hour", "air", "hour", air.judge_hours, together=True),
    Method("air.day", "air", "day", air.judge_days, together=True),
    Method("water.hour", "surface_water", "hour", water.judge_hours, reach=water.CARRY),
    Method("water.month", "surface_water", "month", water.judge_months),
)


def spans(method: Method, hours: Sequence[int]) -> list[tuple[int, int]]:
    """Merge the spans that readings of these hours can change into as few stretches as possible.

    Args:
        method: the method of evaluation.
        hours: starts of hours [s of the wall clock], in any order.

    Returns:
        Begin and end of each stretch [s of the wall clock], in order and apart from each other.

    Examples:
        >>> day = next(method for method in METHODS if method.name == "air.day")
        >>> spans(day, [3600, 7200, 90000])
        [(0, 172800)]
    """
    stretches: list[tuple[int, int]] = []
    for hour in sorted(set(hours)):
        begin, end = span_of(method.span, hour)[0], span_of(method.span, hour + method.reach * HOUR)[1]
        if stretches and begin <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((begin, end))
    return stretches


def span_of(span: str, stamp: int) -> tuple[int, int]:
    """Begin and end of the hour, day or month that a moment lies in.

    Examples:
        >>> [moment(edge).isoformat() for edge in span_of("month", seconds(datetime(2028, 2, 29, 12)))]
        ['2028-02-01T00:00:00', '2028-03-01T00:00:00']
    """
    if span == "month":
        begin = moment(stamp).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        end = datetime(begin.year + begin.month // 12, begin.month % 12 + 1, 1)
        return seconds(begin), seconds(end)
    length = {"hour": HOUR, "day": DAY}[span]
    begin_stamp = stamp - stamp % length
    return begin_stamp, begin_stamp + length
