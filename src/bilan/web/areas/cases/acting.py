"""What is done with a case beside moving it: comments, who has it, the clock, taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.casework import moving
from bilan.casework.models import Case
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.web import site
from bilan.web.areas.cases import bringing, persons
from bilan.web.areas.cases.frame import OPEN, note_of
from bilan.web.components import numbers
from bilan.web.registry import Request

Do = Callable[[Request, Case], str]


def act(request: Request, case: Case) -> HttpResponse:
    """Do what a form on the page of a case asks for, and come back to where it was sent from."""
    done = DONE.get(request.POST.get("do", ""))
    if done is None:
        raise NotVisible(request.POST.get("do", ""))
    try:
        messages.success(request, done(request, case))
    except BilanError as error:
        messages.error(request, error.text(numbers.language()))
    address = request.POST.get("next", "")
    if address and url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(address)
    return redirect("case", case.code)


def choices(request: Request, case: Case) -> dict[str, Any]:
    """Which of these the reader may do now; the door decides once more when it is done."""
    assigns = request.docket.can(Capability.ASSIGN, case)
    handles = request.docket.can(Capability.HANDLE, case)
    own = case.owner_id == request.user.pk
    running, is_open = case.standing == "running", case.standing in OPEN
    candidates = persons.candidates(case, persons.responsible(case)) if running and (assigns or own) else []
    return {
        "comments": handles,
        "takes": running and handles and case.owner_id is None and persons.fits(request.user, case, persons.responsible(case)),
        "gives": candidates,
        "releases": running and own,
        "helps": persons.candidates(case) if running and (assigns or own) else [],
        "helping": [(person.pk, str(person)) for person in case.helpers.all()] if assigns or own else [],
        "transfers": [(area.adcode, numbers.named(area)) for area in site.districts()] if running and (assigns or own) else [],
        "suspends": running and assigns,
        "resumes": case.standing == "suspended" and (assigns or own),
        "withdraws": is_open and assigns,
        "urges": running and assigns,
        "reopens": not is_open and handles and _may_reopen(case),
    }


def _may_reopen(case: Case) -> bool:
    return any(rule.on == "person" for rule in moving.flow_of(case).reopen)


def _comment(request: Request, case: Case) -> str:
    piece = bringing.free(request, case, request.POST.get("kind", "document"))
    text = note_of(request) or (piece.name if piece is not None else "")
    moving.comment(case, text, request.user, evidence=[piece.pk] if piece is not None else [], key=_key(request))
    return _("Written down.")


def _take(request: Request, case: Case) -> str:
    moving.assign(case, request.user, request.user)
    return _("%(code)s is yours now.") % {"code": case.code}


def _assign(request: Request, case: Case) -> str:
    to = persons.chosen(request, case, request.POST.get("to", ""), persons.responsible(case))
    moving.assign(case, to, request.user, note=note_of(request))
    return _("%(code)s was given to %(person)s.") % {"code": case.code, "person": to}


def _release(request: Request, case: Case) -> str:
    moving.assign(case, None, request.user, note=note_of(request))
    return _("%(code)s waits for somebody again.") % {"code": case.code}


def _help(request: Request, case: Case) -> str:
    person = persons.chosen(request, case, request.POST.get("to", ""))
    moving.add_helper(case, person, request.user, note=note_of(request))
    return _("%(person)s helps with it.") % {"person": person}


def _unhelp(request: Request, case: Case) -> str:
    person = case.helpers.filter(pk__in=[text for text in [request.POST.get("to", "")] if text.isascii() and text.isdigit()]).first()
    if person is None:
        raise BilanError(Problem("web.bad_parameter", {"name": "to", "value": request.POST.get("to", "")[:20], "allowed": "…"}))
    assert isinstance(person, Person)
    moving.remove_helper(case, person, request.user, note=note_of(request))
    return _("%(person)s helps no more.") % {"person": person}


def _transfer(request: Request, case: Case) -> str:
    district = request.POST.get("district", "")
    if district not in {area.adcode for area in site.districts()}:
        raise BilanError(Problem("web.bad_parameter", {"name": "district", "value": district[:20], "allowed": "…"}))
    moving.transfer(case, request.user, note=note_of(request), district=district)
    return _("%(code)s was handed to %(district)s.") % {"code": case.code, "district": site.district_name(district, numbers.language())}


def _suspend(request: Request, case: Case) -> str:
    moving.suspend(case, request.user, note=note_of(request))
    return _("The clock stands.")


def _resume(request: Request, case: Case) -> str:
    moving.resume(case, request.user, note=note_of(request))
    return _("The clock runs again.")


def _withdraw(request: Request, case: Case) -> str:
    moving.withdraw(case, request.user, note=note_of(request))
    return _("The case was withdrawn.")


def _reopen(request: Request, case: Case) -> str:
    moving.reopen(case, request.user, note=note_of(request))
    return _("The case is open again.")


def _urge(request: Request, case: Case) -> str:
    moving.urge(case, request.user, note=note_of(request))
    return _("Whom it concerns was urged.")


def _key(request: Request) -> str:
    return "".join(sign for sign in request.POST.get("key", "")[:40] if sign.isalnum() or sign == "-")


DONE: dict[str, Do] = {
    "comment": _comment,
    "take": _take,
    "assign": _assign,
    "release": _release,
    "help": _help,
    "unhelp": _unhelp,
    "transfer": _transfer,
    "suspend": _suspend,
    "resume": _resume,
    "withdraw": _withdraw,
    "reopen": _reopen,
    "urge": _urge,
}
"""What a form may ask for."""
NOTED = {
    "suspend": gettext_lazy("Stop the clock"),
    "withdraw": gettext_lazy("Withdraw the case"),
    "reopen": gettext_lazy("Reopen the case"),
    "urge": gettext_lazy("Urge"),
}
"""What needs nothing but a reason, with the words of its button."""
