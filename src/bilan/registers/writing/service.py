"""Writing entries: nothing is half-written, nothing is written without a reason and a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from bilan.pack.registers import Register, Registers
from bilan.problems import BilanError, Problem
from bilan.registers.declared import declared
from bilan.registers.indexes import LARGE, align
from bilan.registers.models import ChangeSet, Entry
from bilan.registers.writing import persist
from bilan.registers.writing.batch import prepare
from bilan.registers.writing.codes import Numbering
from bilan.registers.writing.model import Author, Draft, Outcome

PORTION = 5000
"""Drafts worked on at a time."""

Progress = Callable[[int, int], None]
"""Called with drafts done and drafts in all; raise in it to stop, and nothing is written."""


def write(
    name: str,
    drafts: Sequence[Draft],
    author: Author,
    *,
    dry_run: bool = False,
    accept: str = "all",
    progress: Progress | None = None,
    action: str = "",
) -> Outcome:
    """Create, change or archive entries of one register in one change set.

    Parameters:
        name: the register.
        dry_run: work everything out and write nothing.
        accept: ``all`` writes only when no draft is refused; ``rows`` writes the accepted ones and tells of the others.
        progress: told how far it is.
        action: what to call every change in the history; empty for what it is.

    Returns:
        What became of each draft, in order; with the change set when something was written.

    Raises:
        BilanError: the register is not known.
    """
    known = declared()
    register = _register(known, name)
    with transaction.atomic():
        persist.locked(register, [draft.code for draft in drafts if draft.code])
        outcome = _written(register, known, drafts, author, accept, progress, action, dry_run=dry_run)
        if dry_run or outcome.change is None:
            transaction.set_rollback(True)
    if dry_run:
        return Outcome(None, outcome.results)
    if outcome.counts["new"] >= LARGE:
        align(known)
    return outcome


def write_one(name: str, draft: Draft, author: Author) -> Entry:
    """Create, change or archive one entry.

    Returns:
        The entry as it is now.

    Raises:
        BilanError: it was refused, with every reason.
    """
    result = write(name, [draft], author).results[0]
    if result.problems:
        raise BilanError(*result.problems)
    entry: Entry = Entry.objects.get(register=name, code=result.code)
    return entry


def _written(
    register: Register,
    known: Registers,
    drafts: Sequence[Draft],
    author: Author,
    accept: str,
    progress: Progress | None,
    action: str,
    *,
    dry_run: bool,
) -> Outcome:
    change: ChangeSet | None = None
    results = []
    refused = False
    numbering = Numbering(register)
    for at in range(0, len(drafts), PORTION):
        batch, targets = prepare(register, known, drafts[at : at + PORTION], author, numbering, action=action)
        results += [item.result() for item in batch]
        refused = refused or any(item.problems for item in batch)
        accepted = [item for item in batch if not item.problems and item.action]
        if accepted and not dry_run and (accept == "rows" or not refused):
            change = change or persist.opened(author, [register.name])
            numbering.keep()
            persist.persist(register, known, accepted, targets, author, change)
            persist.counted(change, accepted)
        if progress:
            progress(min(at + PORTION, len(drafts)), len(drafts))
    if refused and accept == "all":
        change = None
    return Outcome(change, results)


def _register(known: Registers, name: str) -> Register:
    if name not in known.registers:
        raise BilanError(Problem("registers.not_found", {"value": name}))
    return known.registers[name]
