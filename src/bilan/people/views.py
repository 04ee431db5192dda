"""Logging in and out, and a person's own page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bilan.people.demo import ACCOUNTS
from bilan.people.models import Person, Token
from bilan.people.roles import Action

ACCOUNT_WRITES = Action.ENTER
"""Everybody may change their own password and tokens."""


def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password; the demo city shows its accounts beside the form."""
    target = _target(request)
    if request.user.is_authenticated:
        return redirect(target)
    values: dict[str, Any] = {"next": target, "accounts": ACCOUNTS if settings.CITY.demo else (), "username": "", "error": ""}
    if request.method == "POST":
        values["username"] = request.POST.get("username", "")
        person, values["error"] = _checked(request, values["username"], request.POST.get("password", ""))
        if person is not None:
            login(request, person)
            return _remembering(redirect(target), person)
    return render(request, "people/login.html", values, status=401 if values["error"] else 200)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def account(request: HttpRequest) -> HttpResponse:
    """A person's own page: who they are, their password, the tokens of their programs."""
    form = PasswordChangeForm(request.user, request.POST if request.POST.get("do") == "password" else None)
    if request.method == "POST":
        if request.POST.get("do") == "password" and form.is_valid():
            update_session_auth_hash(request, form.save())
            messages.success(request, _("Your password is changed."))
            return redirect("account")
        if request.POST.get("do") == "token":
            secret = Token.issue(request.user, request.POST.get("label", "").strip()[:80] or _("Program"))
            return render(request, "people/account.html", {"form": form, "secret": secret})
        if request.POST.get("do") == "revoke":
            number = request.POST.get("token", "")
            request.user.tokens.filter(pk=int(number) if number.isascii() and number.isdigit() else 0).delete()
            return redirect("account")
    return render(request, "people/account.html", {"form": form})


def _checked(request: HttpRequest, username: str, password: str) -> tuple[Person | None, str]:
    """The person when name and password fit, else why not; too many wrong passwords make an account rest."""
    known = Person.objects.filter(username=username).first()
    if known is not None and known.resting:
        return None, _("Too many wrong passwords. Try again in a minute.")
    person: Person | None = authenticate(request, username=username, password=password)
    if person is None:
        if known is not None:
            known.failed()
        return None, _("User name or password is wrong.")
    person.succeeded()
    return person, ""


def _target(request: HttpRequest) -> str:
    target: str = request.POST.get("next") or request.GET.get("next") or settings.LOGIN_REDIRECT_URL
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else settings.LOGIN_REDIRECT_URL


def _remembering(response: HttpResponse, person: Person) -> HttpResponse:
    if person.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax")
    return response
