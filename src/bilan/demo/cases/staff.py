"""Who acts in the demo's cases: the demo accounts, and teams that nobody can log in as."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bilan.casework.models import Case
from bilan.pack.flows import Flow, Transition
from bilan.people.models import Person

TEAMS = {
    "team-1": ("enforcement-officer", "演示·执法一中队 Team one"),
    "team-2": ("enforcement-officer", "演示·执法二中队 Team two"),
    "team-3": ("enforcement-officer", "演示·执法三中队 Team three"),
    "patrol": ("grid-member", "演示·网格巡查队 Patrol"),
}
"""User name → role and name; without a password."""
ORDER = ("team-1", "patrol", "team-2", "reviewer", "chief", "operator", "clerk", "admin")
"""Who is looked at first for a step."""
LOCAL = {"team-1": "officer", "patrol": "grid"}
"""Team → demo account that acts instead in the account's own district."""


class Staff:
    """Persons by user name, with the teams made when they are not there."""

    def __init__(self) -> None:
        for username, (role, name) in TEAMS.items():
            if not Person.objects.filter(username=username).exists():
                Person.objects.create_user(username, role=role, name=name)
        names = [*ORDER, *LOCAL.values(), *TEAMS]
        self.persons: dict[str, Person] = {person.username: person for person in Person.objects.filter(username__in=names)}

    def slot(self, flow: Flow, transition: Transition, done: Mapping[str, str], last: str) -> str:
        """Who makes a step: of a role that may, not who did what bars them.

        Parameters:
            done: transition → who made it in these cases.
            last: who made the last step; the same team goes on where it may.
        """
        names = {*transition.not_by, *(entry.name for entry in flow.transitions if transition.separate and entry.kind == "submit")}
        barred = {done[name] for name in names if name in done}
        able = [slot for slot in ORDER if slot not in barred and self._fits(slot, transition.roles)]
        return last if last in able and last in TEAMS else (able or ["admin"])[0]

    def of(self, slot: str, case: Case) -> Person:
        """The person who acts on a case: the local account in its own district, else the team."""
        local = self.persons.get(LOCAL.get(slot, ""))
        if local is not None and case.district and case.district in local.districts:
            return local
        return self.persons[slot]

    def _fits(self, slot: str, roles: Collection[str]) -> bool:
        return slot in self.persons and (not roles or bool(set(roles) & set(self.persons[slot].roles)))
