"""Reading what an address asks for: lists of codes, periods, pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bilan.pack import vocab
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.web import site

Item = TypeVar("Item")
PAGE = 200
LARGEST_PAGE = 5000
EARLIEST, LATEST = clock.seconds(datetime(1900, 1, 1)), clock.seconds(datetime(2200, 1, 1))
"""Times that can be asked for [s of the wall clock]."""


def codes(text: str | None) -> list[str] | None:
    """A comma-separated list; None when nothing was given.

    Examples:
        >>> codes("A1, A2,"), codes("")
        (['A1', 'A2'], None)
    """
    found = [part.strip() for part in (text or "").split(",") if part.strip()]
    return found or None


def parameters(text: str | None) -> list[str] | None:
    """Parameter codes from a comma-separated list of codes, column names or any other name they go by.

    Examples:
        >>> parameters("pm25,a05024")
        ['a34004', 'a05024']
    """
    named = codes(text)
    if named is None:
        return None
    found = []
    for name in named:
        parameter = vocab.parameters().get(name) or vocab.by_alias(name)
        found.append(parameter.code if parameter else name)
    return found


def moment(text: str | None, default: int) -> int:
    """Seconds of the wall clock from ISO text such as ``2026-03-01`` or ``2026-03-01T08:00``; `default` when nothing was given.

    Raises:
        BilanError: the text is no time, or one long before or after all measurements.
    """
    if not text:
        return default
    found: int | None
    try:
        found = clock.seconds(datetime.fromisoformat(text.strip()).replace(tzinfo=None))
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= LATEST:
        raise BilanError(Problem("value.not_a_time", {"value": text}))
    return found


def period(begin: str | None, end: str | None, length: timedelta) -> tuple[int, int]:
    """Begin and end [s of the wall clock]; without them the last `length` up to the end of the running hour.

    A day as `end` stands for its begin, as everywhere: the end itself is not part of the period.

    Raises:
        BilanError: one is no time, or they are in the wrong order.
    """
    now = clock.now(site.city().timezone)
    last = moment(end, now - now % clock.HOUR + clock.HOUR)
    first = moment(begin, last - int(length.total_seconds()))
    if first >= last:
        raise BilanError(Problem("web.period_reversed", {"begin": iso(first), "end": iso(last)}))
    return first, last


def iso(stamp: int) -> str:
    """Wall time as ISO text to the minute.

    Examples:
        >>> iso(3600)
        '1970-01-01T01:00'
    """
    return clock.moment(stamp).isoformat(timespec="minutes")


def paged(items: Sequence[Item], limit: int, offset: int) -> dict[str, Any]:
    """One page of items with how many there are in all."""
    size = max(1, min(limit, LARGEST_PAGE))
    start = max(0, offset)
    return {"count": len(items), "items": items[start : start + size]}
