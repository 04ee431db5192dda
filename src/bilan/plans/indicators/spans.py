"""Periods as indicators write them: ``2026``, ``2026-Q3``, ``2026-10``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bilan.pack.indicators import Period
from bilan.problems import BilanError, Problem

_FORMS = {
    Period.YEAR: re.compile(r"(\d{4})"),
    Period.QUARTER: re.compile(r"(\d{4})-Q([1-4])"),
    Period.MONTH: re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
}
_MONTHS = {Period.YEAR: 12, Period.QUARTER: 3, Period.MONTH: 1}
FORMATS = {
    Period.YEAR: "strftime(day, '%Y')",
    Period.QUARTER: "strftime(day, '%Y') || '-Q' || quarter(day)",
    Period.MONTH: "strftime(day, '%Y-%m')",
}
"""SQL of the period that a day belongs to."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One period with its days.

    Examples:
        >>> Span.parse("2026-Q3").last
        datetime.date(2026, 9, 30)
    """

    first: date
    last: date
    kind: Period
    text: str

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read a period.

        Raises:
            BilanError: it is none.
        """
        for kind, form in _FORMS.items():
            found = form.fullmatch(text)
            if found:
                place = int(found[2]) if kind is not Period.YEAR else 1
                return cls.at(kind, int(found[1]), place)
        raise BilanError(Problem("indicators.unknown_period", {"value": text}))

    @classmethod
    def at(cls, kind: Period, year: int, place: int = 1) -> Span:
        """The period of a kind at a place within a year, counted from 1.

        Raises:
            BilanError: the year is none.
        """
        if not 1900 <= year <= 2999:
            raise BilanError(Problem("indicators.unknown_period", {"value": year}))
        length = _MONTHS[kind]
        month = (place - 1) * length + 1
        first = date(year, month, 1)
        last = (date(year, month + length - 1, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        text = {Period.YEAR: f"{year}", Period.QUARTER: f"{year}-Q{place}", Period.MONTH: f"{year}-{month:02}"}[kind]
        return cls(first, last, kind, text)

    @classmethod
    def of(cls, kind: Period, day: date) -> Span:
        """The period of a kind that a day belongs to."""
        return cls.at(kind, day.year, (day.month - 1) // _MONTHS[kind] + 1)

    @property
    def months(self) -> int:
        """Its months."""
        return _MONTHS[self.kind]

    @property
    def days(self) -> int:
        """Its days."""
        return (self.last - self.first).days + 1

    def through(self, today: date) -> date:
        """Its last day that is over on a day; the day before it begins when none is."""
        return max(min(self.last, today - timedelta(days=1)), self.first - timedelta(days=1))

    def elapsed(self, today: date) -> int:
        """Its days that are over on a day.

        Examples:
            >>> Span.parse("2026-11").elapsed(date(2026, 11, 22))
            21
        """
        return (self.through(today) - self.first).days + 1

    def months_elapsed(self, today: date) -> int:
        """Its whole months that are over on a day."""
        after = self.through(today) + timedelta(days=1)
        return (after.year - self.first.year) * 12 + after.month - self.first.month


def spans(kind: Period, first: int, last: int) -> list[Span]:
    """All periods of a kind in years, both included.

    Examples:
        >>> [span.text for span in spans(Period.QUARTER, 2026, 2026)]
        ['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']
    """
    return [Span.at(kind, year, place) for year in range(first, last + 1) for place in range(1, 12 // _MONTHS[kind] + 1)]


def by_kind(periods: Iterable[Span]) -> dict[Period, list[Span]]:
    """Periods by their kind, each in order and once."""
    found: dict[Period, list[Span]] = {}
    for span in sorted(set(periods)):
        found.setdefault(span.kind, []).append(span)
    return found
