"""What the pages of cases share: their rights, their tabs, how a request is read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bilan.casework.models import Case
from bilan.people.roles import Capability, Right
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.registry import Request

SECTION = "cases"
SEES = Right(Capability.SEE, "kernel/casework")
HANDLES = Right(Capability.HANDLE, "kernel/casework")
ASSIGNS = Right(Capability.ASSIGN, "kernel/casework")
OPEN = ("running", "suspended")
"""Standings of cases that still ask something of somebody."""
LONGEST = 2000
"""Characters of a note."""
_TABS = {
    "my-work": _("My work"),
    "cases": _("All cases"),
    "case-board": _("Board"),
    "case-calendar": _("Calendar"),
    "case-figures": _("Figures"),
}


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The pages about many cases, for the row of tabs."""
    return [{"title": title, "href": reverse(name), "current": name == current} for name, title in _TABS.items()]


def local(moment: datetime | None) -> datetime | None:
    """A moment as the city's clocks show it, without a zone."""
    return None if moment is None else timezone.localtime(moment).replace(tzinfo=None)


def stamp(moment: datetime | None) -> int | None:
    """A moment as tables show it: seconds of the city's wall clock."""
    return None if moment is None else clock.seconds(timezone.localtime(moment).replace(tzinfo=None))


def day_of(text: str, name: str) -> date:
    """A day that an address names.

    Raises:
        BilanError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": text[:40], "allowed": "YYYY-MM-DD"})) from None


def in_district(request: Request, cases: Any) -> Any:
    """Cases of the district chosen in the top bar, those of its towns with them."""
    return cases.filter(district=request.district) if request.district else cases


def about(request: Request, case: Case) -> dict[str, Any]:
    """What the head of every page of a case needs."""
    return {"case": case, "district_name": site.district_name(case.district, "en" if request.LANGUAGE_CODE == "en" else "zh-hans")}


def number_of(request: Request, name: str) -> int:
    """A whole number that a form sent.

    Raises:
        BilanError: it sent none.
    """
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": text[:20], "allowed": "0, 1, 2 …"}))
    return int(text)


def note_of(request: Request, name: str = "note") -> str:
    """A note that a form sent."""
    return request.POST.get(name, "").strip()[:LONGEST]
