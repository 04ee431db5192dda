"""Cases while they are worked on: locked, with what every act needs to know of them, for one as for a thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q

from bilan.casework.models import Case, Evidence, Step
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.signing import digest_of
from bilan.casework.moving.versions import flows_of
from bilan.pack.flows import Flow
from bilan.people.models import Person
from bilan.registers.models import Entry
from bilan.registers.portions import portions
from bilan.registers.writing import bulk

CHUNK = 500
WRITTEN = (
    *("state", "parts", "standing", "level", "district", "town", "organisation", "owner", "role", "changed", "entered", "due", "suspended"),
    *("closed", "published", "reminded", "result", "data", "round", "version", "title"),
)
"""Columns of a case that acts change."""


@dataclass
class Held:
    """A case that is worked on.

    Attributes:
        entry: the entry it is about; None when there is none (any more).
        doers: transition → persons who made it in the present round.
        loose: evidence that no step has taken yet.
        steps: new ones; `taken`: evidence that each takes, by the step's number.
        known: hands of persons that were asked for.
    """

    case: Case
    flow: Flow
    last: Step | None = None
    entry: Entry | None = None
    doers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    loose: dict[int, Evidence] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    taken: dict[int, list[Evidence]] = field(default_factory=dict)
    known: dict[int, Hand] = field(default_factory=dict)

    def hands(self, person: Person) -> Hand:
        """The hand of a person; cases that are worked on together share it."""
        number = int(person.pk)
        if number not in self.known:
            self.known[number] = Hand(person)
        return self.known[number]

    def sign(self, hand: Hand, action: str, now: datetime, *, evidence: Sequence[Evidence] = (), **content: Any) -> Step:
        """Add a step; its moment is never before that of the last one, even when the clock went back."""
        case = self.case
        at = max(now, self.last.at) if self.last is not None else now
        content.setdefault("before", case.state)
        content.setdefault("after", case.state)
        step = Step(
            case=case,
            number=case.version + 1,
            action=action,
            person=hand.person,
            author=hand.name,
            round=case.round,
            at=at,
            previous=self.last.digest if self.last is not None else "",
            **content,
        )
        step.digest = digest_of(step, case.code, [(piece.pk, piece.digest) for piece in evidence])
        case.version, case.changed, self.last = step.number, at, step
        self.steps.append(step)
        self.taken[step.number] = list(evidence)
        if step.transition:
            self.counts[step.transition] += 1
            if hand.person is not None:
                self.doers[step.transition].add(hand.person.pk)
        return step


def hold(codes: Iterable[int]) -> dict[int, Held]:
    """Lock cases by their numbers and read what acts need to know of them; call it inside the writing transaction."""
    found: dict[int, Held] = {}
    known: dict[int, Hand] = {}
    for part in portions(sorted(set(codes))):
        cases = list(_locked(part))
        flows = flows_of(cases)
        found |= {case.pk: Held(case, flows[case.declared_id], known=known) for case in cases}
        _read_steps(part, found)
        for evidence in Evidence.objects.filter(case_id__in=part, step__isnull=True):
            found[evidence.case_id].loose[evidence.pk] = evidence
    _read_entries(list(found.values()))
    return found


def read(case: Case) -> Held:
    """The same for one case that is only looked at."""
    held = Held(case, flows_of([case])[case.declared_id])
    found = {case.pk: held}
    _read_steps([case.pk], found)
    held.loose = {piece.pk: piece for piece in Evidence.objects.filter(case=case, step__isnull=True)}
    _read_entries([held])
    return held


def keep(helds: Iterable[Held]) -> None:
    """Write what acts changed: steps, the evidence they took, the cases."""
    touched = list({held.case.pk: held for held in helds if held.steps}.values())
    steps = [step for held in touched for step in held.steps]
    for part in portions(steps):
        Step.objects.bulk_create(part)
    pieces = []
    for held in touched:
        for step in held.steps:
            for piece in held.taken[step.number]:
                piece.step = step
                pieces.append(piece)
    if pieces:
        bulk.update(Evidence, pieces, ["step"])
    bulk.update(Case, [held.case for held in touched], WRITTEN)


def _locked(numbers: Sequence[int]) -> Iterable[Case]:
    """Cases that nobody else writes until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        list(Case.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk", flat=True))
    return Case.objects.filter(pk__in=numbers).select_related("owner")


def _read_steps(numbers: Sequence[int], found: dict[int, Held]) -> None:
    for step in Step.objects.filter(case_id__in=numbers, number=F("case__version")):
        found[step.case_id].last = step
    made = Step.objects.filter(case_id__in=numbers, action="move", round=F("case__round"))
    for number, transition, person in made.values_list("case_id", "transition", "person_id"):
        found[number].counts[transition] += 1
        if person is not None:
            found[number].doers[transition].add(person)


def _read_entries(helds: Sequence[Held]) -> None:
    wanted: dict[str, set[str]] = defaultdict(set)
    for held in helds:
        if held.case.register and held.case.entry:
            wanted[held.case.register].add(held.case.entry)
    known: dict[tuple[str, str], Entry] = {}
    for register, codes in wanted.items():
        for part in portions(sorted(codes)):
            for entry in Entry.objects.filter(Q(register=register, code__in=part)):
                known[register, entry.code] = entry
    for held in helds:
        held.entry = known.get((held.case.register, held.case.entry))
