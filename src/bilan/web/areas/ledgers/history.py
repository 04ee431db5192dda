"""The history of an entry: every revision with its differences, and any two of them side by side."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from bilan.registers import histories
from bilan.web.areas.dossier.views import about, tabs
from bilan.web.areas.ledgers.words import ACTIONS, SOURCES, TONES
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST = 100
"""Revisions that are shown at most."""


@page("registers/<slug:register>/entries/<str:code>/history", name="register-history", section="registers")
def history(request: Request, register: str, code: str) -> HttpResponse:
    """Revisions newest first; ``older`` and ``newer`` in the address compare two of them."""
    record = request.ledger.entry(register, code)
    declared = request.ledger.register(register)
    language = numbers.language()
    steps = histories.steps(request.ledger, record, language)
    older, newer = (_version(request.GET.get(name, "")) for name in ("older", "newer"))
    compared = histories.between(request.ledger, record, min(older, newer), max(older, newer), language) if older and newer else None
    return show(
        request,
        "ledgers/history.html",
        steps=[_shown(request, step) for step in steps[:MOST]],
        total=len(steps),
        compared=compared,
        older=min(older, newer) if compared is not None else (steps[1].revision.version if len(steps) > 1 else 0),
        newer=max(older, newer) if compared is not None else (steps[0].revision.version if steps else 0),
        versions=[step.revision for step in steps],
        tabs=tabs(request, declared, record, "register-history"),
        **about(request, declared, record),
    )


def _version(text: str) -> int:
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def _shown(request: Request, step: histories.Step) -> dict[str, object]:
    """A revision as the page shows it, with the way to the entry as it stood then."""
    revision = step.revision
    day = f"{timezone.localtime(revision.since):%Y-%m-%d}"
    return {
        "step": step,
        "revision": revision,
        "action": ACTIONS.get(revision.action, revision.action),
        "tone": TONES.get(revision.action, "quiet"),
        "source": SOURCES.get(revision.change.source, revision.change.source),
        "then": f"{reverse('dossier', args=[revision.register, revision.code])}?as_of={day}",
        "change": reverse("register-change", args=[revision.change_id]),
    }
