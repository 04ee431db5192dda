"""The one place that decides who may see which point and do what.

Every page, API call, export, tile and search goes through `visible_to`; nothing else in the platform compares districts or roles.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from bilan.pack import roles as declared
from bilan.pack.districts import current
from bilan.pack.registers.fields import Sensitivity
from bilan.pack.registers.model import Register
from bilan.pack.roles import KERNEL, Capability, Extent, Grant
from bilan.people.models import Organisation, Person
from bilan.people.roles import Action, Right
from bilan.telemetry.model import Point

TOWN = 9
"""Digits of a town's administrative code; a county's has six."""


class NotVisible(LookupError):
    """The person may not see this, or it does not exist: nobody is told which of the two."""


class NotAllowed(Exception):
    """The person may not do this."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one capability reaches into one register; an entry must meet every line.

    Attributes:
        districts: codes of counties (six digits) and towns (nine) the entry must lie in; None for anywhere.
        organisations: codes one of which the entry's organisation must be; None for any or none.
        sensitivities: how sensitive registers and fields may be.
    """

    districts: frozenset[str] | None
    organisations: frozenset[str] | None
    sensitivities: frozenset[Sensitivity]

    @property
    def counties(self) -> frozenset[str] | None:
        """Six-digit codes of `districts`."""
        return None if self.districts is None else frozenset(code for code in self.districts if len(code) != TOWN)

    @property
    def towns(self) -> frozenset[str] | None:
        """Nine-digit codes of `districts`: an entry in one of them counts even when its county is not among `counties`."""
        return None if self.districts is None else frozenset(code for code in self.districts if len(code) == TOWN)

    def covers(self, district: str = "", town: str = "", organisation: str = "") -> bool:
        """Whether an entry that lies in `district` and `town` and carries `organisation` is within reach.

        Examples:
            >>> reach = Reach(frozenset({"350582", "350583101"}), None, frozenset())
            >>> reach.covers("350582"), reach.covers("350583", "350583101"), reach.covers("350583"), reach.covers("")
            (True, True, False, False)
        """
        inside = self.districts is None or district in self.districts or town in self.districts
        return inside and (self.organisations is None or organisation in self.organisations)

    def reads(self, sensitivity: Sensitivity) -> bool:
        """Whether what is this sensitive may be read."""
        return sensitivity in self.sensitivities

    def within(self, other: Reach) -> bool:
        """Whether `other` reaches all that this one does."""
        return (
            _within(self.districts, other.districts)
            and _within(self.organisations, other.organisations)
            and self.sensitivities <= other.sensitivities
        )


@dataclass(frozen=True, slots=True)
class Holding:
    """A role as somebody holds it.

    Attributes:
        grants: what the role allows.
        districts: codes of counties and towns the holder is limited to, predecessors with them; empty for the whole city.
        organisations: the holder's own; empty for none.
    """

    grants: tuple[Grant, ...]
    districts: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()

    def reaches(self, capability: Capability, about: Callable[[Grant], bool]) -> Iterable[Reach]:
        """How far `capability` reaches by the grants that are `about` something."""
        for grant in self.grants:
            if capability in grant.may and about(grant) and (found := self._reach(grant)) is not None:
                yield found

    def _reach(self, grant: Grant) -> Reach | None:
        match grant.extent:
            case Extent.CITY:
                return Reach(None, None, grant.sensitivities)
            case Extent.DISTRICT:
                return Reach(self.districts or None, None, grant.sensitivities)
            case Extent.TOWN:
                towns = frozenset(code for code in self.districts if len(code) == TOWN)
                return Reach(towns, None, grant.sensitivities) if towns else None
            case Extent.ORGANISATION:
                return Reach(None, self.organisations, grant.sensitivities) if self.organisations else None


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may see and do.

    Attributes:
        actions: what the person may do with the city's monitoring; empty for somebody unknown.
        districts: administrative codes whose points the person is limited to; None for the whole city.
        organisations: codes whose points the person may see wherever they lie.
        holdings: the roles the person holds, own and delegated; registers and kernels go by these.
    """

    actions: frozenset[Action]
    districts: frozenset[str] | None
    organisations: frozenset[str] = frozenset()
    holdings: tuple[Holding, ...] = ()
    _known: dict[tuple[str, ...], tuple[Reach, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def whole_city(self) -> bool:
        """Whether nothing of the city's monitoring is hidden from the person."""
        return self.districts is None and Action.SEE in self.actions

    def can(self, action: Action | Right | tuple[Right, ...]) -> bool:
        """Whether the person may do `action`, anywhere at all; of several rights one is enough.

        Examples:
            >>> from bilan.people.roles import ALLOWED, Role
            >>> Scope(ALLOWED[Role.VIEWER], None).can(Action.OPERATE)
            False
            >>> scope_of(["security-administrator"]).can(Right(Capability.EDIT, "kernel/people"))
            True
            >>> scope_of(["viewer"]).can(Right(Capability.EDIT, "registers"))
            False
        """
        if isinstance(action, tuple):
            return any(self.can(one) for one in action)
        if isinstance(action, Action):
            return action in self.actions
        return bool(self._reaches(action.capability, _about(action.on)))

    def reaches(self, capability: Capability, register: Register) -> tuple[Reach, ...]:
        """Everything `capability` reaches in `register`: what one of them covers is within reach; none for nothing at all.

        A grant that does not go as far as the register's own sensitivity says nothing about the register.
        """
        key = (capability, register.name, register.group, register.sensitivity)
        if key not in self._known:

            def about(grant: Grant) -> bool:
                return grant.on_register(register.name, register.group) and register.sensitivity in grant.sensitivities

            self._known[key] = self._reaches(capability, about)
        return self._known[key]

    def reach(self, capability: Capability, register: Register) -> Reach | None:
        """The widest of `reaches`, to ask whether there is any; whoever filters entries must take all of them."""
        return next(iter(self.reaches(capability, register)), None)

    def kernel(self, capability: Capability, name: str) -> tuple[Reach, ...]:
        """Everything `capability` reaches in a kernel such as ``casework``; none for nothing at all.

        Examples:
            >>> scope_of(["viewer"], ["350582"]).kernel(Capability.SEE, "casework")[0].covers("350582")
            True
        """
        key = (capability, KERNEL, name)
        if key not in self._known:
            self._known[key] = self._reaches(capability, _about(KERNEL + name))
        return self._known[key]

    def allows_district(self, district: str) -> bool:
        """Whether the person may see what lies in `district` (six-digit code); a point without a district is the whole city's."""
        return Action.SEE in self.actions and (self.districts is None or district in self.districts)

    def allows(self, point: Point) -> bool:
        """Whether the person may see `point`.

        Examples:
            >>> scope = scope_of(["viewer"], ["350502"])
            >>> scope.allows(Point("A1", "air", "测点", district="350502")), scope.allows(Point("A2", "air", "测点", district="350503"))
            (True, False)
        """
        return self.allows_district(point.district) or (
            Action.SEE in self.actions and bool(self.organisations) and point.attributes.get("organisation") in self.organisations
        )

    def visible(self, points: Iterable[Point]) -> list[Point]:
        """Keep the points the person may see, in their order."""
        return [point for point in points if self.allows(point)]

    def _reaches(self, capability: Capability, about: Callable[[Grant], bool]) -> tuple[Reach, ...]:
        return _merged(reach for holding in self.holdings for reach in holding.reaches(capability, about))


NOBODY = Scope(frozenset(), frozenset())
"""The scope of somebody who has not logged in: nothing."""


def scope_of(
    roles: Iterable[str], districts: Iterable[str] = (), organisations: Iterable[str] = (), known: declared.Roles | None = None
) -> Scope:
    """The scope of somebody who holds these roles, limited to these districts and organisations.

    Parameters:
        roles: codes; those nobody declared give nothing.
        districts: codes of counties and towns; none for the whole city.
        known: the declared roles; those of the base pack by default.
    """
    known = declared.current() if known is None else known
    limits = frozenset(districts), frozenset(organisations)
    return merged(Holding(known[code].grants, *limits) for code in roles if code in known)


def merged(holdings: Iterable[Holding]) -> Scope:
    """The scope of somebody who holds several roles, each with limits of its own."""
    held = tuple(holdings)
    if not held:
        return NOBODY
    bare = Scope(frozenset({Action.ENTER}), frozenset(), frozenset(), held)
    seen = bare._reaches(Capability.SEE, _about(f"{KERNEL}telemetry"))
    everywhere = [reach for reach in seen if reach.organisations is None]
    districts = None if any(reach.districts is None for reach in everywhere) else _union(reach.districts for reach in everywhere)
    actions = {Action.ENTER}
    if seen or bare.can(Right(Capability.SEE, "registers")):
        actions.add(Action.SEE)
    for action, capability in ((Action.OPERATE, Capability.OPERATE), (Action.ADMINISTER, Capability.ADMINISTER)):
        # Readings are not checked a second time when they are changed, so what may be changed must be all that is seen.
        done = bare._reaches(capability, _about(f"{KERNEL}telemetry"))
        if seen and all(any(reach.within(other) for other in done) for reach in seen):
            actions.add(action)
    return Scope(frozenset(actions), districts, _union(reach.organisations for reach in seen), held)


def visible_to(person: Any) -> Scope:
    """Say what `person` may see and do: by their own roles and by those delegated to them now.

    Parameters:
        person: a `bilan.people.models.Person`, or Django's anonymous user.

    Returns:
        The scope; `NOBODY` for anybody who is not an active, known person with a known role.
    """
    if person is None or not getattr(person, "is_authenticated", False) or not person.is_active:
        return NOBODY
    known = declared.current(settings.CITY.pack)
    if not isinstance(person, Person):
        return scope_of(person.roles, person.districts, [person.organisation] if person.organisation else [], known)
    return merged(holding for _code, holding in held(person))


def held(person: Person) -> list[tuple[str, Holding]]:
    """The roles somebody holds now, own and delegated, each within the limits of whom it belongs to."""
    known = declared.current(settings.CITY.pack)
    lent = [(delegation.giver, delegation.lent) for delegation in person.delegated()]
    return [
        (code, _holding(holder, known[code].grants)) for holder, codes in ((person, person.roles), *lent) for code in codes if code in known
    ]


def _holding(holder: Person, grants: tuple[Grant, ...]) -> Holding:
    """A role within the limits of whoever has it: their districts with what became them, their organisation with what is below it."""
    organisations = frozenset[str]()
    if holder.organisation and any(grant.extent is Extent.ORGANISATION for grant in grants):
        organisations = Organisation.below([holder.organisation])
    return Holding(grants, current(settings.CITY).with_predecessors(holder.districts), organisations)


def _about(on: str) -> Callable[[Grant], bool]:
    """A question to a grant: whether it is about a kernel, a register by name, or any register."""
    if on == "registers":
        return lambda grant: grant.on_any_register
    return lambda grant: on in grant.on


def _merged(reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """As few reaches as say the same, the widest first."""
    joined: dict[tuple[frozenset[str] | None, frozenset[str] | None], frozenset[Sensitivity]] = {}
    for reach in reaches:
        place = (reach.districts, reach.organisations)
        joined[place] = joined.get(place, frozenset()) | reach.sensitivities
    found = {Reach(*place, sensitivities) for place, sensitivities in joined.items()}
    kept = [reach for reach in found if not any(reach.within(other) for other in found - {reach})]
    return tuple(sorted(kept, key=_narrowness))


def _narrowness(reach: Reach) -> tuple[bool, bool, int, list[str], list[str]]:
    return (
        reach.organisations is not None,
        reach.districts is not None,
        -len(reach.sensitivities),
        sorted(reach.districts or ()),
        sorted(reach.organisations or ()),
    )


def _within(inner: Collection[str] | None, outer: Collection[str] | None) -> bool:
    return outer is None or (inner is not None and set(inner) <= set(outer))


def _union(parts: Iterable[frozenset[str] | None]) -> frozenset[str]:
    return frozenset().union(*(part for part in parts if part))
