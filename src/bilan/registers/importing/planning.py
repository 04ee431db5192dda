"""Trying an import: what each row would do, with nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bilan.pack.registers import Register
from bilan.problems import BilanError, Place, Problem
from bilan.registers.importing.drafts import Row, make_rows
from bilan.registers.importing.likeness import note_likeness
from bilan.registers.importing.settings import ImportSettings
from bilan.registers.importing.source import read_source
from bilan.registers.ledger import Ledger
from bilan.registers.writing import Author, write
from bilan.registers.writing.model import Result
from bilan.tabular.places.parsing import Box
from bilan.tabular.sheets import Sheet
from bilan.tabular.sheets.mapping import Mapping as Columns
from bilan.tabular.sheets.mapping import propose
from bilan.tabular.sheets.targets import known_headings

MOST_ROWS = 200_000
"""Rows that are imported at once."""
Progress = Callable[[int, int], None]
"""Told rows done and rows in all; raise in it to stop."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What one row does.

    Attributes:
        outcome: ``new``, ``changed``, ``unchanged`` or ``refused``.
        differences: field → value before and after.
        problems: why it is refused, each with the title of its column.
        notes: what was assumed or deserves a look.
    """

    row: int
    outcome: str
    code: str
    name: str
    differences: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A file that was read and understood, each row as a draft.

    Attributes:
        rows: the drafts, in the order of the file.
    """

    register: Register
    sheet: Sheet
    mapping: Columns
    rows: list[Row]


@dataclass(frozen=True)
class Plan(Prepared):
    """A file with what it would do to a register.

    Attributes:
        results: what each row does, in the order of the file.
    """

    results: list[RowResult]

    @property
    def counts(self) -> Counter[str]:
        """How many rows have each outcome."""
        return Counter(result.outcome for result in self.results)

    @property
    def refused(self) -> dict[int, tuple[Problem, ...]]:
        """Row → why it is refused."""
        return {result.row: result.problems for result in self.results if result.outcome == "refused"}


def prepare(
    path: Path,
    register: Register,
    ledger: Ledger,
    settings: ImportSettings | None = None,
    *,
    remembered: Callable[[str], Mapping[str, str]] | None = None,
    box: Box | None = None,
) -> Prepared:
    """Read a file and make a draft of each row, without asking what it would do.

    Args:
        ledger: what the author may see: names and keys are looked up among these entries only.
        remembered: gives the mapping that was decided before for headings with a signature; what `settings` decides counts before it.
        box: where the city's places lie, with its margin; None to accept any.

    Raises:
        BilanError: the file cannot be read, has too many rows, or no column that is known.
    """
    settings = settings or ImportSettings()
    source = read_source(path, settings, known_headings(register))
    if source.sheet.height > MOST_ROWS:
        raise BilanError(Problem("import.too_many", {"value": source.sheet.height, "allowed": MOST_ROWS}, Place(path.name)))
    decided = {**(remembered(source.sheet.signature) if remembered else {}), **settings.mapping}
    mapping = propose(source.sheet, register, ledger.declared.vocabularies, saved=decided)
    if not mapping.by_target:
        raise BilanError(Problem("import.no_columns", {}, Place(path.name)))
    rows = make_rows(source, mapping, register, ledger, settings, box)
    note_likeness(rows, register, ledger, source.sheet.file)
    return Prepared(register, source.sheet, mapping, rows)


def plan(prepared: Prepared, author: Author, progress: Progress | None = None) -> Plan:
    """Try what was prepared against the register as it stands now.

    Args:
        author: who would write; rows beyond their reach are refused.
        progress: told how far it is; raise in it to stop.
    """
    rows = prepared.rows
    tried = write(prepared.register.name, drafts_of(rows), author, dry_run=True, accept="rows", progress=progress)
    results = results_of(rows, tried.results, prepared.mapping, prepared.sheet.file)
    return Plan(prepared.register, prepared.sheet, prepared.mapping, rows, results)


def drafts_of(rows: Sequence[Row]) -> list[Any]:
    """Drafts of the rows that are to do anything."""
    return [row.draft for row in rows if not row.skipped]


def results_of(rows: Sequence[Row], written: Sequence[Result], mapping: Columns, file: str) -> list[RowResult]:
    """What the write service said, with what was known before, in the order of the file and by the file's columns."""
    answers = iter(written)
    titles = {target: entry.column.title or entry.column.letter for target, entry in mapping.by_target.items()}
    found = []
    for row in rows:
        if row.skipped:
            found.append(RowResult(row.row, "unchanged", row.draft.code, str(row.draft.values.get("name") or ""), notes=tuple(row.notes)))
            continue
        result = next(answers)
        problems = [*row.problems, *(_titled(problem, row.row, titles, file) for problem in _fresh(row, result))]
        outcome = "refused" if problems else result.outcome
        found.append(
            RowResult(row.row, outcome, result.code, result.name, result.differences, tuple(problems), (*row.notes, *result.notes))
        )
    return found


def _fresh(row: Row, result: Result) -> list[Problem]:
    """Problems that do not only follow from those already known: a cell that could not be read is not missing too."""
    if not row.problems:
        return list(result.problems)
    return [problem for problem in result.problems if problem.code not in {"entry.required", "registers.code_twice"}]


def _titled(problem: Problem, row: int, titles: Mapping[str, str], file: str) -> Problem:
    name = problem.place.column if problem.place else ""
    column = titles.get(name) or titles.get(name.split("[")[0].split(".")[0]) or ("" if name in {"geometry"} else name)
    return replace(problem, place=Place(file, row, column))
