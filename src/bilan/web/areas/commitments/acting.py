"""What is done with one commitment from its page or beside the text; the answer is a page, or what the review page puts in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.people.visibility import NotVisible
from bilan.plans import confirming, targeting
from bilan.plans.models import Commitment
from bilan.problems import BilanError
from bilan.web.areas.commitments import cards, happened, indicators
from bilan.web.areas.commitments.filtering import counted
from bilan.web.areas.commitments.forms import FieldsForm, given_of
from bilan.web.areas.commitments.frame import edits, insist, whole_number
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.registry import Request

Do = Callable[[Request, Commitment], tuple[str, int]]
"""Does something; gives what to say and the number of the commitment to go on with."""
NEAR = 4
"""So many commitments before and after are offered to be merged with."""
CONFLICT, REFUSED = 409, 400


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something was not done to a commitment, for its page to tell.

    Attributes:
        held: the commitment as it stands now.
        wish: what was asked for; `sent`: with what, so that nobody types it again.
        told: why not, a line each; `changed`: what others did since the sender looked.
    """

    held: Commitment
    wish: str
    sent: QueryDict
    told: tuple[str, ...]
    changed: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """Status of the answer."""
        return CONFLICT if self.changed else REFUSED


def act(request: Request, held: Commitment) -> HttpResponse | Refused:
    """Do what a form asks for with a commitment; a script is told in JSON why not, a page tells it itself."""
    insist(request)
    wish = request.POST.get("do", "")
    if wish not in DONE:
        raise NotVisible(wish)
    try:
        said, number = DONE[wish](request, held)
    except BilanError as error:
        refused = _refused(request, held, wish, error)
        return _answered(request, refused) if wants_json(request) else refused
    if wants_json(request):
        fresh = request.planbook.commitments(held.plan).get(number=number)
        elsewhere = f"{reverse('plan', args=[held.plan.code])}?at={number}" if wish in {"split", "merge"} else ""
        if elsewhere:
            messages.success(request, said)
        return JsonResponse({"message": said, "go": elsewhere, **shown(request, fresh)})
    messages.success(request, said)
    return redirect("commitment", held.plan.code, number)


def shown(request: Request, held: Commitment, refused: Refused | None = None) -> dict[str, Any]:
    """A commitment as the review page puts it in place of what it shows: its line, all of it, and the progress of the plan."""
    every = request.planbook.commitments(held.plan).select_related(None).only("kind", "check_state", "section")
    counts = counted(list(every))
    return {
        "number": held.number,
        "line": cards.Lines(held.plan, edits=edits(request)).one(held),
        "detail": render_to_string("commitments/opened.html", values(request, held, refused), request),
        "done": counts["done"],
        "total": counts["total"],
    }


def values(request: Request, held: Commitment, refused: Refused | None = None) -> dict[str, Any]:
    """What an opened commitment shows, with its forms for those who may use them; what was sent in vain stands in them still."""
    may = edits(request)
    typed = given_of(request) if refused is not None and refused.wish == "correct" else held
    targets = [(target.code, link("target", target.code)) for target in request.planbook.targets().filter(commitment=held)]
    found = {**cards.opened(held, edits=may), **indicators.shown(held), "targets": targets}
    if may:
        chosen = {text.partition(":")[0] for text in refused.sent.getlist("with")} if refused is not None else set()
        near = [(other, str(other.number) in chosen) for other in _near(request, held)]
        form = FieldsForm(typed, place=f"f{held.number}")
        found |= {"form": form, "near": near, "merging": bool(chosen), "refused": refused, **indicators.choices(held)}
    return found


def wants_json(request: Request) -> bool:
    """Whether a script asks."""
    return request.headers.get("Accept", "") == "application/json"


def _refused(request: Request, held: Commitment, wish: str, error: BilanError) -> Refused:
    """Why, with what others did meanwhile to each commitment that is concerned."""
    language = numbers.language()
    every = request.planbook.commitments(held.plan).select_related("plan", "checked_by", "source")
    told, changed = [], []
    for problem in error.problems:
        told.append(problem.text(language))
        if problem.code == "planbook.conflict":
            other = every.get(number=problem.values["number"])
            said = happened.events(other, problem.values["value"])
            changed += [f"{other.number} {event['title']} · {event['text']} · {event['when']}" for event in said] or [told[-1]]
    return Refused(every.get(pk=held.pk), wish, request.POST, tuple(told), tuple(changed))


def _answered(request: Request, refused: Refused) -> JsonResponse:
    """For a script: why not; when others were faster, what they did and everything that was concerned as it stands now."""
    answer: dict[str, Any] = {"error": "\n".join(refused.told)}
    if refused.changed:
        chosen = [int(number) for text in refused.sent.getlist("with") if (number := text.partition(":")[0]).isdecimal()]
        lines = cards.Lines(refused.held.plan, edits=True)
        others = request.planbook.commitments(refused.held.plan).filter(number__in=chosen)
        answer |= {
            "changed": refused.changed,
            "others": {other.number: lines.one(other) for other in others.exclude(pk=refused.held.pk)},
            **shown(request, refused.held, refused),
        }
    return JsonResponse(answer, status=refused.status)


def _near(request: Request, held: Commitment) -> list[Commitment]:
    """Commitments that may promise the same: of the same block, and the next ones before and after."""
    every = request.planbook.commitments(held.plan).exclude(pk=held.pk).exclude(check_state="rejected").select_related(None)
    around = every.filter(number__gte=held.number - NEAR, number__lte=held.number + NEAR) | every.filter(block=held.block)
    return list(around.order_by("number")[: 4 * NEAR])


def version_of(request: Request) -> int | None:
    """Version that the sender looked at; None when they did not look."""
    text = request.POST.get("version", "")
    return whole_number(text, "version") if text else None


def _confirm(request: Request, held: Commitment) -> tuple[str, int]:
    confirming.confirm(held, request.user, version=version_of(request))
    return _("Commitment %(n)d is confirmed.") % {"n": held.number}, held.number


def _correct(request: Request, held: Commitment) -> tuple[str, int]:
    confirming.correct(held, given_of(request), request.user, version=version_of(request))
    return _("Commitment %(n)d is corrected.") % {"n": held.number}, held.number


def _reject(request: Request, held: Commitment) -> tuple[str, int]:
    confirming.reject(held, request.user, version=version_of(request))
    return _("Commitment %(n)d counts no more.") % {"n": held.number}, held.number


def _reopen(request: Request, held: Commitment) -> tuple[str, int]:
    confirming.reopen(held, request.user, version=version_of(request))
    return _("Commitment %(n)d waits to be confirmed again.") % {"n": held.number}, held.number


def _link(request: Request, held: Commitment) -> tuple[str, int]:
    name = indicators.checked(request.POST.get("indicator", "").strip())
    confirming.link(held, name, request.user, version=version_of(request))
    return _("Commitment %(n)d is linked.") % {"n": held.number} if name else _("The link is gone."), held.number


def _target(request: Request, held: Commitment) -> tuple[str, int]:
    target = targeting.target_from(held, request.user)
    return _("%(code)s is a target now.") % {"code": target.code}, held.number


def _split(request: Request, held: Commitment) -> tuple[str, int]:
    count = whole_number(request.POST.get("parts", ""), "parts")
    parts = [given_of(request, f"p{at}") for at in range(min(count, confirming.MOST_PARTS))]
    made = confirming.split(held, parts, request.user, version=whole_number(request.POST.get("version", ""), "version"))
    return _("Commitment %(n)d was split into %(parts)d.") % {"n": held.number, "parts": len(made)}, made[0].number


def _merge(request: Request, held: Commitment) -> tuple[str, int]:
    """Merge with those that were chosen, each named with the version that the sender saw, as in ``12:3``."""
    versions = {held.number: whole_number(request.POST.get("version", ""), "version")}
    for text in request.POST.getlist("with"):
        number, _colon, version = text.partition(":")
        versions[whole_number(number, "with")] = whole_number(version, "with")
    chosen = list(request.planbook.commitments(held.plan).filter(number__in=versions))
    kept = confirming.merge(chosen, request.user, versions=versions)
    return _("%(count)d commitments were merged into number %(n)d.") % {"count": len(chosen), "n": kept.number}, kept.number


DONE: dict[str, Do] = {
    "confirm": _confirm,
    "correct": _correct,
    "reject": _reject,
    "reopen": _reopen,
    "link": _link,
    "target": _target,
    "split": _split,
    "merge": _merge,
}
"""What a form may ask for."""
