"""Revisions of entries and change sets, as their readers may see them, with every difference in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from bilan.pack.registers import Register
from bilan.registers.differences import Difference, differences
from bilan.registers.ledger import Ledger, Record
from bilan.registers.models import ChangeSet, Revision
from bilan.registers.saying import Speaker, organisations_of


@dataclass(frozen=True, slots=True)
class Step:
    """One revision with what it changed against the one before."""

    revision: Revision
    register: Register
    differences: Sequence[Difference]
    first: bool


def steps(ledger: Ledger, record: Record, language: str) -> list[Step]:
    """The history of an entry that the reader may see, newest first."""
    register = ledger.declared.registers[record.register]
    history = ledger.history(record)
    speaker = _speaker(ledger, language, history)
    before = {revision.version: revision for revision in history}
    readable = ledger.sensitivities(record)
    return [
        Step(
            revision,
            register,
            differences(speaker, register, before.get(revision.version - 1), revision, readable),
            revision.version - 1 not in before,
        )
        for revision in history
    ]


def between(ledger: Ledger, record: Record, older: int, newer: int, language: str) -> list[Difference] | None:
    """What one version of an entry has otherwise than another; None when the reader may not see one of them."""
    register = ledger.declared.registers[record.register]
    known = {revision.version: revision for revision in ledger.history(record)}
    if older not in known or newer not in known:
        return None
    pair = [known[older], known[newer]]
    return differences(_speaker(ledger, language, pair), register, pair[0], pair[1], ledger.sensitivities(record))


def done(ledger: Ledger, change: ChangeSet, revisions: Sequence[Revision], language: str) -> list[Step]:
    """What a change set did, entry by entry; `revisions` are those of it that the reader may see."""
    wanted = Q(pk__in=[])
    for revision in revisions:
        wanted |= Q(entry_id=revision.entry_id, version=revision.version - 1)
    earlier = {(found.entry_id, found.version): found for found in Revision.objects.filter(wanted)} if revisions else {}
    speaker = _speaker(ledger, language, [*revisions, *earlier.values()])
    found = []
    for revision in revisions:
        register = ledger.declared.registers[revision.register]
        before = earlier.get((revision.entry_id, revision.version - 1))
        readable = ledger.sensitivities(revision)
        visible = before if before is not None and ledger.sensitivities(before) else None
        found.append(Step(revision, register, differences(speaker, register, visible, revision, readable), visible is None))
    return found


def _speaker(ledger: Ledger, language: str, revisions: Sequence[Revision]) -> Speaker:
    """A speaker that knows the names of all that these revisions point to."""
    speaker = Speaker(ledger, language)
    grouped: dict[str, list[Revision]] = defaultdict(list)
    for revision in revisions:
        grouped[revision.register].append(revision)
    for name, group in grouped.items():
        speaker.learn(ledger.declared.registers[name], [ledger.values(entry) for entry in group], organisations_of(group))
    return speaker
