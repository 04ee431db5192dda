"""Who is told when something is asked of them: a hook that the notices fill."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from bilan.casework.models import Case
from bilan.casework.moving.dating import past
from bilan.casework.moving.hand import Hand
from bilan.people.models import Person

Listener = Callable[[str, Case, Sequence[Person]], None]
"""Called with what happened (``case.assigned``, ``case.moved``, ``case.returned``, ``case.closed``, ``case.reopened``, ``case.urged``,
``case.due``, ``case.overdue``, ``case.transferred``, ``case.batch``), the case, and whom it concerns; inside the writing transaction."""
FEW = 20
"""Up to so many cases at once everybody is told of each; of more, each person is told once."""

NOBODY_ELSE: Mapping[int, Collection[str]] = MappingProxyType({})

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let a listener be told, once however often it is named."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(happened: Iterable[tuple[str, Case]], by: Hand, *, roles: Mapping[int, Collection[str]] = NOBODY_ELSE) -> None:
    """Tell whom it concerns: the owner and the helpers, else everybody of the role within whose reach the case is; not who did it.

    Parameters:
        roles: number of a case → roles that are told beside.
    """
    events = list(happened)
    if not _listeners or not events or past() is not None:
        return
    staff = Staff()
    if len(events) <= FEW:
        for kind, case in events:
            _told(kind, case, [person for person in staff.concerned(case, roles.get(case.pk, ())) if person != by.person])
        return
    first: dict[int, tuple[Person, Case]] = {}
    for _kind, case in events:
        for person in staff.concerned(case, roles.get(case.pk, ())):
            first.setdefault(int(person.pk), (person, case))
    for person, case in first.values():
        if person != by.person:
            _told("case.batch", case, [person])


def _told(kind: str, case: Case, persons: Sequence[Person]) -> None:
    if persons:
        for listener in _listeners:
            listener(kind, case, persons)


class Staff:
    """All active persons, asked for once."""

    def __init__(self) -> None:
        self._hands: list[Hand] | None = None
        self._known: dict[tuple[str, str, str, str], list[Person]] = {}

    def concerned(self, case: Case, roles: Collection[str] = ()) -> list[Person]:
        """Owner and helpers of a case; without an owner, whoever of its role reaches it; with them whoever of `roles` does."""
        own = [case.owner, *case.helpers.filter(is_active=True)] if case.owner is not None else self.of_role(case, case.role)
        others = [person for role in roles for person in self.of_role(case, role)]
        return list({person.pk: person for person in [*own, *others]}.values())

    def of_role(self, case: Case, role: str) -> list[Person]:
        """Everybody who has a role and reaches a case in it."""
        key = (role, case.district, case.town, case.organisation)
        if key not in self._known:
            if self._hands is None:
                self._hands = [Hand(person) for person in Person.objects.filter(is_active=True).order_by("pk")]
            self._known[key] = [hand.person for hand in self._hands if hand.person is not None and hand.covers(case, role)]
        return self._known[key]
