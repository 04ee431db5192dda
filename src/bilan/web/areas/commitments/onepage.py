"""One commitment by itself: its sentence among its neighbours, every field with the words it came from, and what can be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bilan.people.visibility import NotVisible
from bilan.plans.confirming import MOST_PARTS
from bilan.plans.models import Commitment
from bilan.web.areas.commitments import acting, happened, saying, text
from bilan.web.areas.commitments.forms import FieldsForm, given_of
from bilan.web.areas.commitments.frame import EDITS, SECTION, SEES, insist, title_of
from bilan.web.areas.scorecard.frame import tabs
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("plans/<slug:plan>/commitments/<int:number>", name="commitment", section=SECTION, reads=SEES, writes=EDITS)
def one(request: Request, plan: str, number: int) -> HttpResponse:
    """One commitment; does what a form asks for. Scripts that ask for it get its parts."""
    held = commitment_of(request, plan, number)
    if request.method == "POST":
        answer = acting.act(request, held)
        if not isinstance(answer, acting.Refused):
            return answer
        held = answer.held
        return _split_page(request, held, answer) if answer.wish == "split" else _page(request, held, answer)
    if acting.wants_json(request):
        return JsonResponse(acting.shown(request, held))
    return _page(request, held)


def _page(request: Request, held: Commitment, refused: acting.Refused | None = None) -> HttpResponse:
    return show(
        request,
        "commitments/commitment.html",
        status=refused.status if refused else 200,
        title=title_of(held.plan),
        name=saying.name(held),
        text=_around(held),
        events=happened.events(held),
        tabs=tabs(request, "plans"),
        **acting.values(request, held, refused),
    )


@page("plans/<slug:plan>/commitments/<int:number>/split", name="commitment-split", section=SECTION, reads=EDITS, writes=EDITS)
def split(request: Request, plan: str, number: int) -> HttpResponse:
    """A form for each part of what is to be split."""
    insist(request)
    return _split_page(request, commitment_of(request, plan, number))


def _split_page(request: Request, held: Commitment, refused: acting.Refused | None = None) -> HttpResponse:
    """The forms of the parts; what was sent in vain stands in them still."""
    asked = refused.sent.get("parts", "") if refused else request.GET.get("parts", "2")
    count = min(max(int(asked), 2), MOST_PARTS) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 2
    typed = [given_of(request, f"p{at}") if refused else held for at in range(count)]
    forms = [(at + 1, FieldsForm(said, prefix=f"p{at}", place=f"p{at}")) for at, said in enumerate(typed)]
    return show(
        request,
        "commitments/split.html",
        status=refused.status if refused else 200,
        refused=refused,
        held=held,
        plan=held.plan,
        title=title_of(held.plan),
        name=saying.name(held),
        forms=forms,
        count=count,
        more=count + 1 if count < MOST_PARTS else None,
        less=count - 1 if count > 2 else None,
        tabs=tabs(request, "plans"),
    )


def commitment_of(request: Request, plan: str, number: int) -> Commitment:
    """A commitment that the reader may see.

    Raises:
        NotVisible: there is none.
    """
    found = request.planbook.commitments(request.planbook.plan(plan)).select_related("plan", "source", "checked_by")
    held: Commitment | None = found.filter(number=number).first() if number < 2**31 else None
    if held is None:
        raise NotVisible(number)
    return held


def _around(held: Commitment) -> Any:
    """The block a commitment was read in, marked, under the heading it stands under."""
    blocks = held.plan.blocks
    if not held.block < len(blocks):
        return _("The text of this plan is not kept.")
    over = next((at for at in range(held.block, -1, -1) if blocks[at]["kind"] == "heading"), held.block)
    shown = [blocks[at] for at in sorted({over, held.block})]
    return text.html(shown, [(len(shown) - 1, held.begin, held.finish, held.number, held.check_state)])
