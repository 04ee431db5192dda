"""What an entry is linked to: by kind with counts, and two steps of the chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bilan.pack.registers import Field, Register
from bilan.registers.computing import moment_of
from bilan.registers.dossier.model import Linked, Step
from bilan.registers.ledger import Ledger, Record
from bilan.registers.models import Link
from bilan.registers.saying import Speaker

SHOWN = 12
"""Entries of one kind of link that a dossier names; the others stand in the list it leads to."""
Key = tuple[str, str, bool]
"""Register of the link field, its name, and whether it leads out from the entry."""


class Relations:
    """Links of entries within a reader's reach, looked up for many entries at once."""

    def __init__(self, ledger: Ledger, speaker: Speaker) -> None:
        self._ledger, self._speaker = ledger, speaker

    def of(self, records: Iterable[Record]) -> dict[int, dict[Key, list[Record]]]:
        """Number of an entry → kind of link → visible entries at the other end."""
        known = {record.number: record for record in records}
        found: dict[int, dict[Key, list[Record]]] = {number: defaultdict(list) for number in known}
        holding = moment_of(self._ledger)
        out = Link.objects.filter(holding, source_id__in=list(known)).order_by("kind", "position", "target_id")
        into = Link.objects.filter(holding, target_id__in=list(known)).order_by("kind", "source_id")
        pairs = [(*pair, True) for pair in out.values_list("source_id", "target_id", "kind")]
        pairs += [(*pair, False) for pair in into.values_list("target_id", "source_id", "kind")]
        ends = self._ledger.by_numbers({far for _near, far, _kind, _outward in pairs} - known.keys()) | known
        for near, far, kind, outward in pairs:
            end = ends.get(far)
            if end is not None and not end.archived:
                holder = known[near].register if outward else end.register
                found[near][holder, kind, outward].append(end)
        return found

    def field(self, key: Key) -> Field | None:
        """The link field of a kind of link; None when it is declared no more."""
        register = self._ledger.declared.registers.get(key[0])
        return register.fields.get(key[1]) if register else None

    def title(self, key: Key, ends: Sequence[Record]) -> str:
        """What a kind of link is called from this side."""
        field, far = self.field(key), self._ledger.declared.registers[ends[0].register]
        if field is None:
            return self._speaker.words(far.title)
        if key[2]:
            return self._speaker.words(field.title)
        return self._speaker.words(field.reverse) or self._speaker.words(far.title)

    def linked(self, record: Record, groups: dict[Key, list[Record]]) -> list[Linked]:
        """Links of one entry by kind, its own first."""
        found = []
        for key, ends in sorted(groups.items(), key=lambda item: (not item[0][2], -len(item[1]))):
            field = self.field(key)
            far = self._ledger.declared.registers[ends[0].register]
            filtered = f"{key[1]}={record.code}" if field is not None and field.filter and not key[2] else ""
            found.append(Linked(key[1], self.title(key, ends), far, key[2], len(ends), ends[:SHOWN], filtered))
        return found

    def chain(self, record: Record, groups: dict[Key, list[Record]]) -> list[Step]:
        """What the entry is linked to, and what that is linked to in turn, without the way back."""
        near = {end.number: end for ends in groups.values() for end in ends[: 20 * SHOWN]}
        further = self.of(near.values()) if near else {}
        steps = []
        for key, ends in groups.items():
            beyond: dict[Key, dict[int, Record]] = defaultdict(dict)
            for end in ends:
                for second, others in further.get(end.number, {}).items():
                    if (second[0], second[1], not second[2]) != key:
                        beyond[second].update({other.number: other for other in others if other.number != record.number})
            following = [self._step(second, list(others.values())) for second, others in beyond.items() if others]
            steps.append(self._step(key, ends, sorted(following, key=lambda step: step.register.name)))
        return sorted(steps, key=lambda step: (not step.following, step.register.name))

    def _step(self, key: Key, ends: Sequence[Record], following: Sequence[Step] = ()) -> Step:
        register: Register = self._ledger.declared.registers[ends[0].register]
        return Step(self.title(key, ends), register, len(ends), ends[0] if len(ends) == 1 else None, following)
