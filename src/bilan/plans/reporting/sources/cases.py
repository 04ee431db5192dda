"""What came of the cases of a period."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q

from bilan.casework.models import CaseState
from bilan.pack.flows import current
from bilan.plans.reporting.context import Context, Given, Rows
from bilan.plans.reporting.model import Column, Found, Origin
from bilan.telemetry import clock

STANDING = (CaseState.RUNNING, CaseState.SUSPENDED)


def given(context: Context) -> Given:
    """Counts of cases opened and closed in the period and a year earlier, and of those that stand."""
    now, before = (
        _counted(context, *span)
        for span in (context.period.span(to_date=context.to_date), context.period.span_before(to_date=context.to_date))
    )
    standing = context.docket.cases().filter(standing__in=STANDING)
    end = _moment(context.period.span()[1])
    numbers = {name: Found(now[name], before[name], Origin("cases")) for name in ("opened", "closed", "on_time")}
    numbers["standing"] = Found(standing.count(), origin=Origin("cases"))
    numbers["overdue"] = Found(standing.filter(due__lt=end).count(), origin=Origin("cases", query={"due": "over"}))
    return Given({f"cases.{name}": value for name, value in numbers.items()}, {"cases.flows": lambda: _flows(context)})


def _moment(stamp: int) -> datetime:
    """A moment of the city's wall clock as the database keeps it."""
    return clock.moment(stamp).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def _counted(context: Context, begin: int, end: int) -> dict[str, Any]:
    cases = context.docket.cases()
    span = (_moment(begin), _moment(end) - timedelta(microseconds=1))
    closed = cases.filter(closed__range=span)
    total = closed.count()
    late = closed.filter(closed__gt=F("due")).count() if total else 0
    return {"opened": cases.filter(opened__range=span).count(), "closed": total, "on_time": 100 * (total - late) / total if total else None}


def _flows(context: Context) -> Rows:
    say = context.say
    begin, end = (_moment(stamp) for stamp in context.period.span(to_date=context.to_date))
    opened: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    standing: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    found = context.docket.cases().filter(Q(standing__in=STANDING) | Q(opened__range=(begin, end)) | Q(closed__range=(begin, end)))
    for flow, state, began, ended, due in found.values_list("flow", "standing", "opened", "closed", "due"):
        opened[flow] += begin <= began < end
        closed[flow] += ended is not None and begin <= ended < end
        standing[flow] += state in STANDING
        overdue[flow] += state in STANDING and due is not None and due < end
    titles = (say("办件类型", "Kind"), say("新立", "Opened"), say("办结", "Closed"), say("在办", "Standing"), say("超期", "Overdue"))
    flows = current(settings.CITY.pack).flows
    order = sorted(opened, key=lambda flow: (-standing[flow] - opened[flow], flow))
    rows = tuple(
        (
            flows[flow].title.text(context.language) if flow in flows else flow,
            *(str(count[flow]) for count in (opened, closed, standing, overdue)),
        )
        for flow in order
    )
    columns = tuple(Column(title, numeric=at > 0, share=3 if at == 0 else 1) for at, title in enumerate(titles))
    return Rows(columns, rows, tuple(order))
