"""The audit log: what everybody did, and whether the log is whole."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.people import audit
from bilan.people.models import AuditEntry
from bilan.people.visibility import NotAllowed
from bilan.web.areas.people import frame, words
from bilan.web.components.table import Column, Filter, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST = 5000
"""So many entries are looked through, the newest first; older ones are reached by their day."""


@page("people/audit", name="audit", section=frame.LOG_SECTION, reads=frame.LOG, writes=frame.LOG)
def log(request: Request) -> HttpResponse:
    """The newest entries, or those between two days; ``?part=chain`` walks the whole chain."""
    if request.method == "POST":
        raise NotAllowed("the log is read only")
    if request.GET.get("part") == "chain":
        state = audit.state()
        broken = str(words.BROKEN[state.reason]) % {"number": state.broken} if state.reason else ""
        return show(request, "people/chain.html", state=state, broken=broken)
    begin, end = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    table, cut = _table(request, begin, end)
    return show(request, "people/audit.html", table=table, cut=cut, most=MOST, begin=begin, end=end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _table(request: Request, begin: date | None, end: date | None) -> tuple[Table, bool]:
    entries = AuditEntry.objects.all()
    if begin:
        entries = entries.filter(moment__gte=_utc(begin))
    if end:
        entries = entries.filter(moment__lt=_utc(end + timedelta(days=1)))
    if action := request.GET.get("action"):
        entries = entries.filter(action=action)
    found = list(entries[: MOST + 1])
    columns = [
        Column("number", _("Number")),
        Column("moment", _("When"), kind="time"),
        Column("who", _("Who")),
        Column("action_name", _("Action")),
        Column("about", _("To what")),
        Column("detail", _("Details"), wide=True),
        Column("address", _("From where"), wide=True),
        Column("hash", _("Hash"), shown=False),
    ]
    filters = [Filter("action", _("Action"), [(code, str(title)) for code, title in words.ACTIONS.items()])]
    rows = [_row(entry) for entry in found[:MOST]]
    looked = ("who", "action_name", "about", "detail", "address")
    return Table("audit", columns, rows, request.GET, looked, filters, "-number", caption=_("Audit log")), len(found) > MOST


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "moment": _stamp(entry.moment),
        "who": entry.who,
        "action": entry.action,
        "action_name": str(words.ACTIONS.get(entry.action, entry.action)),
        "about": entry.about,
        "detail": _said(entry.detail),
        "address": entry.address,
        "hash": entry.hash,
    }


def _stamp(text: str) -> int | None:
    """The moment of an entry; None when somebody has made it unreadable."""
    try:
        return frame.stamp(datetime.fromisoformat(text))
    except ValueError:
        return None


def _said(detail: str) -> str:
    """The details in one line; as they stand when they are no JSON any more."""
    try:
        values = json.loads(detail)
    except ValueError:
        return detail
    return "; ".join(f"{name}: {_value(value)}" for name, value in values.items()) if isinstance(values, dict) else detail


def _value(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        return f"{_value(value['from'])} → {_value(value['to'])}"
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value) or "–"
    return "–" if value in ("", None) else str(value)


def _utc(day: date) -> str:
    """Beginning of a day of the city as entries write their moments."""
    local = timezone.make_aware(datetime(day.year, day.month, day.day))
    return local.astimezone(tz=timezone.get_fixed_timezone(0)).isoformat()
