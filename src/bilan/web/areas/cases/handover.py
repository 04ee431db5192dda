"""Handing everything that somebody has to somebody else, as when people leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.casework import moving
from bilan.casework.moving import Done
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.web.areas.cases import persons
from bilan.web.areas.cases.board import card
from bilan.web.areas.cases.frame import ASSIGNS, OPEN, SECTION, note_of
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

LISTED = 100


@page("cases/hand-over", name="hand-over", section=SECTION, reads=ASSIGNS, writes=ASSIGNS)
def hand_over(request: Request) -> HttpResponse:
    """Choose whose work, to whom it goes, look what each case would do, and hand it over."""
    counts = _counts(request)
    giver = _person(request.GET.get("person", ""))
    if giver is not None and giver.pk not in counts:
        giver = None
    receiver = _person(request.POST.get("to", ""))
    tried: list[Done] | None = None
    errors: list[str] = []
    if request.method == "POST" and giver is not None:
        sure = request.POST.get("sure") == "1"
        try:
            with transaction.atomic():
                tried = moving.hand_over(giver, receiver, request.user, note=note_of(request))
                if not sure:
                    transaction.set_rollback(True)
        except BilanError as error:
            errors = [problem.text(numbers.language()) for problem in error.problems]
        if sure and tried is not None:
            text = ngettext("%(n)d case was handed over", "%(n)d cases were handed over", len(tried)) % {"n": len(tried)}
            messages.success(request, text)
            return redirect("hand-over")
    own = request.docket.cases(Capability.ASSIGN).filter(standing__in=OPEN)
    now = timezone.now()
    found = own.filter(Q(owner=giver) | Q(helpers=giver)).distinct().select_related("owner").order_by("due", "code") if giver else []
    known = Person.objects.in_bulk(list(counts))
    return show(
        request,
        "cases/handover.html",
        givers=sorted(((str(pk), str(known[pk]), n) for pk, n in counts.items() if pk in known), key=lambda entry: -entry[2]),
        giver=giver,
        cases=[card(case, now) for case in found[:LISTED]],
        total=len(found),
        candidates=[entry for entry in persons.holding(()) if giver and entry[0] != str(giver.pk)],
        to=request.POST.get("to", ""),
        note=note_of(request),
        tried=_tried(tried) if tried is not None else None,
        errors=errors,
    )


def _counts(request: Request) -> dict[int, int]:
    """Persons with open cases that the reader may give to others, each with how many; those they only help with count too."""
    own = request.docket.cases(Capability.ASSIGN).filter(standing__in=OPEN).order_by()
    found = {row["owner"]: row["n"] for row in own.exclude(owner=None).values("owner").annotate(n=Count("pk"))}
    for row in own.exclude(helpers=None).values("helpers").annotate(n=Count("pk")):
        found[row["helpers"]] = found.get(row["helpers"], 0) + row["n"]
    return found


def _person(text: str) -> Person | None:
    return Person.objects.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 10 else None


def _tried(tried: list[Done]) -> dict[str, Any]:
    language = numbers.language()
    back = [done for done in tried if done.problems]
    return {
        "given": len(tried) - len(back),
        "back": len(back),
        "reasons": [
            (done.case.code if done.case else "", [Problem(problem.code, problem.values).text(language) for problem in done.problems])
            for done in back[:20]
        ],
        "nobody": _("back to their roles"),
    }
