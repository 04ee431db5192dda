"""What the pages about alerts share: rights and the tabs that lead from one to the next."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.casework.evaluating.watching import STATE
from bilan.people.roles import Capability, Right
from bilan.problems import Problem
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.registry import Request

STALE = 15 * 60
"""So long without an evaluation, the watch is taken to stand still [s]."""
SEES = Right(Capability.SEE, "kernel/casework")
HANDLES = Right(Capability.HANDLE, "kernel/casework")


def watch(request: Request) -> dict[str, Any]:
    """How the watch is doing: when it evaluated last [s of the wall clock], whether that is too long ago, what it could not evaluate."""
    kept = site.store().digests.get(STATE) or {}
    at = int(kept.get("at", 0))
    late = not 0 <= clock.now(site.city().timezone) - at < STALE
    told = [Problem.from_dict(problem).text(numbers.language()) for problem in kept.get("problems", [])]
    return {"at": at, "late": late, "evaluated": kept.get("evaluated", {}), "told": told}


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The pages about alerts."""
    names = {"alerts": _("Alerts"), "windows": _("Declared windows"), "rules": _("Rules")}
    return [{"href": reverse(name), "title": title, "current": name == current} for name, title in names.items()]
