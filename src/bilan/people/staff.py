"""Looking after persons: who may be given what, and every change written down."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from bilan.pack.roles import clashes, current
from bilan.people import audit, factors, lockout, sessions
from bilan.people.models import Delegation, Person
from bilan.people.visibility import NotAllowed
from bilan.problems import BilanError, Problem

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Characters that cannot be taken for one another."""
KEPT = ("name", "roles", "districts", "organisation", "language", "is_active")
"""What is compared and written down when a person is changed."""


@dataclass(frozen=True, slots=True)
class Made:
    """A person with the password they begin with, which is shown once."""

    person: Person
    password: str


def check_roles(roles: Sequence[str], beside: Sequence[str] = ()) -> None:
    """Refuse roles that nobody may have together.

    Parameters:
        beside: roles the person has anyway.

    Raises:
        BilanError: two of them exclude one another.
    """
    if found := clashes([*roles, *beside], current(settings.CITY.pack)):
        raise BilanError(*(Problem("people.roles_clash", {"value": first, "other": second}) for first, second in found))


@transaction.atomic
def add(request: HttpRequest, username: str, **values: Any) -> Made:
    """Make a person with a password that they must change.

    Raises:
        BilanError: the roles exclude one another, or the user name is taken.
    """
    check_roles(values.get("roles", ()))
    if Person.objects.filter(username=username).exists():
        raise BilanError(Problem("people.username_taken", {"value": username}))
    password = fresh_password()
    person = Person.objects.create_user(username, password, must_change=True, **values)
    audit.record("person.add", username, request=request, detail=values)
    return Made(person, password)


@transaction.atomic
def edit(request: HttpRequest, person: Person, **values: Any) -> bool:
    """Change a person; whoever is closed is thrown out at once.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowed: it is the one who asks, and it is about their rights.
        BilanError: the roles exclude one another.
    """
    before = {name: getattr(person, name) for name in KEPT}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return False
    if person.pk == request.user.pk and set(changed) - {"name", "language"}:
        raise NotAllowed("own rights")
    lent = [code for delegation in Delegation.active(person) for code in delegation.lent]
    check_roles(values.get("roles", person.roles), lent)
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    if not person.is_active:
        sessions.listed(person).delete()
        person.tokens.all().delete()
    detail = {name: {"from": before[name], "to": value} for name, value in changed.items()}
    audit.record("person.edit", person.username, request=request, detail=detail)
    return True


@transaction.atomic
def reset_password(request: HttpRequest, person: Person) -> str:
    """Give a person a new password that they must change, end their sessions, and return it to be told once.

    Raises:
        NotAllowed: it is the one who asks: their own password they change themselves.
    """
    if person.pk == request.user.pk:
        raise NotAllowed("own password")
    password = fresh_password()
    person.set_password(password)
    person.must_change = True
    person.save()
    sessions.listed(person).delete()
    lockout.unlock(person.username)
    audit.record("password.reset", person.username, request=request)
    return password


def changed_password(request: HttpRequest, person: Person) -> None:
    """Note that a person has changed their own password."""
    person.must_change = False
    person.save(update_fields=["must_change"])
    audit.record("password.change", person.username, request=request)


def unlock(request: HttpRequest, person: Person) -> None:
    """Let somebody try again who rests after wrong attempts."""
    lockout.unlock(person.username)
    audit.record("person.unlock", person.username, request=request)


def forget_factor(request: HttpRequest, person: Person) -> None:
    """Take the second factor from somebody who has lost it.

    Raises:
        NotAllowed: it is the one who asks.
    """
    if person.pk == request.user.pk:
        raise NotAllowed("own factor")
    factors.remove(person, request)


def end_session(request: HttpRequest, key: str, *, of: Person | None = None) -> bool:
    """End a session, of one person only when `of` is given; whether there was one."""
    found = sessions.listed(of).filter(session_key=key).first()
    if found is None:
        return False
    audit.record("session.end", found.person.username, request=request, detail={"began": str(found.began), "from": found.address})
    found.delete()
    return True


@transaction.atomic
def delegate(
    request: HttpRequest, giver: Person, receiver: Person, roles: Sequence[str], *, begins: datetime, ends: datetime, reason: str
) -> Delegation:
    """Lend roles for a time.

    Raises:
        BilanError: the giver has not got them, the receiver is the giver or closed, the time is over or ends before it begins, or the
            receiver would have roles that exclude one another.
    """
    foreign = [code for code in roles if code not in giver.roles]
    if foreign or not roles:
        raise BilanError(Problem("people.not_own_role", {"value": ", ".join(foreign), "allowed": giver.roles}))
    if receiver.pk == giver.pk or not receiver.is_active:
        raise BilanError(Problem("people.wrong_receiver", {"value": receiver.username}))
    if ends <= begins or ends <= timezone.now():
        raise BilanError(Problem("people.time_is_over", {"value": f"{timezone.localtime(ends):%Y-%m-%d %H:%M}"}))
    check_roles(roles, [*receiver.roles, *(code for entry in Delegation.active(receiver) for code in entry.lent)])
    made = Delegation.objects.create(
        giver=giver, receiver=receiver, roles=list(roles), begins=begins, ends=ends, reason=reason, made_by=request.user.username
    )
    detail = {"to": receiver.username, "roles": list(roles), "begins": begins, "ends": ends, "reason": reason}
    audit.record("delegation.add", giver.username, request=request, detail=detail)
    return made


def revoke(request: HttpRequest, delegation: Delegation) -> None:
    """End a delegation before its time."""
    if delegation.revoked is None:
        delegation.revoked = timezone.now()
        delegation.save(update_fields=["revoked"])
        audit.record("delegation.revoke", delegation.giver.username, request=request, detail={"to": delegation.receiver.username})


def fresh_password() -> str:
    """A password to begin with: sixteen characters, easy to read aloud."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
