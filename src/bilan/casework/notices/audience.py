"""Who is told: those whose role is responsible and whose reach covers the place."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from bilan.casework.models import Alert
from bilan.people.models import Delegation, Person
from bilan.people.roles import Capability
from bilan.people.visibility import Reach, visible_to

FALLBACK = ("duty-chief", "administrator")
"""Roles that are told when nobody of the responsible role covers the place."""


class Audience:
    """The persons of the city with their roles and reach, as they are at one moment."""

    def __init__(self, now: datetime | None = None) -> None:
        lent: dict[int, list[Delegation]] = defaultdict(list)
        at = now or timezone.now()
        active = Delegation.objects.filter(begins__lte=at, ends__gt=at, revoked=None, giver__is_active=True).select_related("giver")
        for delegation in active:
            lent[delegation.receiver_id].append(delegation)
        self._by_role: dict[str, list[Person]] = defaultdict(list)
        for person in Person.objects.filter(is_active=True).order_by("pk"):
            person._delegated = lent[person.pk]
            for role in {*person.roles, *(code for delegation in lent[person.pk] for code in delegation.lent)}:
                self._by_role[role].append(person)
        self._reaches: dict[int, tuple[Reach, ...]] = {}
        self._known: dict[tuple[str, str, str, str], list[Person]] = {}

    def of(self, alert: Alert, role: str) -> list[Person]:
        """Who is told about an alert: the holders of a role whose reach covers it; when there are none, whoever leads the duty there.

        Parameters:
            role: of the rule, or of the step of its escalation.
        """
        place = (alert.district, alert.town, alert.organisation)
        key = (role, *place)
        if key not in self._known:
            tried = (self._covering(code, *place) for code in (role, *FALLBACK))
            self._known[key] = next((found for found in tried if found), [])
        return self._known[key]

    def _covering(self, role: str, district: str, town: str, organisation: str) -> list[Person]:
        return [person for person in self._by_role.get(role, ()) if self._covers(person, district, town, organisation)]

    def _covers(self, person: Person, district: str, town: str, organisation: str) -> bool:
        if person.pk not in self._reaches:
            self._reaches[person.pk] = visible_to(person).kernel(Capability.SEE, "casework")
        shared = not district and not organisation
        return any(
            reach.covers(district, town, organisation) or (shared and reach.organisations is None) for reach in self._reaches[person.pk]
        )
