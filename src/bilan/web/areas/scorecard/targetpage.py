"""One target: where it stands, its path, its odds, what decides, what each district must do, and what changed."""

from __future__ import annotations

from django.http import HttpResponse

from bilan.web.areas.scorecard.frame import EDITS, SECTION, SEES, tabs
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("targets/<slug:code>", name="target", section=SECTION, reads=SEES, writes=EDITS)
def target(request: Request, code: str) -> HttpResponse:
    """One target."""
    found = request.planbook.target(code)
    return show(request, "scorecard/target.html", target=found, tabs=tabs("scorecard"))
