"""A person's own page: password, second factor, tokens, sessions, delegations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.people import audit, factors, obligations, sessions, staff
from bilan.people.models import Delegation, Token
from bilan.people.roles import Action
from bilan.problems import BilanError
from bilan.web.areas.people import frame, words
from bilan.web.areas.people.forms import DelegationForm
from bilan.web.components import numbers
from bilan.web.registry import Request, page

Answer: TypeAlias = "HttpResponse | dict[str, Any]"


@page("account", name="account", reads=Action.ENTER, writes=Action.ENTER)
def account(request: Request) -> HttpResponse:
    """Show the page, or do what was asked and show it again."""
    values: dict[str, Any] = {}
    if request.method == "POST":
        answer = _DOING.get(frame.done(request), _nothing)(request)
        if isinstance(answer, HttpResponse):
            return answer
        values = answer
    now = timezone.localtime()
    values.setdefault("form", PasswordChangeForm(request.user))
    soon = {"begins": now, "ends": now + timedelta(days=7)}
    values.setdefault("delegating", DelegationForm(giver=request.user, initial=soon))
    return render(
        request,
        "people/account.html",
        {
            **values,
            "due": obligations.due(request),
            "enrolled": factors.enrolled(request.user),
            "recovery_left": factors.recovery_left(request.user),
            "sessions": frame.session_rows(request.user),
            "present": request.session.session_key,
            "given": [told(entry, entry.receiver) for entry in request.user.given.select_related("receiver")[:20]],
            "received": [told(entry, entry.giver) for entry in request.user.received.select_related("giver")[:20]],
        },
    )


@page("account/second-factor", name="account-second-factor", reads=Action.ENTER, writes=Action.ENTER)
def second_factor(request: Request) -> HttpResponse:
    """Set the second factor up, give it for this session, make new recovery codes, or do without it."""
    error = ""
    if request.method == "POST":
        if frame.done(request) == "confirm":
            if codes := factors.confirm(request, request.POST.get("code", "")):
                return render(request, "people/recovery.html", {"codes": codes})
            error = _("This code is wrong or was used already.")
        elif frame.done(request) == "recovery" and request.user.is_verified():
            return render(request, "people/recovery.html", {"codes": factors.renew_recovery(request.user)})
        elif frame.done(request) == "remove" and request.user.is_verified():
            factors.remove(request.user, request)
            return redirect("account")
    enrolled = factors.enrolled(request.user)
    values = {
        "error": error,
        "enrolled": enrolled,
        "verified": request.user.is_verified(),
        "needed": request.user.needs_second_factor,
        "recovery_left": factors.recovery_left(request.user),
        # Whoever has one proves it before another takes its place.
        "enrolment": factors.begin(request.user) if not enrolled or request.user.is_verified() else None,
    }
    return render(request, "people/factor.html", values, status=400 if error else 200)


def told(delegation: Delegation, other: Any) -> dict[str, Any]:
    """A delegation as the account page lists it."""
    tone, state = words.DELEGATION[delegation.state]
    return {
        "id": delegation.pk,
        "other": str(other),
        "roles": " · ".join(frame.role_title(code) for code in delegation.roles),
        "begins": frame.stamp(delegation.begins),
        "ends": frame.stamp(delegation.ends),
        "reason": delegation.reason,
        "state": delegation.state,
        "tone": tone,
        "said": state,
    }


def _nothing(_request: Request) -> Answer:
    return redirect("account")


def _password(request: Request) -> Answer:
    form = PasswordChangeForm(request.user, request.POST)
    if not form.is_valid():
        return {"form": form}
    person = form.save()
    staff.changed_password(request, person)
    update_session_auth_hash(request, person)
    messages.success(request, _("Your password is changed."))
    return redirect("account")


def _token(request: Request) -> Answer:
    label = request.POST.get("label", "").strip()[:80] or _("Program")
    secret = Token.issue(request.user, label)
    audit.record("token.add", label, request=request)
    return {"secret": secret}


def _revoke_token(request: Request) -> Answer:
    number = request.POST.get("token", "")
    token = request.user.tokens.filter(pk=int(number) if number.isascii() and number.isdigit() else 0).first()
    if token is not None:
        audit.record("token.revoke", token.label, request=request)
        token.delete()
    return redirect("account")


def _end(request: Request) -> Answer:
    staff.end_session(request, request.POST.get("session", ""), of=request.user)
    return redirect("account")


def _end_others(request: Request) -> Answer:
    ended = sessions.end_others(request)
    audit.record("session.end", request.user.username, request=request, detail={"count": ended})
    messages.success(request, _("All other sessions are ended."))
    return redirect("account")


def _delegate(request: Request) -> Answer:
    form = DelegationForm(request.POST, giver=request.user)
    if form.is_valid():
        given = form.cleaned_data
        try:
            staff.delegate(
                request, request.user, form.person(), given["roles"], begins=given["begins"], ends=given["ends"], reason=given["reason"]
            )
        except BilanError as error:
            form.add_error(None, error.text(numbers.language()))
        else:
            messages.success(request, _("The delegation is made; it ends by itself."))
            return redirect("account")
    return {"delegating": form}


def _revoke(request: Request) -> Answer:
    number = request.POST.get("delegation", "")
    found = request.user.given.filter(pk=int(number) if number.isascii() and number.isdigit() else 0).first()
    if found is not None:
        staff.revoke(request, found)
    return redirect("account")


_DOING: dict[str, Callable[[Request], Answer]] = {
    "password": _password,
    "token": _token,
    "revoke": _revoke_token,
    "end": _end,
    "end-others": _end_others,
    "delegate": _delegate,
    "revoke-delegation": _revoke,
}
"""What a form of the page asks for → what does it."""
