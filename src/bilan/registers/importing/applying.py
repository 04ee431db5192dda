"""Writing what was tried: every accepted row in one change set, or nothing at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bilan.problems import Problem
from bilan.registers.importing.planning import Plan, Progress, RowResult, results_of
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


def apply(plan: Plan, author: Author, progress: Progress | None = None) -> Applied:
    """Write the rows of a plan that are not refused, in one transaction and one change set.

    Rows are checked once more as the register stands now; what is refused only now is told like the rest.

    Args:
        progress: told how far it is; raise in it to stop, and nothing is written.
    """
    known = plan.refused
    taken = [row for row in plan.rows if row.row not in known and not row.skipped]
    outcome = write(plan.register.name, [row.draft for row in taken], author, accept="rows", progress=progress)
    written = {result.row: result for result in results_of(taken, outcome.results, plan.mapping, plan.sheet.file)}
    return Applied(outcome.change, [written.get(result.row, result) for result in plan.results])
