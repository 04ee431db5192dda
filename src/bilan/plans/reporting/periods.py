"""The period that an issue of a report is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bilan.pack.reports import PeriodKind
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock

EXAMPLES = {
    PeriodKind.DAY: "2026-03-01",
    PeriodKind.WEEK: "2026-W09",
    PeriodKind.MONTH: "2026-03",
    PeriodKind.QUARTER: "2026-Q1",
    PeriodKind.YEAR: "2026",
}
_FORMS = {
    PeriodKind.DAY: re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z"),
    PeriodKind.WEEK: re.compile(r"(\d{4})-W(\d{2})\Z"),
    PeriodKind.MONTH: re.compile(r"(\d{4})-(\d{2})\Z"),
    PeriodKind.QUARTER: re.compile(r"(\d{4})-Q([1-4])\Z"),
    PeriodKind.YEAR: re.compile(r"(\d{4})\Z"),
}
_QUARTERS = ("一", "二", "三", "四")


@dataclass(frozen=True, slots=True)
class Period:
    """A day, week, month, quarter or year.

    Attributes:
        begin, end: its first day, and the day after its last.
        until: the day after the last one that has passed; equal to `end` once it is over.
    """

    kind: PeriodKind
    begin: date
    end: date
    until: date

    @property
    def at(self) -> str:
        """As it stands in an address."""
        match self.kind:
            case PeriodKind.DAY:
                return self.begin.isoformat()
            case PeriodKind.WEEK:
                year, week, _ = self.begin.isocalendar()
                return f"{year}-W{week:02}"
            case PeriodKind.MONTH:
                return f"{self.begin:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.begin.year}-Q{(self.begin.month + 2) // 3}"
        return str(self.begin.year)

    @property
    def year(self) -> int:
        """The year it lies in; of a week, that of its last day."""
        return (self.end - timedelta(days=1)).year

    @property
    def over(self) -> bool:
        """Whether it is complete."""
        return self.until >= self.end

    @property
    def last(self) -> date:
        """Its last day that has passed."""
        return max(self.begin, self.until - timedelta(days=1))

    def text(self, language: str) -> str:
        """As people write it."""
        last = self.end - timedelta(days=1)
        if language == "en":
            texts = {
                PeriodKind.DAY: f"{self.begin.day} {self.begin:%B %Y}",
                PeriodKind.WEEK: f"{self.begin.day} {self.begin:%B} – {last.day} {last:%B %Y}",
                PeriodKind.MONTH: f"{self.begin:%B %Y}",
                PeriodKind.QUARTER: f"quarter {(self.begin.month + 2) // 3} of {self.begin.year}",
                PeriodKind.YEAR: str(self.begin.year),
            }
        else:
            texts = {
                PeriodKind.DAY: f"{self.begin.year}年{self.begin.month}月{self.begin.day}日",
                PeriodKind.WEEK: f"{self.begin.year}年{self.begin.month}月{self.begin.day}日至{last.month}月{last.day}日",
                PeriodKind.MONTH: f"{self.begin.year}年{self.begin.month}月",
                PeriodKind.QUARTER: f"{self.begin.year}年第{_QUARTERS[(self.begin.month - 1) // 3]}季度",
                PeriodKind.YEAR: f"{self.begin.year}年",
            }
        return texts[self.kind]

    def span(self, *, to_date: bool = False) -> tuple[int, int]:
        """Begin and end of the days that have passed [s of the wall clock], from the first of January when `to_date`."""
        return stamp(self.begin.replace(month=1, day=1) if to_date else self.begin), stamp(self.until)

    def span_before(self, *, to_date: bool = False) -> tuple[int, int]:
        """The same days a year earlier; 29 February becomes the 28th."""
        begin = self.begin.replace(month=1, day=1) if to_date else self.begin
        return stamp(year_back(begin)), stamp(year_back(self.until))

    def before(self) -> Period:
        """The period before it."""
        begin = _first(self.kind, self.begin - timedelta(days=1))
        return Period(self.kind, begin, self.begin, self.begin)


def period(kind: PeriodKind, at: str, today: date) -> Period:
    """The period that an address names.

    Args:
        at: such as ``2026-03-01``, ``2026-W09``, ``2026-03``, ``2026-Q1``, ``2026``.
        today: days before it have passed.

    Raises:
        BilanError: it is none of this kind, or has not begun.

    Examples:
        >>> period(PeriodKind.QUARTER, "2026-Q3", date(2026, 11, 22)).text("zh-hans")
        '2026年第三季度'
        >>> period(PeriodKind.WEEK, "2026-W01", date(2026, 11, 22)).begin
        datetime.date(2025, 12, 29)
    """
    found = _FORMS[kind].match(at)
    try:
        if found is None:
            raise ValueError(at)
        begin = _begin(kind, [int(part) for part in found.groups()])
    except ValueError:
        raise BilanError(Problem("report.bad_period", {"value": at, "allowed": EXAMPLES[kind]})) from None
    if begin >= today:
        raise BilanError(Problem("report.not_yet", {"value": at}))
    end = _following(kind, begin)
    return Period(kind, begin, end, min(end, today))


def latest(kind: PeriodKind, today: date) -> Period:
    """The last period that is over; of a year the running one, when at least half of it has passed.

    Examples:
        >>> latest(PeriodKind.MONTH, date(2026, 11, 22)).at, latest(PeriodKind.YEAR, date(2026, 11, 22)).at
        ('2026-10', '2026')
    """
    begin = _first(kind, today)
    running = Period(kind, begin, _following(kind, begin), today)
    return running if kind is PeriodKind.YEAR and today.month > 6 else running.before()


def recent(kind: PeriodKind, today: date, most: int = 12) -> list[Period]:
    """The last periods that have begun, newest first."""
    begin = _first(kind, today - timedelta(days=1))
    found = [Period(kind, begin, _following(kind, begin), min(_following(kind, begin), today))]
    while len(found) < most:
        found.append(found[-1].before())
    return found


def stamp(day: date) -> int:
    """Midnight of a day [s of the wall clock]."""
    return clock.seconds(datetime(day.year, day.month, day.day))


def _begin(kind: PeriodKind, parts: list[int]) -> date:
    match kind:
        case PeriodKind.DAY:
            return date(*parts)
        case PeriodKind.WEEK:
            return date.fromisocalendar(parts[0], parts[1], 1)
        case PeriodKind.MONTH:
            return date(parts[0], parts[1], 1)
        case PeriodKind.QUARTER:
            return date(parts[0], parts[1] * 3 - 2, 1)
    return date(parts[0], 1, 1)


def _first(kind: PeriodKind, day: date) -> date:
    match kind:
        case PeriodKind.DAY:
            return day
        case PeriodKind.WEEK:
            return day - timedelta(days=day.weekday())
        case PeriodKind.MONTH:
            return day.replace(day=1)
        case PeriodKind.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def _following(kind: PeriodKind, begin: date) -> date:
    if kind in (PeriodKind.DAY, PeriodKind.WEEK):
        return begin + timedelta(days=1 if kind is PeriodKind.DAY else 7)
    months = begin.month - 1 + {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}.get(kind, 12)
    return date(begin.year + months // 12, months % 12 + 1, 1)


def year_back(day: date) -> date:
    """The same day a year before; the 28th for a leap day."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
