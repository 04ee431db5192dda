"""Sessions that know whose they are, so that they can be listed and ended."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from bilan.people.models.person import Person


class PersonSession(AbstractBaseSession):
    """A session with the person who is logged in by it.

    Attributes:
        address, agent: where it was begun from and with which program.
        began, seen: when it was begun and, to within a few minutes, last used.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    began = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        """The store that keeps sessions here."""
        from bilan.people.sessions import SessionStore  # noqa: PLC0415  # the store needs this model

        return SessionStore
