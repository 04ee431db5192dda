"""The store of sessions: Django's own, with whose each session is beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from bilan.people import addresses
from bilan.people.models import Person, PersonSession

NOTED = timedelta(minutes=2)
"""How exactly it is known when a session was last used."""


class SessionStore(DatabaseStore):
    """Keeps sessions in `PersonSession`."""

    @classmethod
    def get_model_class(cls) -> type[PersonSession]:
        """The table."""
        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> PersonSession:
        """The row of a session with what can be read from it."""
        row: PersonSession = super().create_model_instance(data)
        row.person_id = data.get("_auth_user_id")
        row.address, row.agent = data.get("address", ""), data.get("agent", "")
        row.began, row.seen = _moment(data.get("began")), _moment(data.get("seen"))
        return row


def begin(request: HttpRequest) -> None:
    """Note in the session of somebody who has just logged in where they are and when."""
    now = timezone.now().timestamp()
    request.session["address"] = addresses.of(request)
    request.session["agent"] = request.headers.get("User-Agent", "")[:300]
    request.session["began"] = request.session["seen"] = now


def idle(request: HttpRequest, *, counts: bool = True) -> bool:
    """Whether the session was left alone for longer than the city allows; when this request `counts`, notes that it is used now."""
    now, seen = timezone.now().timestamp(), request.session.get("seen")
    longest = 60 * settings.SECURITY.idle_minutes
    if longest and seen is not None and now - seen > longest:
        return True
    if counts and (seen is None or now - seen > min(NOTED.total_seconds(), longest / 4 or NOTED.total_seconds())):
        request.session["seen"] = now
    return False


def listed(person: Person | None = None) -> QuerySet[PersonSession]:
    """Sessions that are alive, of one person or of all, the latest used first."""
    alive = PersonSession.objects.filter(expire_date__gt=timezone.now()).exclude(person=None).select_related("person")
    return (alive if person is None else alive.filter(person=person)).order_by("-seen")


def end_others(request: HttpRequest) -> int:
    """End all sessions of the person who asks but the one they ask by; returns how many."""
    return listed(request.user).exclude(session_key=request.session.session_key).delete()[0]


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=timezone.get_default_timezone())
