"""The review of a plan: its text on the left, its commitments on the right, linked both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.plans import confirming, targeting
from bilan.plans.models import Check, Commitment, Plan
from bilan.problems import BilanError, Problem
from bilan.registers import attachments
from bilan.web.areas.commitments import cards, indicators, text
from bilan.web.areas.commitments.acting import wants_json
from bilan.web.areas.commitments.filtering import Choice, counted
from bilan.web.areas.commitments.forms import PlanForm
from bilan.web.areas.commitments.frame import EDITS, SECTION, SEES, edits, insist, title_of, whole_number
from bilan.web.areas.commitments.listpage import STATES
from bilan.web.areas.scorecard.frame import tabs
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

EXPORTS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))
"""Kinds of file and their titles."""


@page("plans/<slug:plan>", name="plan", section=SECTION, reads=SEES, writes=EDITS)
def plan(request: Request, plan: str) -> HttpResponse:
    """A plan beside its commitments; confirms many at once."""
    found = request.planbook.plan(plan)
    if request.method == "POST":
        return _act(request, found)
    choice = Choice.read(request.GET)
    if request.headers.get("HX-Request"):
        return show(request, "commitments/pane.html", **_pane(request, found, choice))
    return show(request, "commitments/review.html", **_page(request, found, choice))


@page("plans/<slug:plan>/about", name="plan-about", section=SECTION, reads=SEES, writes=EDITS)
def about(request: Request, plan: str) -> HttpResponse:
    """What is known of the document itself; changes it."""
    found = request.planbook.plan(plan)
    form = PlanForm.of(found, request.POST or None)
    if request.method == "POST":
        insist(request)
        if form.is_valid():
            try:
                confirming.describe(
                    found, form.cleaned_data, request.user, version=whole_number(request.POST.get("version", ""), "version")
                )
            except BilanError as error:
                messages.error(request, error.text(numbers.language()))
            else:
                messages.success(request, _("Written down."))
                return redirect("plan-about", found.code)
    told = [Problem.from_dict(problem).text(numbers.language()) for problem in found.problems]
    return show(
        request,
        "commitments/about.html",
        plan=found,
        title=title_of(found),
        form=form if edits(request) else None,
        told=told,
        tabs=tabs(request, "plans"),
        file=_file(found) is not None,
        state=(STATES.get(found.state, "quiet"), found.get_state_display()),
    )


@page("plans/<slug:plan>/file", name="plan-file", section=SECTION, reads=SEES, writes=EDITS)
def file(request: Request, plan: str) -> FileResponse:
    """The document as it was handed in."""
    found = request.planbook.plan(plan)
    path = _file(found)
    if path is None:
        raise NotVisible(plan)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=found.file or f"{found.code}.txt")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file(plan: Plan) -> Any:
    path = attachments.path_of(plan.digest) if plan.digest else None
    return path if path is not None and path.is_file() else None


def _page(request: Request, plan: Plan, choice: Choice) -> dict[str, Any]:
    pane = _pane(request, plan, choice)
    spans = [(held.block, held.begin, held.finish, held.number, held.check_state) for held in pane["every"]]
    return {
        **pane,
        "text": text.html(plan.blocks, spans),
        "headings": [(at, "　" * max(0, level - 2) + said[:40]) for at, level, said in text.sections(plan.blocks)],
        "tabs": tabs(request, "plans"),
        "others": request.planbook.plans().exclude(pk=plan.pk).exists(),
        "at": request.GET.get("at", ""),
        "demo": plan.demo,
        "state": (STATES.get(plan.state, "quiet"), plan.get_state_display()),
    }


def _pane(request: Request, plan: Plan, choice: Choice) -> dict[str, Any]:
    """What the list of commitments needs."""
    every = _every(request, plan)
    shown = list(choice.of(every)) if choice.chosen else list(every)
    everything = list(every) if choice.chosen else shown
    may = edits(request)
    return {
        "plan": plan,
        "title": title_of(plan),
        "every": everything,
        "choice": choice,
        "lines": cards.Lines(plan, edits=may).html(shown),
        "count": len(shown),
        "waiting": sum(held.check_state == Check.OPEN for held in shown),
        "edits": may,
        "may_export": request.planbook.can(Capability.EXPORT),
        "export_forms": EXPORTS,
        **counted(everything),
    }


def _every(request: Request, plan: Plan) -> Any:
    found = request.planbook.commitments(plan).select_related(None).defer("words", "notes", "as_read", "sentence")
    return found.order_by("block", "begin", "number")


def _act(request: Request, plan: Plan) -> HttpResponse:
    """Do something with all commitments that a form chooses."""
    insist(request)
    choice = Choice.read(request.POST)
    wish = request.POST.get("do", "")
    if wish not in MANY:
        raise NotVisible(wish)
    count, said = MANY[wish](request, choice.of(Commitment.objects.filter(plan=plan)), choice)
    if wants_json(request):
        return JsonResponse({"message": said, "count": count})
    messages.success(request, said)
    return redirect(f"{reverse('plan', args=[plan.code])}{choice.query}")


def _confirm(request: Request, found: QuerySet[Commitment], choice: Choice) -> tuple[int, str]:
    count = confirming.confirm_many(found, request.user, chosen=choice.chosen)
    return count, ngettext("%(n)d commitment was confirmed.", "%(n)d commitments were confirmed.", count) % {"n": count}


def _link(request: Request, found: QuerySet[Commitment], _choice: Choice) -> tuple[int, str]:
    count = confirming.link_sure(found, indicators.catalogue(), request.user)
    return count, ngettext("%(n)d commitment was linked.", "%(n)d commitments were linked.", count) % {"n": count}


def _target(request: Request, found: QuerySet[Commitment], _choice: Choice) -> tuple[int, str]:
    count = len(targeting.targets_from(found, request.user))
    return count, ngettext("%(n)d target was made.", "%(n)d targets were made.", count) % {"n": count}


MANY: dict[str, Callable[[Request, QuerySet[Commitment], Choice], tuple[int, str]]] = {
    "confirm": _confirm,
    "link": _link,
    "target": _target,
}
"""What can be done with many commitments at once."""
