"""Rows that could not be taken: listed, corrected, replayed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry import clock
from bilan.telemetry.readers.applying import apply_import, settings_of
from bilan.telemetry.readers.planning import plan_import
from bilan.telemetry.store import Store

MESSAGES = "mqtt:"
OPEN, REPLAYED, DISMISSED = "open", "replayed", "dismissed"
_COLUMNS = "id, file, row_number, cells, problems, state, person, changed, settings, digest"


@dataclass(frozen=True, slots=True)
class Refused:
    """One row in quarantine.

    Attributes:
        cells: header → text as it stands in the file, or as corrected.
        problems: what was wrong with it.
        state: `open`, `replayed` or `dismissed`.
    """

    id: int
    file: str
    row: int
    cells: dict[str, str]
    problems: list[Problem]
    state: str
    person: str
    changed: int
    settings: str
    digest: str

    @property
    def is_message(self) -> bool:
        """Whether it came from a broker: such a row is replayed by `replay_message`."""
        return self.file.startswith(MESSAGES)


def quarantined(store: Store, state: str | None = OPEN, limit: int = 500, ids: Sequence[int] | None = None) -> list[Refused]:
    """Rows in quarantine, newest first.

    Args:
        store: where they are.
        state: only rows in this state; None for all.
        limit: at most so many.
        ids: only these.
    """
    where, values = ["1 = 1"], []
    if state is not None:
        where.append("state = ?")
        values.append(state)
    if ids is not None:
        condition, chosen = store.database.any_of("id", ids)
        where.append(condition)
        values += chosen
    rows = store.database.query(
        f"SELECT {_COLUMNS} FROM import_quarantine WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?", [*values, limit]
    )
    return [_refused(row) for row in rows]


def correct(store: Store, entry: int, cells: Mapping[str, str], person: str) -> None:
    """Put other texts into cells of a row; it stays in quarantine until it is replayed.

    Raises:
        BilanError: no such row, or it has no such column (the nearest one is named).
    """
    refused = _one(store, entry)
    strange = [column for column in cells if column not in refused.cells]
    if strange:
        values = [{"value": column, "nearest": nearest(column, refused.cells)} for column in strange]
        raise BilanError(*(Problem("import.unknown_column", entry_) for entry_ in values))
    settle(store, entry, {**refused.cells, **cells}, refused.problems, OPEN, person)


def dismiss(store: Store, entry: int, person: str) -> None:
    """Put a row aside for good.

    Raises:
        BilanError: no such row.
    """
    refused = _one(store, entry)
    settle(store, entry, refused.cells, refused.problems, DISMISSED, person)


def replay(store: Store, entry: int, person: str, *, among: Collection[str] | None = None) -> list[Problem]:
    """Import a row again as it stands now; what is still wrong stays in quarantine.

    Args:
        store: where the row is.
        entry: id of the row.
        person: who replays it.
        among: codes of the points that it may hold readings of; all by default.

    Returns:
        What is still wrong; empty when the row was taken.

    Raises:
        BilanError: no such row, or it is a message of a broker.
    """
    refused = _one(store, entry)
    if refused.is_message:
        raise BilanError(Problem("import.is_message", {"value": entry}))
    settings = replace(settings_of(refused.settings), sheet=None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "row.csv"
        pl.DataFrame({header: [text] for header, text in refused.cells.items()}).write_csv(path)
        try:
            plan = plan_import(store, path, settings, among=among)
        except BilanError as error:
            remaining = list(error.problems)
        else:
            apply_import(store, plan, person=person, quarantine=False)
            remaining = [problem for problems in plan.problems.values() for problem in problems]
    moved = [_moved(problem, refused) for problem in remaining]
    settle(store, entry, refused.cells, moved, OPEN if moved else REPLAYED, person)
    return moved


def _moved(problem: Problem, refused: Refused) -> Problem:
    place = problem.place
    return replace(problem, place=replace(place, file=refused.file, row=refused.row)) if place else problem


def _one(store: Store, entry: int) -> Refused:
    found = quarantined(store, None, 1, [entry])
    if not found:
        raise BilanError(Problem("import.unknown_entry", {"value": entry}))
    return found[0]


def settle(store: Store, entry: int, cells: Mapping[str, str], problems: Sequence[Problem], state: str, person: str) -> None:
    """Write how a row stands now."""
    texts = (
        json.dumps(dict(cells), ensure_ascii=False),
        json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, default=str),
    )
    store.database.execute(
        "UPDATE import_quarantine SET cells = ?, problems = ?, state = ?, person = ?, changed = ? WHERE id = ?",
        (*texts, state, person, clock.now(store.zone), entry),
    )


def _refused(row: Sequence[Any]) -> Refused:
    number, file, line, cells, problems, state, person, changed, settings, digest = row
    known = [Problem.from_dict(entry) for entry in json.loads(problems)]
    return Refused(number, file, line, json.loads(cells), known, state, person, changed, settings, digest)
