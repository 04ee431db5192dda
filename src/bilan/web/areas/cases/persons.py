"""Who may be given a case: those who may handle it, in one of the roles that are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bilan.casework.docket import Docket
from bilan.casework.models import Case
from bilan.casework.moving import flow_of
from bilan.pack.flows import Flow, Kind
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.people.visibility import scope_of
from bilan.problems import BilanError, Problem
from bilan.web.areas.people.frame import known_roles
from bilan.web.registry import Request

MOST = 5000
"""Persons looked at."""


def responsible(case: Case) -> tuple[str, ...]:
    """Roles that can bring a case on from where it stands; none for anybody who may handle cases."""
    return responsible_at(flow_of(case), case.state, *case.parts.values())


def responsible_at(flow: Flow, *states: str) -> tuple[str, ...]:
    """Roles that can bring cases on from these states; none for anybody who may handle cases."""
    ways = [way for state in states for way in flow.leaving(state) if way.kind not in {Kind.URGE, Kind.CANCEL}]
    if any(not way.roles for way in ways):
        return ()
    return tuple(dict.fromkeys(role for way in ways for role in way.roles))


def holding(roles: Collection[str]) -> list[tuple[str, str]]:
    """Persons who have one of the roles, wherever they may act."""
    found = [person for person in Person.objects.filter(is_active=True).order_by("name", "username")[:MOST] if _held(person, roles)]
    return [(str(person.pk), f"{person} · {person.role_titles()}") for person in found]


def fits(person: Person, case: Case, roles: Collection[str]) -> bool:
    """Whether one person may be given a case."""
    lent = [code for delegation in person.delegated() for code in delegation.lent]
    return not roles or bool({*person.roles, *lent} & set(roles))


def candidates(case: Case, roles: Collection[str] = ()) -> list[tuple[str, str]]:
    """Persons who may be given the case, each with a number and a name with roles."""
    return [(str(person.pk), f"{person} · {person.role_titles()}") for person in _fit([case], roles)]


def common(cases: Iterable[Case], roles: Collection[str] = ()) -> list[tuple[str, str]]:
    """Persons who may be given every one of the cases."""
    return [(str(person.pk), f"{person} · {person.role_titles()}") for person in _fit(list(cases), roles)]


def chosen(request: Request, case: Case, number: str, roles: Collection[str] = ()) -> Person:
    """The person whom a form names.

    Raises:
        BilanError: there is none who may be given the case.
    """
    found = next((person for person in _fit([case], roles) if str(person.pk) == number), None)
    if found is None:
        raise BilanError(Problem("web.bad_parameter", {"name": "to", "value": number[:20], "allowed": "…"}))
    return found


def _fit(cases: Collection[Case], roles: Collection[str]) -> list[Person]:
    known = known_roles()
    places = {(case.district, case.town, case.organisation): case for case in cases}
    found = []
    for person in Person.objects.filter(is_active=True).order_by("name", "username")[:MOST]:
        held = _held(person, roles)
        if not held:
            continue
        docket = Docket(scope_of(held, person.districts, [person.organisation] if person.organisation else [], known))
        if all(docket.can(Capability.HANDLE, case) for case in places.values()):
            found.append(person)
    return found


def _held(person: Person, roles: Collection[str]) -> list[str]:
    return [code for code in person.roles if not roles or code in roles]
