"""The calendar: a month of days with the cases whose terms end on them."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from bilan.web.areas.cases.board import card
from bilan.web.areas.cases.frame import HANDLES, OPEN, SECTION, SEES, day_of, in_district, tabs
from bilan.web.areas.cases.listing import MINE
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

SHOWN = 3
"""Cases named in a day; the list has the others."""


@page("cases/calendar", name="case-calendar", section=SECTION, reads=SEES, writes=HANDLES)
def calendar(request: Request) -> HttpResponse:
    """Open cases by the day on which their term ends, a month at a time."""
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    found = in_district(request, request.docket.cases().filter(standing__in=OPEN).exclude(due=None))
    mine = request.GET.get("owner") == MINE
    if mine:
        found = found.filter(owner=request.user)
    inside = found.filter(due__gte=_start(first), due__lt=_start(last + timedelta(days=1)))
    days = _days(inside, first, last, today, mine)
    return show(
        request,
        "cases/calendar.html",
        tabs=tabs(request, "case-calendar"),
        weeks=_weeks(days),
        days=[day for day in days if day["count"]],
        month=numbers.wall(first, "month"),
        mine=mine,
        total=sum(day["count"] for day in days),
        before=found.filter(due__lt=_start(min(first, today)), standing="running").count(),
        before_href=f"{reverse('cases')}?overdue=yes",
        previous=_query(first - timedelta(days=1), mine),
        following=_query(last + timedelta(days=1), mine),
        present=_query(today, mine),
    )


def _month(text: str, today: date) -> date:
    return (day_of(f"{text}-01", "month") if text else today).replace(day=1)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _query(day: date, mine: bool) -> str:
    return "?" + urlencode({"month": f"{day:%Y-%m}", **({"owner": MINE} if mine else {})})


def _days(inside: Any, first: date, last: date, today: date, mine: bool) -> list[dict[str, Any]]:
    """Every day of the month with its cases."""
    rows = inside.order_by().annotate(day=TruncDate("due")).values("day").annotate(n=Count("pk"))
    counts = {row["day"]: row["n"] for row in rows}
    now = timezone.now()
    cards: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for day in counts:
        shown = inside.filter(due__gte=_start(day), due__lt=_start(day + timedelta(days=1))).order_by("-level", "due", "code")
        cards[day] = [card(case, now) for case in shown.select_related("owner")[:SHOWN]]
    days = []
    for at in range((last - first).days + 1):
        day = first + timedelta(days=at)
        query = {"due__from": day.isoformat(), "due__to": day.isoformat(), **({"owner": MINE} if mine else {})}
        days.append(
            {
                "date": day,
                "today": day == today,
                "weekend": day.weekday() > 4,
                "count": counts.get(day, 0),
                "cards": cards.get(day, []),
                "more": max(0, counts.get(day, 0) - SHOWN),
                "href": f"{reverse('cases')}?{urlencode(query)}",
            }
        )
    return days


def _weeks(days: list[dict[str, Any]]) -> list[list[dict[str, Any] | None]]:
    """Weeks of seven cells, Monday first."""
    cells: list[dict[str, Any] | None] = [None] * days[0]["date"].weekday()
    cells += days
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]
