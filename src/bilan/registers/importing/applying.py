"""Writing what was tried: every accepted row in one change set, or nothing at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bilan.problems import Problem
from bilan.registers.importing.planning import Prepared, Progress, RowResult, drafts_of, results_of
from bilan.registers.models import ChangeSet
from bilan.registers.writing import Author, write


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import wrote.

    Attributes:
        change: its change set; None when nothing changed.
        results: what became of each row, refused ones with their reasons.
    """

    change: ChangeSet | None
    results: list[RowResult]

    @property
    def counts(self) -> Counter[str]:
        """How many rows had each outcome."""
        return Counter(result.outcome for result in self.results)

    @property
    def refused(self) -> dict[int, tuple[Problem, ...]]:
        """Row → why it was refused."""
        return {result.row: result.problems for result in self.results if result.outcome == "refused"}


def apply(prepared: Prepared, author: Author, progress: Progress | None = None) -> Applied:
    """Write the accepted rows of a file in one transaction and one change set.

    Every row is checked as the register stands now, whatever an earlier plan said; refused ones are told with all their reasons.

    Args:
        prepared: the file, or its `Plan`.
        progress: told how far it is; raise in it to stop, and nothing is written.
    """
    taken = [row for row in prepared.rows if not row.problems and not row.skipped]
    others = [row for row in prepared.rows if row.problems or row.skipped]
    name, mapping, file = prepared.register.name, prepared.mapping, prepared.sheet.file
    outcome = write(name, drafts_of(taken), author, accept="rows", progress=progress)
    told = write(name, drafts_of(others), author, dry_run=True, accept="rows")
    found = [*results_of(taken, outcome.results, mapping, file), *results_of(others, told.results, mapping, file)]
    return Applied(outcome.change, sorted(found, key=lambda result: result.row))
