"""Taking back a change set, as long as nothing was built on it."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction

from bilan.problems import BilanError, Problem
from bilan.registers.declared import declared
from bilan.registers.models import CONTENT, ChangeSet, Entry, Revision
from bilan.registers.portions import portions
from bilan.registers.writing import persist
from bilan.registers.writing.batch import COMPARED, Prepared, reach_problems
from bilan.registers.writing.model import Author, Draft
from bilan.registers.writing.targets import Targets


def undo(change: ChangeSet, author: Author) -> ChangeSet:
    """Bring every entry of a change set back to what it was before; what the change made is archived.

    Returns:
        The change set that takes it back, so that the undoing can be undone.

    Raises:
        BilanError: it was undone already, an entry was changed since, or lies outside what the author may change; nothing is changed then.
    """
    with transaction.atomic():
        if ChangeSet.objects.select_for_update().filter(pk=change.pk, undone_by__isnull=False).exists():
            raise BilanError(Problem("registers.undone_already"))
        revisions = list(Revision.objects.filter(change=change).select_related("entry").order_by("register", "code"))
        later = [revision for revision in revisions if revision.until is not None]
        if later:
            raise BilanError(*(Problem("registers.changed_since", {"value": revision.code}) for revision in later))
        grouped: dict[str, list[Prepared]] = defaultdict(list)
        for revision in revisions:
            grouped[revision.register].append(_back(revision))
        known = declared()
        taken = persist.opened(author, sorted(grouped), undoes=change)
        for name, batch in grouped.items():
            register = known.registers[name]
            problems = [problem for item in batch for problem in reach_problems(item, register, author)]
            if problems:
                raise BilanError(*problems)
            targets = Targets(register, (item.columns["data"] for item in batch))
            persist.persist(register, known, batch, targets, author, taken)
            persist.counted(taken, batch)
        back = [revision.entry_id for revision in revisions if revision.action == "merge"]
        for part in portions(back):
            Entry.objects.filter(pk__in=part, archived=False).update(merged=None)
    return taken


def _back(revision: Revision) -> Prepared:
    """The entry as it was before a revision; archived when the revision made it."""
    entry = revision.entry
    item = Prepared(draft=Draft(), code=entry.code, entry=entry, action="undo")
    before = Revision.objects.filter(entry=entry, version=revision.version - 1).first()
    source = before if before is not None else entry
    item.columns = {name: getattr(source, name) for name in CONTENT}
    if before is None:
        item.columns["archived"] = True
    item.differences = {name: (getattr(entry, name), item.columns[name]) for name in COMPARED if getattr(entry, name) != item.columns[name]}
    return item
