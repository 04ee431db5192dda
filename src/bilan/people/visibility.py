"""The one place that decides who may see which point and do what.

Every page, API call, export, tile and search goes through `visible_to`; nothing else in the platform compares districts or roles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bilan.people.roles import ALLOWED, Action, Role
from bilan.telemetry.model import Point


class NotVisible(LookupError):
    """The person may not see this, or it does not exist: nobody is told which of the two."""


class NotAllowed(Exception):
    """The person may not do this."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may see and do.

    Attributes:
        actions: what the person may do; empty for somebody unknown.
        districts: administrative codes the person is limited to; None for the whole city.
    """

    actions: frozenset[Action]
    districts: frozenset[str] | None

    @property
    def whole_city(self) -> bool:
        """Whether nothing of the city is hidden from the person."""
        return self.districts is None and Action.SEE in self.actions

    def can(self, action: Action) -> bool:
        """Whether the person may do `action`.

        Examples:
            >>> Scope(ALLOWED[Role.VIEWER], None).can(Action.OPERATE)
            False
        """
        return action in self.actions

    def allows_district(self, district: str) -> bool:
        """Whether the person may see what lies in `district` (six-digit code); a point without a district is the whole city's."""
        return Action.SEE in self.actions and (self.districts is None or district in self.districts)

    def allows(self, point: Point) -> bool:
        """Whether the person may see `point`.

        Examples:
            >>> scope = Scope(ALLOWED[Role.VIEWER], frozenset({"350502"}))
            >>> scope.allows(Point("A1", "air", "测点", district="350502")), scope.allows(Point("A2", "air", "测点", district="350503"))
            (True, False)
        """
        return self.allows_district(point.district)

    def visible(self, points: Iterable[Point]) -> list[Point]:
        """Keep the points the person may see, in their order."""
        return [point for point in points if self.allows(point)]


NOBODY = Scope(frozenset(), frozenset())
"""The scope of somebody who has not logged in: nothing."""


def visible_to(person: Any) -> Scope:
    """Say what `person` may see and do.

    Parameters:
        person: a `bilan.people.models.Person`, or Django's anonymous user.

    Returns:
        The scope; `NOBODY` for anybody who is not an active, known person with a known role.
    """
    if person is None or not getattr(person, "is_authenticated", False) or not person.is_active or person.role not in set(Role):
        return NOBODY
    return Scope(ALLOWED[Role(person.role)], frozenset(person.districts) or None)
