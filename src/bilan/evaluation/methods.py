"""The methods of evaluation: which network each judges, over which spans, and what it calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import polars as pl

from bilan.evaluation import air, classes, emission, noise, water
from bilan.science.standards.noise.levels import FIRST
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
        span: what one verdict covers: ``hour``, ``day``, ``month``, or the hour of a ``sample`` taken by hand.
        judge: takes the store, points, begin, end and now; gives verdicts.
        kind: scale of its grades: ``aqi``, ``water``, ``sea``, ``groundwater``, or ``limits`` (1 within, 2 over).
        fresh: how long its newest verdict says how a point stands [s]; 0 for verdicts that never do.
        reach: how many hours after its own an hour's reading still counts.
        late: how many hours after midnight its days begin.
        together: whether points of one district must be judged together because the district gets a verdict too.
        sparse: whether a span of which nothing was said has no verdict; one that it had before is then withdrawn.
    """

    name: str
    network: str
    span: str
    judge: Judge
    kind: str
    fresh: int = 0
    reach: int = 0
    late: int = 0
    together: bool = False
    sparse: bool = False

    @property
    def interval(self) -> str:
        """Interval of the readings it takes."""
        return "sample" if self.span == "sample" else "hour"


_MONTH, _YEAR = 62 * DAY, 400 * DAY


def _classed(medium: classes.Medium, network: str, span: str, kind: str, fresh: int) -> Method:
    return Method(f"{medium.name}.{span}", network, span, partial(classes.judge, medium, span), kind, fresh=fresh, sparse=True)


METHODS = (
    Method("air.hour", "air", "hour", air.judge_hours, "aqi", fresh=3 * HOUR, together=True),
    Method("air.day", "air", "day", air.judge_days, "aqi", together=True),
    Method("water.hour", "surface_water", "hour", water.judge_hours, "water", fresh=3 * HOUR, reach=water.CARRY),
    Method("water.month", "surface_water", "month", water.judge_months, "water"),
    _classed(classes.SEA, "sea", "day", "sea", 3 * DAY),
    _classed(classes.SEA, "sea", "sample", "sea", _YEAR),
    _classed(classes.GROUNDWATER, "groundwater", "month", "groundwater", _MONTH),
    _classed(classes.GROUNDWATER, "groundwater", "sample", "groundwater", _YEAR),
    _classed(classes.DRINKING, "drinking", "month", "limits", _MONTH),
    _classed(classes.DRINKING, "drinking", "sample", "limits", _YEAR),
    Method("noise.day", "noise", "day", noise.judge_days, "limits", fresh=3 * DAY, late=FIRST, sparse=True),
    Method("emission.day", "source_gas", "day", emission.judge_days, "limits", fresh=3 * DAY, sparse=True),
    Method("emission.day", "source_water", "day", emission.judge_days, "limits", fresh=3 * DAY, sparse=True),
    Method("emission.hour", "source_gas", "hour", emission.judge_hours, "limits", sparse=True),
    Method("emission.hour", "source_water", "hour", emission.judge_hours, "limits", sparse=True),
)

KINDS = {method.name: method.kind for method in METHODS}
"""Method → scale of its grades."""


def current(network: str) -> list[Method]:
    """Methods whose newest verdict says how a point of a network stands.

    Examples:
        >>> [method.name for method in current("sea")]
        ['sea.day', 'sea.sample']
    """
    return [method for method in METHODS if method.network == network and method.fresh]


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
        own = hour - method.late * HOUR
        begin, end = span_of(method.span, own)[0], span_of(method.span, own + method.reach * HOUR)[1]
        if stretches and begin <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((begin, end))
    return stretches


def span_of(span: str, stamp: int) -> tuple[int, int]:
    """Begin and end of the hour, day or month that a moment lies in; a sample lies in its hour.

    Examples:
        >>> [moment(edge).isoformat() for edge in span_of("month", seconds(datetime(2028, 2, 29, 12)))]
        ['2028-02-01T00:00:00', '2028-03-01T00:00:00']
    """
    if span == "month":
        begin = moment(stamp).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        end = datetime(begin.year + begin.month // 12, begin.month % 12 + 1, 1)
        return seconds(begin), seconds(end)
    length = DAY if span == "day" else HOUR
    begin_stamp = stamp - stamp % length
    return begin_stamp, begin_stamp + length
