"""Who acts on cases: which of their roles reach a case, and what they may do to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from bilan.casework.docket import KERNEL, Docket
from bilan.casework.models import Case
from bilan.pack.flows import Transition
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.people.visibility import Reach, Scope, held, merged, visible_to
from bilan.problems import Problem

PLATFORM = "Bilan"
Doers = Mapping[str, Collection[int]]
"""Transition → numbers of the persons who made it in the present round."""


class Hand:
    """Somebody who acts, or the platform itself.

    Args:
        person: None for the platform, which may do everything.
    """

    def __init__(self, person: Person | None) -> None:
        self.person = person

    @property
    def name(self) -> str:
        """Name that steps are signed with."""
        return str(self.person)[:80] if self.person is not None else PLATFORM

    @cached_property
    def scope(self) -> Scope | None:
        """What the person may see and do; None for everything."""
        return None if self.person is None else visible_to(self.person)

    @cached_property
    def _reaches(self) -> dict[str, list[Reach]]:
        """Role → how far they may handle cases in it."""
        found: dict[str, list[Reach]] = {}
        if self.person is not None and self.person.is_active:
            for code, holding in held(self.person):
                found.setdefault(code, []).extend(merged([holding]).kernel(Capability.HANDLE, KERNEL))
        return found

    @property
    def held(self) -> Collection[str]:
        """Codes of all their roles."""
        return self._reaches.keys()

    def may(self, capability: Capability, case: Case) -> bool:
        """Whether they may do something with the case."""
        return self.scope is None or Docket(self.scope, self.person).can(capability, case)

    def own(self, case: Case) -> bool:
        """Whether they have the case or help with it."""
        if self.person is None or case.pk is None:
            return False
        return case.owner_id == self.person.pk or case.helpers.filter(pk=self.person.pk).exists()

    def covers(self, case: Case, role: str) -> bool:
        """Whether the case lies within their reach in a role."""
        return any(
            reach.covers(case.district, case.town, case.organisation)
            or (reach.organisations is None and case.district == "" and case.organisation == "")
            for reach in self._reaches.get(role, ())
        )

    def roles_at(self, case: Case) -> list[str]:
        """Codes of the roles in which they may handle the case: those that reach it; all of them when it is their own."""
        found = [code for code in self.held if self.covers(case, code)]
        return list(self.held) if len(found) < len(self.held) and self.own(case) else found

    def role_for(self, case: Case, wanted: Collection[str]) -> str | None:
        """The role in which they may do what is meant for `wanted` roles (any when empty); None when they may not."""
        if self.person is None:
            return ""
        fitting = [code for code in self.held if not wanted or code in wanted]
        found = next((code for code in fitting if self.covers(case, code)), None)
        return found if found is not None or not fitting or not self.own(case) else fitting[0]

    def barred(self, transition: Transition, doers: Doers, submits: Collection[str]) -> str:
        """Transition that they made in this round and that keeps them from this one; empty for none.

        Parameters:
            submits: transitions of the flow that hand work in.
        """
        if self.person is None:
            return ""
        names = (*transition.not_by, *(submits if transition.separate else ()))
        return next((name for name in names if self.person.pk in doers.get(name, ())), "")

    def refuses(self, case: Case, transition: Transition, doers: Doers, submits: Mapping[str, str]) -> list[Problem]:
        """Why they may not make a transition of a case, whatever they fill in.

        Parameters:
            submits: transitions of the flow that hand work in, with their titles.
        """
        problems = []
        if self.role_for(case, transition.roles) is None:
            problems.append(Problem("case.role", {"value": transition.title.zh, "en": transition.title.en, "allowed": transition.roles}))
        if transition.owner and self.person is not None and case.owner_id != self.person.pk:
            problems.append(
                Problem("case.owner_only", {"value": transition.title.zh, "en": transition.title.en, "owner": str(case.owner or "")})
            )
        if barred := self.barred(transition, doers, submits):
            problems.append(Problem("case.separation", {"value": submits.get(barred, barred)}))
        return problems
