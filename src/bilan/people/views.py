"""Logging in and out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bilan.pack.registers.words import Bilingual
from bilan.people import entering
from bilan.people.demo import ACCOUNTS
from bilan.people.models import Person


def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password; the demo city shows its accounts beside the form."""
    target = _target(request)
    if request.user.is_authenticated:
        return redirect(target)
    values: dict[str, Any] = {
        "next": target,
        "accounts": ACCOUNTS if settings.CITY.demo else (),
        "username": "",
        "error": _("Single sign-on did not let you in.") if request.GET.get("sso") == "failed" else "",
        "sso": Bilingual.parse(settings.SSO.title).text(get_language() or "") if settings.SSO.issuer else "",
    }
    if request.method == "POST":
        values["username"] = request.POST.get("username", "")
        try:
            if not entering.with_password(request, values["username"], request.POST.get("password", ""), target):
                return redirect("login-code")
            return remembering(redirect(target), request.user)
        except entering.Refused as refusal:
            values["error"] = said(refusal, _("User name or password is wrong."))
    return render(request, "people/login.html", values, status=401 if request.method == "POST" else 200)


def log_in_code(request: HttpRequest) -> HttpResponse:
    """Ask whoever has given the right password for the second factor."""
    kept = entering.pending(request)
    if kept is None:
        return redirect("login")
    error = ""
    if request.method == "POST":
        try:
            person = entering.with_code(request, request.POST.get("code", ""))
            return remembering(redirect(kept["target"]), person)
        except entering.Refused as refusal:
            error = said(refusal, _("This code is wrong or was used already."))
    return render(request, "people/code.html", {"error": error}, status=401 if error else 200)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    entering.leave(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def said(refusal: entering.Refused, otherwise: str) -> str:
    """Why nobody was let in: how long to wait, else `otherwise`."""
    if not refusal.seconds:
        return otherwise
    minutes = max(1, round(refusal.seconds / 60))
    text = ngettext("Too many wrong attempts. Try again in %(n)d minute.", "Too many wrong attempts. Try again in %(n)d minutes.", minutes)
    return text % {"n": minutes}


def remembering(response: HttpResponse, person: Person) -> HttpResponse:
    """The response with the language of whoever has logged in."""
    if person.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax")
    return response


def _target(request: HttpRequest) -> str:
    target: str = request.POST.get("next") or request.GET.get("next") or settings.LOGIN_REDIRECT_URL
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else settings.LOGIN_REDIRECT_URL
