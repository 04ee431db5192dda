"""From a password to a session: wrong attempts, the second factor, what is written down."""

from __future__ import annotations

from typing import Any, NoReturn

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.utils import timezone
from django_otp import login as verified
from django_otp import match_token, user_has_device

from bilan.people import addresses, audit, lockout
from bilan.people.models import Person

PENDING = "entering"
"""Under this the session keeps who has given the right password and still owes the second factor."""
PATIENCE = 300
"""So long [s] the second factor is waited for."""
SSO = "sso"
"""Under this the session keeps that the provider of single sign-on let the person in."""


class Refused(Exception):
    """Nobody is let in.

    Attributes:
        seconds: how long nothing more is tried; 0 when it may be tried again now.
    """

    def __init__(self, seconds: float = 0) -> None:
        super().__init__()
        self.seconds = seconds


def with_password(request: HttpRequest, username: str, password: str, target: str) -> bool:
    """Let somebody in by their password.

    Returns:
        Whether they are in; else the second factor is still to be given.

    Raises:
        Refused: name or password is wrong, or too many attempts were.
    """
    address = addresses.of(request)
    if (pause := lockout.resting(username, address)).total_seconds() > 0:
        audit.record("login.refused", username, request=request)
        raise Refused(pause.total_seconds())
    person: Person | None = authenticate(request, username=username, password=password)
    if person is None:
        _failed(request, username, "password")
    if user_has_device(person):
        request.session.flush()
        request.session[PENDING] = {"person": person.pk, "backend": person.backend, "target": target, "since": timezone.now().timestamp()}
        return False
    enter(request, person)
    return True


def pending(request: HttpRequest) -> dict[str, Any] | None:
    """Who has given the right password a short while ago and owes the second factor: ``person``, ``backend``, ``target``."""
    kept = request.session.get(PENDING)
    if not isinstance(kept, dict) or timezone.now().timestamp() - kept["since"] > PATIENCE:
        return None
    return kept


def with_code(request: HttpRequest, code: str) -> Person:
    """Let in who owes the second factor, by a code of their application or one of their recovery codes.

    Raises:
        Refused: nobody waits, the code is wrong, or too many attempts were.
    """
    kept = pending(request)
    person = Person.objects.filter(pk=kept["person"], is_active=True).first() if kept else None
    if kept is None or person is None:
        raise Refused
    if (pause := lockout.resting(person.username, addresses.of(request))).total_seconds() > 0:
        raise Refused(pause.total_seconds())
    device = match_token(person, "".join(code.lower().split()))
    if device is None:
        _failed(request, person.username, "code")
    person.backend = kept["backend"]
    request.session.pop(PENDING)
    enter(request, person, factor=device.persistent_id.split("/")[0].rpartition(".")[2])
    verified(request, device)
    return person


def enter(request: HttpRequest, person: Person, factor: str = "") -> None:
    """Begin the session of somebody who has proved who they are."""
    login(request, person)
    lockout.succeeded(person.username)
    audit.record("login", person.username, request=request, detail={"factor": factor} if factor else None)


def leave(request: HttpRequest) -> None:
    """End the session."""
    if request.user.is_authenticated:
        audit.record("logout", request.user.username, request=request)
    logout(request)


def _failed(request: HttpRequest, username: str, what: str) -> NoReturn:
    """Count a wrong attempt and refuse."""
    count = lockout.failed(username, addresses.of(request))
    audit.record("login.failed", username, request=request, detail={"wrong": what, "attempts": count})
    raise Refused(lockout.resting(username, addresses.of(request)).total_seconds())
