"""Dates and periods in the notations that files really have."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from bilan.pack.registers.values.refused import Refused
from bilan.pack.registers.values.texts import EMPTY, plain

_EPOCH = date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)
"""Day numbers of Excel that are taken for dates: 1927 to 2119."""
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})?\s*[日号]?)?(?:[T\s].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4,6})?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T\s].*)?")
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})|([A-Za-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?),?\s+(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_BETWEEN = re.compile(r"\s*(?:至|到|~|～|〜|—+|–|--+|/(?=\d{4})|\bto\b|\s-\s|-(?=\d{4}\b))\s*")
_OPEN = frozenset({"今", "至今", "长期", "长期有效", "永久", "now", "open", "present", ""})


def read_date(value: Any) -> str:
    """A day as ISO text; a month without a day is its first one.

    Raises:
        Refused: no date.

    Examples:
        >>> [read_date(text) for text in ("2024/5/1", "2024年5月1日", "20240501", 45413, "2024.5", "1 May 2024")]
        ['2024-05-01', '2024-05-01', '2024-05-01', '2024-05-01', '2024-05-01', '2024-05-01']
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _iso(value, value)
    if isinstance(value, str):
        return _from_text(value[:60])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    raise Refused("entry.not_date", value)


def read_period(value: Any) -> list[str | None]:
    """Two days, both ends included, either of them open.

    Raises:
        Refused: no period, or its end lies before its beginning.

    Examples:
        >>> read_period("2024年1月1日至2024年12月31日"), read_period("2024-01-01 至今")
        (['2024-01-01', '2024-12-31'], ['2024-01-01', None])
    """
    if isinstance(value, str):
        parts: list[Any] = _BETWEEN.split(plain(value[:120]), maxsplit=1)
        if len(parts) == 1 and parts[0]:
            parts = [parts[0].removesuffix("起"), None]
    elif isinstance(value, dict) and value.keys() <= {"from", "to"}:
        parts = [value.get("from"), value.get("to")]
    elif isinstance(value, list | tuple):
        parts = list(value)
    else:
        raise Refused("entry.not_period", value)
    if len(parts) != 2:
        raise Refused("entry.not_period", value)
    begin, end = (None if part is None or (isinstance(part, str) and _is_open(part)) else read_date(part) for part in parts)
    if begin and end and begin > end:
        raise Refused("entry.period_order", begin, allowed=end)
    return [begin, end]


def _is_open(text: str) -> bool:
    return text.strip().casefold() in _OPEN or text.strip() in EMPTY


@lru_cache(maxsize=20_000)
def _from_text(text: str) -> str:
    short = plain(text)
    if found := _YEAR_FIRST.fullmatch(short):
        return _made(found[1], found[2], found[3] or "1", text)
    if found := _COMPACT.fullmatch(short):
        return _made(found[1], found[2], found[3], text)
    if found := _YEAR_LAST.fullmatch(short):
        first, second = int(found[1]), int(found[2])
        if first <= 12 and second <= 12 and first != second:
            raise Refused("entry.ambiguous_date", text)
        day, month = (first, second) if first > 12 else (second, first)
        return _made(found[3], str(month), str(day), text)
    if found := _NAMED.fullmatch(short):
        name = (found[2] or found[3])[:3].casefold()
        return _made(found[5], str(_MONTHS.index(name) + 1 if name in _MONTHS else 0), found[1] or found[4], text)
    if _SERIAL.fullmatch(short):
        return _from_number(float(short))
    raise Refused("entry.not_date", text)


def _from_number(value: float) -> str:
    if not 10_000 <= value < 100_000_000:
        raise Refused("entry.not_date", value)
    if int(value) in _SERIALS:
        return (_EPOCH + timedelta(days=int(value))).isoformat()
    if value == int(value) and value >= 10_000_000:
        return _from_text(str(int(value)))
    raise Refused("entry.not_date", value)


def _made(year: str, month: str, day: str, written: str) -> str:
    try:
        return _iso(date(int(year), int(month), int(day)), written)
    except ValueError as error:
        raise Refused("entry.not_date", written) from error


def _iso(day: date, written: Any) -> str:
    if not 1000 <= day.year <= 2999:
        raise Refused("entry.not_date", written)
    return day.isoformat()
