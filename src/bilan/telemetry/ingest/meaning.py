"""What tags and command codes mean for a reading: statistic, interval, length of the span."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

from bilan.telemetry.model import Device


class Span(NamedTuple):
    """What the values of a command code cover.

    Attributes:
        interval: name of the interval.
        seconds: its length; None when the device's own minute interval says it.
    """

    interval: str
    seconds: int | None


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = resources.files("bilan.telemetry.ingest").joinpath("meaning.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def statistics() -> dict[str, str]:
    """Tag → statistic.

    Examples:
        >>> statistics()["ZsAvg"]
        'converted_mean'
    """
    return {row["key"]: row["value"] for row in _rows() if row["what"] == "statistic"}


@cache
def spans() -> dict[str, Span]:
    """Command code → what its values cover.

    Examples:
        >>> spans()["2061"]
        Span(interval='hour', seconds=3600)
    """
    return {row["key"]: Span(row["value"], int(row["seconds"]) if row["seconds"] else None) for row in _rows() if row["what"] == "interval"}


def span_of(cn: str, device: Device) -> tuple[str, int] | None:
    """Interval and length [s] of the values that a device sends with a command code; None when it carries none.

    Examples:
        >>> span_of("2051", Device("A1", minute_interval=5))
        ('minute', 300)
    """
    found = spans().get(cn)
    if found is None:
        return None
    return found.interval, device.minute_interval * 60 if found.seconds is None else found.seconds
