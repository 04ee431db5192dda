"""The period a ranking is about, as it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bilan.plans.reporting.periods import year_back
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock

KINDS = ("day", "month", "year")
FORMS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a month or a year, up to today at most.

    Attributes:
        kind: ``day``, ``month`` or ``year``.
        begin, end: first day, and the day after the last one of the whole period.
        until: the day after the last one that has passed.
    """

    kind: str
    begin: date
    end: date
    until: date

    @property
    def at(self) -> str:
        """The period as it stands in the address."""
        return self.begin.strftime(FORMS[self.kind])

    @property
    def span(self) -> tuple[int, int]:
        """Begin and end in seconds of the wall clock."""
        return stamp(self.begin), stamp(self.until)

    @property
    def span_before(self) -> tuple[int, int]:
        """The same days a year earlier; 29 February becomes the 28th."""
        return stamp(year_back(self.begin)), stamp(year_back(self.until))

    @property
    def last(self) -> date:
        """The last day that has passed."""
        return max(self.begin, self.until - timedelta(days=1))

    @property
    def over(self) -> bool:
        """Whether the period is complete."""
        return self.until == self.end

    def moved(self, step: int) -> str:
        """The period before (-1) or after (1), as it stands in the address."""
        return (self.begin - timedelta(days=1) if step < 0 else self.end).strftime(FORMS[self.kind])

    def as_kind(self, kind: str) -> str:
        """A period of another kind that lies in this one or holds it, as it stands in the address."""
        return min(self.begin if kind != "day" or self.kind == "day" else self.until - timedelta(days=1), self.until).strftime(FORMS[kind])


def period(kind: str, at: str, today: date) -> Period:
    """The period that an address asks for.

    Parameters:
        kind: ``day``, ``month`` or ``year``; a month when empty.
        at: ``2026-11-20``, ``2026-11`` or ``2026``; the latest with a finished day when empty.
        today: days before it have passed.

    Raises:
        BilanError: there is no such kind, or `at` is no date.

    Examples:
        >>> period("month", "2026-10", date(2026, 11, 21)).moved(1)
        '2026-11'
        >>> period("", "", date(2026, 11, 1)).at
        '2026-10'
    """
    wanted = kind or "month"
    if wanted not in KINDS:
        raise BilanError(Problem("web.bad_parameter", {"name": "period", "value": kind, "allowed": list(KINDS)}))
    begin = _begin(wanted, at) if at else _first(wanted, today - timedelta(days=1))
    end = _following(wanted, begin)
    return Period(wanted, begin, end, max(begin, min(end, today)))


def stamp(day: date) -> int:
    """Midnight of a day [s of the wall clock]."""
    return clock.seconds(datetime(day.year, day.month, day.day))


def _begin(kind: str, at: str) -> date:
    padded = at + "-01-01"[len(at) - 10 :] if len(at) in {4, 7} else at
    try:
        return _first(kind, date.fromisoformat(padded))
    except ValueError:
        example = {"day": "2026-03-01", "month": "2026-03", "year": "2026"}[kind]
        raise BilanError(Problem("web.bad_parameter", {"name": "at", "value": at, "allowed": example})) from None


def _first(kind: str, day: date) -> date:
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[kind]


def _following(kind: str, begin: date) -> date:
    if kind == "day":
        return begin + timedelta(days=1)
    months = begin.month if kind == "month" else 12
    return date(begin.year + months // 12, months % 12 + 1, 1)
