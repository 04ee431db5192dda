"""Two entries that are one thing become one: links are carried along, the other names are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from bilan.problems import BilanError, Problem
from bilan.registers.computing import codes_of
from bilan.registers.declared import declared
from bilan.registers.models import ChangeSet, Entry, Link
from bilan.registers.writing import persist
from bilan.registers.writing.batch import Prepared, prepare
from bilan.registers.writing.codes import Numbering
from bilan.registers.writing.model import Author, Draft
from bilan.registers.writing.targets import Targets


def merge(keep: Entry, others: Sequence[Entry], author: Author) -> ChangeSet:
    """Make one entry of several.

    `keep` takes the codes and names of the others as aliases, and the values it lacks; what pointed to the others points to it;
    the others are archived and lead to it.

    Raises:
        BilanError: nothing to merge, entries of different registers, or one that the author may not change; nothing is changed then.
    """
    if not others:
        raise BilanError(Problem("registers.nothing_to_do"))
    if any(other.register != keep.register for other in others):
        raise BilanError(Problem("registers.merge_other_register"))
    if any(other.pk == keep.pk for other in others):
        raise BilanError(Problem("registers.merge_itself", {"value": keep.code}))
    known = declared()
    with transaction.atomic():
        drafts = _pointing(keep, others)
        for other in others:
            drafts[keep.register].append(Draft(code=other.code, archived=True))
        drafts[keep.register].append(_grown(keep, others))
        change = persist.opened(author, sorted(drafts))
        for name, wanted in drafts.items():
            register = known.registers[name]
            batch, targets = prepare(register, known, _joined(wanted), author, Numbering(register), action="merge")
            problems = [problem for item in batch for problem in item.problems]
            if problems:
                raise BilanError(*problems)
            _write(name, batch, targets, author, change)
        Entry.objects.filter(pk__in=[other.pk for other in others]).update(merged=keep)
    return change


def _write(name: str, batch: list[Prepared], targets: Targets, author: Author, change: ChangeSet) -> None:
    known = declared()
    accepted = [item for item in batch if item.action]
    persist.persist(known.registers[name], known, accepted, targets, author, change)
    persist.counted(change, accepted)


def _grown(keep: Entry, others: Sequence[Entry]) -> Draft:
    """What the kept entry takes over: names, codes, and values it has none of."""
    aliases = list(keep.aliases)
    values: dict[str, object] = {}
    for other in others:
        aliases += [name for name in (other.code, other.name, *other.aliases) if name and name not in aliases and name != keep.name]
        for name, value in other.data.items():
            if keep.data.get(name) in (None, "", []) and value not in (None, "", []):
                values.setdefault(name, value)
        for name in ("geometry", "district", "town", "organisation"):
            if not getattr(keep, name) and getattr(other, name):
                values.setdefault(name, getattr(other, name))
    return Draft(values={**values, "aliases": aliases}, code=keep.code)


def _pointing(keep: Entry, others: Sequence[Entry]) -> dict[str, list[Draft]]:
    """Drafts that turn every link to the others towards the kept entry."""
    known = declared()
    gone = {other.code for other in others}
    drafts: dict[str, list[Draft]] = defaultdict(list)
    sources = Link.objects.filter(target__in=others, until__isnull=True).values_list("source_id", "kind")
    kinds: dict[int, set[str]] = defaultdict(set)
    for source, kind in sources:
        kinds[source].add(kind)
    for entry in Entry.objects.filter(pk__in=list(kinds)):
        fields = known.registers[entry.register].fields
        values: dict[str, object] = {}
        for kind in kinds[entry.pk]:
            codes = [keep.code if code in gone else code for code in codes_of(entry.data.get(kind))]
            codes = list(dict.fromkeys(codes))
            values[kind] = codes if fields[kind].many else codes[0]
        drafts[entry.register].append(Draft(values=values, code=entry.code))
    return drafts


def _joined(drafts: Sequence[Draft]) -> list[Draft]:
    """One draft an entry, where an entry is named twice."""
    found: dict[str, Draft] = {}
    for draft in drafts:
        known = found.get(draft.code)
        if known is None:
            found[draft.code] = draft
        else:
            archived = draft.archived if draft.archived is not None else known.archived
            found[draft.code] = Draft(values={**known.values, **draft.values}, code=draft.code, archived=archived)
    return list(found.values())
