"""Where the values of an interval are kept: the hot table, and the partition of the lake."""

from __future__ import annotations

from datetime import datetime

from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry.clock import moment, seconds
from bilan.telemetry.model import Interval

OBSERVATION_COLUMNS = ("series", "start", "seconds", "value", "flag", "quality", "arrived", "source")

_STAMP_LENGTH = {Interval.INSTANT: 10, Interval.MINUTE: 10, Interval.HOUR: 7, Interval.DAY: 4, Interval.SAMPLE: 4}
"""How much of YYYY-MM-DD names a partition: a day, a month, a year."""

DAY_STAMP = 10
"""Length of the name of a partition of one day."""


_FIRST, _LAST = seconds(datetime(1, 1, 1)), seconds(datetime(9999, 12, 31))


def known(interval: str) -> Interval:
    """Check the name of an interval.

    Raises:
        BilanError: no such interval; the message names the nearest.

    Examples:
        >>> known("hour")
        <Interval.HOUR: 'hour'>
    """
    allowed = [str(member) for member in Interval]
    if interval not in allowed:
        raise BilanError(Problem("store.unknown_interval", {"value": interval, "allowed": allowed, "nearest": nearest(interval, allowed)}))
    return Interval(interval)


def table(interval: str) -> str:
    """Name of the hot table of an interval.

    Examples:
        >>> table("hour")
        'obs_hour'
    """
    return f"obs_{known(interval)}"


def stamp_length(kind: str) -> int:
    """How many characters of an ISO date name the partitions of `kind`: an interval, or a method of verdicts like ``air.hour``.

    Examples:
        >>> stamp_length("minute"), stamp_length("air.hour"), stamp_length("water.month")
        (10, 7, 4)
    """
    span = kind.rpartition(".")[2]
    return _STAMP_LENGTH[Interval(span)] if span in set(Interval) else 4


def partition(kind: str, start: int) -> str:
    """Date that names the partition in which a value of `kind` lies.

    Examples:
        >>> partition("hour", 1709164800)
        '2024-02'
    """
    return moment(min(max(start, _FIRST), _LAST)).date().isoformat()[: stamp_length(kind)]
