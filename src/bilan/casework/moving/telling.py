"""Who is told when something is asked of them: a hook that the notices fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bilan.casework.models import Case
from bilan.casework.moving.hand import Hand
from bilan.people.models import Person

Listener = Callable[[str, Case, Sequence[Person]], None]
"""Called with what happened (``case.assigned``, ``case.moved``, ``case.returned``, ``case.closed``, ``case.reopened``, ``case.urged``,
``case.due``, ``case.overdue``, ``case.transferred``, ``case.batch``), the case, and whom it concerns; inside the writing transaction."""
FEW = 20
"""Up to so many cases at once everybody is told of each; of more, each person is told once."""

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let a listener be told, once however often it is named."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(happened: Iterable[tuple[str, Case]], by: Hand) -> None:
    """Tell whom it concerns: the owner and the helpers, else everybody of the role within whose reach the case is; not who did it."""
    events = list(happened)
    if not _listeners or not events:
        return
    staff = Staff()
    if len(events) <= FEW:
        for kind, case in events:
            _told(kind, case, [person for person in staff.concerned(case) if person != by.person])
        return
    first: dict[int, tuple[Person, Case]] = {}
    for _kind, case in events:
        for person in staff.concerned(case):
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

    def concerned(self, case: Case) -> list[Person]:
        """Owner and helpers of a case; without an owner, whoever of its role reaches it."""
        if case.owner is not None:
            return [case.owner, *case.helpers.filter(is_active=True).exclude(pk=case.owner_id)]
        return self.of_role(case, case.role) if case.role else []

    def of_role(self, case: Case, role: str) -> list[Person]:
        """Everybody who has a role and reaches a case in it."""
        key = (role, case.district, case.town, case.organisation)
        if key not in self._known:
            if self._hands is None:
                self._hands = [Hand(person) for person in Person.objects.filter(is_active=True).order_by("pk")]
            self._known[key] = [hand.person for hand in self._hands if hand.person is not None and hand.covers(case, role)]
        return self._known[key]
