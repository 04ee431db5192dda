"""Terms: when a length of time ends by the working calendar, and which light a case shows."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import chinese_calendar
from django.db.models import Q
from django.utils import timezone

from bilan.pack.flows import Span

if TYPE_CHECKING:
    from bilan.casework.models import Case

SOON = timedelta(hours=24)
"""A term that ends within this time is soon over."""
LONGEST = 100_000
"""Days a term may have."""


class Light(StrEnum):
    """How a case stands with its term."""

    OK = "ok"
    SOON = "soon"
    OVERDUE = "overdue"
    STANDING = "standing"
    """The clock stands."""
    NONE = "none"
    """There is no term."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of a term.

    Attributes:
        at: the moment.
        certain: whether the official calendar was known for all of it; beyond it, Monday to Friday count as working days.
    """

    at: datetime
    certain: bool


@lru_cache(4096)
def working(day: date) -> tuple[bool, bool]:
    """Whether a day is a working day, and whether that is certain.

    Returns:
        By the State Council's arrangement of holidays where it is published, else by the day of the week and not certain.

    References:
        全国年节及纪念日放假办法 and the yearly notices of the General Office of the State Council, from the package chinesecalendar.

    Examples:
        >>> working(date(2026, 10, 10)), working(date(2026, 10, 1)), working(date(2099, 1, 2))
        ((True, True), (False, True), (True, False))
    """
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < calendar.SATURDAY, False


def ends(span: Span, begin: datetime) -> End:
    """When a term ends.

    Hours and minutes end to the second. Days, working days and months are counted from the day after `begin` and end when the last day
    does; a last day that is none of work is moved to the next that is.

    Parameters:
        begin: aware moment.

    References:
        中华人民共和国行政处罚法 (2021), article 85; 行政诉讼法, article 81: the day a term begins on is not counted; where its last day
        is a holiday, the first day after the holiday is its last.

    Examples:
        >>> from zoneinfo import ZoneInfo
        >>> begin = datetime(2026, 9, 29, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        >>> ends(Span(3, "wd"), begin).at.strftime("%Y-%m-%d %H:%M:%S")
        '2026-10-09 23:59:59'
        >>> ends(Span(4, "h"), begin).at.strftime("%d %H:%M")
        '29 19:00'
    """
    if span.unit in {"h", "min"}:
        return End(begin + (timedelta(hours=span.count) if span.unit == "h" else timedelta(minutes=span.count)), certain=True)
    local = timezone.localtime(begin)
    day, certain = _last_day(span, local.date())
    return End(end_of(day), certain)


def end_of(day: date) -> datetime:
    """The last second of a day of the city."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def shifted(moment: datetime, span: Span, *, back: bool = False) -> datetime:
    """A moment so much later, or earlier; working days keep the time of day.

    Examples:
        >>> from zoneinfo import ZoneInfo
        >>> noon = datetime(2026, 10, 9, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        >>> shifted(noon, Span(2, "wd"), back=True).strftime("%m-%d %H")
        '09-30 12'
    """
    sign = -1 if back else 1
    if span.unit in {"h", "min", "d"}:
        length = {"h": timedelta(hours=1), "min": timedelta(minutes=1), "d": timedelta(days=1)}[span.unit] * min(span.count, LONGEST)
        return moment + sign * length
    local = timezone.localtime(moment)
    day = _months(local.date(), sign * span.count) if span.unit == "mo" else _working_days(local.date(), span.count, sign)[0]
    return timezone.make_aware(datetime.combine(day, local.time()))


def working_days(begin: date, end: date) -> int:
    """Working days after `begin` up to `end`, both counted as days of the city; 0 when `end` is not later.

    Examples:
        >>> working_days(date(2026, 9, 29), date(2026, 10, 9))
        3
    """
    days = min(LONGEST, (end - begin).days)
    return sum(working(begin + timedelta(days=count))[0] for count in range(1, days + 1))


def light(case: Case, now: datetime | None = None) -> Light:
    """Which light a case shows."""
    if case.standing == "suspended":
        return Light.STANDING
    if case.standing != "running" or case.due is None:
        return Light.NONE
    now = now or timezone.now()
    if case.due < now:
        return Light.OVERDUE
    return Light.SOON if case.due - now <= SOON else Light.OK


def shows(wanted: Light, now: datetime | None = None) -> Q:
    """The same as `light`, as a condition on cases."""
    now = now or timezone.now()
    running = Q(standing="running")
    return {
        Light.OVERDUE: running & Q(due__lt=now),
        Light.SOON: running & Q(due__gte=now, due__lte=now + SOON),
        Light.OK: running & Q(due__gt=now + SOON),
        Light.STANDING: Q(standing="suspended"),
        Light.NONE: ~Q(standing="suspended") & (~running | Q(due__isnull=True)),
    }[wanted]


def _last_day(span: Span, begin: date) -> tuple[date, bool]:
    if span.unit == "wd":
        return _working_days(begin, span.count, 1)
    day = _months(begin, span.count) if span.unit == "mo" else begin + timedelta(days=min(span.count, LONGEST))
    works, certain = working(day)
    return (day, certain) if works or span.count == 0 else _next_working(day, certain)


def _next_working(day: date, certain: bool) -> tuple[date, bool]:
    found, sure = _working_days(day, 1, 1)
    return found, certain and sure


def _working_days(begin: date, count: int, sign: int) -> tuple[date, bool]:
    day, left, certain = begin, min(count, LONGEST), True
    while left > 0:
        day += timedelta(days=sign)
        works, sure = working(day)
        left, certain = left - works, certain and sure
    return day, certain


def _months(begin: date, count: int) -> date:
    years, month = divmod(begin.year * 12 + begin.month - 1 + count, 12)
    return date(years, month + 1, min(begin.day, calendar.monthrange(years, month + 1)[1]))
