"""Adding a commitment that was not read, from words that were chosen in the text."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.plans import confirming
from bilan.plans.models import Plan
from bilan.problems import BilanError
from bilan.web.areas.commitments.forms import FieldsForm, given_of
from bilan.web.areas.commitments.frame import EDITS, SECTION, insist, title_of, whole_number
from bilan.web.areas.commitments.guessing import guessed
from bilan.web.areas.scorecard.frame import tabs
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("plans/<slug:plan>/add", name="plan-add", section=SECTION, reads=EDITS, writes=EDITS)
def add(request: Request, plan: str) -> HttpResponse:
    """Fill in a commitment for the words that the address names."""
    insist(request)
    found = request.planbook.plan(plan)
    block, begin, finish = (whole_number(request.GET.get(name) or "0", name) for name in ("block", "begin", "finish"))
    if finish == 0 and block < len(found.blocks):
        finish = len(found.blocks[block]["text"])
    said = confirming.words_at(found, block, begin, finish)
    given: dict[str, Any] = {}
    if request.method == "POST":
        given = given_of(request)
        try:
            made = confirming.add(found, block, begin, finish, given, request.user)
        except BilanError as error:
            messages.error(request, error.text(numbers.language()))
        else:
            messages.success(request, _("Commitment %(n)d was added.") % {"n": made.number})
            return redirect(f"{reverse('plan', args=[found.code])}?at={made.number}")
    return show(
        request,
        "commitments/add.html",
        plan=found,
        title=title_of(found),
        said=said,
        form=FieldsForm(given or _guess(found, block, begin, finish)),
        tabs=tabs(request, "plans"),
    )


def _guess(plan: Plan, block: int, begin: int, finish: int) -> dict[str, Any]:
    """What the reader makes of the words, to begin with."""
    return {"kind": "target", **guessed(plan, block, begin, finish)}
