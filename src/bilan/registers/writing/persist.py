"""Writing what was prepared: entries, revisions, links, search words, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from bilan.pack.registers import Register, Registers
from bilan.registers import attachments, search
from bilan.registers.computing import codes_of
from bilan.registers.models import CONTENT, ChangeSet, Entry, Link, Revision, SearchText
from bilan.registers.portions import portions
from bilan.registers.writing import bulk
from bilan.registers.writing.batch import Prepared
from bilan.registers.writing.model import Author
from bilan.registers.writing.targets import Targets


def persist(
    register: Register, declared: Registers, batch: Sequence[Prepared], targets: Targets, author: Author, change: ChangeSet
) -> None:
    """Write every item of the batch that changes something; call it inside a transaction."""
    moment = author.at or change.made
    changing = [item for item in batch if item.action]
    fresh = [item for item in changing if item.entry is None]
    standing = [item for item in changing if item.entry is not None]
    _create(fresh, register, moment)
    _update(standing, register, moment)
    _revise(changing, change, moment)
    _link(changing, register, targets, moment)
    _index(changing, declared)
    attachments.settle(register, (item.entry for item in changing if item.entry is not None), moment)


def opened(author: Author, registers: list[str], undoes: ChangeSet | None = None) -> ChangeSet:
    """A new change set of the author."""
    return ChangeSet.objects.create(
        made=author.at or timezone.now(),
        person=author.person,
        author=author.name,
        reason=author.reason,
        source=author.source,
        file=author.file,
        digest=author.digest,
        registers=registers,
        undoes=undoes,
    )


def counted(change: ChangeSet, batch: Sequence[Prepared]) -> None:
    """Note in the change set what it did."""
    counts = Counter(
        {"create": "new", "archive": "archived", "restore": "restored"}.get(item.action, "changed") for item in batch if item.action
    )
    change.counts = dict(Counter(change.counts) + counts)
    change.save(update_fields=["counts"])


def _create(items: Sequence[Prepared], register: Register, moment: datetime) -> None:
    for item, number in zip(items, bulk.numbers(Entry, len(items)) if items else (), strict=True):
        item.entry = Entry(**{**item.columns, "schema": register.version}, pk=number, created=moment, changed=moment)
    columns = ["id", *CONTENT, "version", "created", "changed"]
    rows = ([getattr(item.entry, name) for name in columns] for item in items)
    bulk.insert(Entry, columns, rows)


def _update(items: Sequence[Prepared], register: Register, moment: datetime) -> None:
    for item in items:
        entry = item.entry
        assert entry is not None
        for name in CONTENT:
            setattr(entry, name, item.columns[name])
        entry.version, entry.changed, entry.schema = entry.version + 1, moment, register.version
    entries = [item.entry for item in items if item.entry is not None]
    if entries:
        bulk.update(Entry, entries, [*CONTENT, "version", "changed"])
    for part in portions([entry.pk for entry in entries]):
        Revision.objects.filter(entry_id__in=part, until__isnull=True).update(until=moment)


def _revise(items: Sequence[Prepared], change: ChangeSet, moment: datetime) -> None:
    columns = [*CONTENT, "entry_id", "change_id", "version", "since", "action"]
    rows = (
        [*(getattr(item.entry, name) for name in CONTENT), item.entry.pk, change.pk, item.entry.version, moment, item.action]
        for item in items
        if item.entry is not None
    )
    bulk.insert(Revision, columns, rows)


def _link(items: Sequence[Prepared], register: Register, targets: Targets, moment: datetime) -> None:
    """Close links that are no more and open new ones."""
    if not register.links:
        return
    numbers = dict(targets.numbers)
    numbers.update({(register.name, item.code): item.entry.pk for item in items if item.entry is not None})
    wanted: dict[tuple[int, str, int], int] = {}
    for item in items:
        assert item.entry is not None
        for field in register.links:
            for position, code in enumerate(codes_of(item.columns["data"].get(field.name))):
                wanted[item.entry.pk, field.name, numbers[field.of, code]] = position
    gone = []
    standing = [item.entry.pk for item in items if item.entry is not None and item.action != "create"]
    for part in portions(standing):
        for link in Link.objects.filter(source_id__in=part, until__isnull=True):
            if wanted.pop((link.source_id, link.kind, link.target_id), None) is None:
                gone.append(link.pk)
    for part in portions(gone):
        Link.objects.filter(pk__in=part).update(until=moment)
    fresh = [(source, kind, target, position, moment) for (source, kind, target), position in wanted.items()]
    bulk.insert(Link, ["source_id", "kind", "target_id", "position", "since"], fresh)


def _index(items: Sequence[Prepared], declared: Registers) -> None:
    records = ((item.entry.pk, item.entry) for item in items if item.entry is not None and item.action == "create")
    bulk.insert(SearchText, ["entry_id", "text"], search.texts(declared, records))
    changed = ((item.entry.pk, item.entry) for item in items if item.entry is not None and item.action != "create")
    bulk.insert(SearchText, ["entry_id", "text"], search.texts(declared, changed), over="entry_id")


def locked(register: Register, codes: Sequence[str]) -> None:
    """Keep other writers from these entries until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return
    for part in portions(sorted(set(codes))):
        list(Entry.objects.select_for_update().filter(Q(register=register.name, code__in=part)).order_by("pk").values_list("pk", flat=True))
