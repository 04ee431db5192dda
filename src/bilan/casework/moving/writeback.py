"""Writing results back to the entries that cases are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bilan.casework.moving.dating import past
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.held import Held
from bilan.pack.flows import Write
from bilan.pack.flows.references import placeholders
from bilan.problems import Problem
from bilan.registers.writing import Author, Draft, write

SOURCE = "case"
"""How the history of entries calls these changes."""


def draft_of(held: Held, writes: Sequence[Write], values: Mapping[str, Any]) -> Draft | None:
    """What a transition writes to the entry; None when it is nothing.

    Parameters:
        values: what was filled in, over what the case and the entry hold.
    """
    if held.entry is None or not writes:
        return None
    found: dict[str, Any] = {}
    for entry in writes:
        if entry.row:
            row = {part.field: value for part in entry.row if (value := worked_out(part, values)) is not None}
            found[entry.field] = [*(held.entry.data.get(entry.field) or []), row]
        elif (value := worked_out(entry, values)) is not None:
            found[entry.field] = value
    return Draft(found, code=held.entry.code) if found else None


def worked_out(entry: Write, values: Mapping[str, Any]) -> Any:
    """What one field becomes; None when nothing is known for it.

    Examples:
        >>> worked_out(Write("class", "{class}"), {"class": 4}), worked_out(Write("note", "by {who}"), {"who": "甲"})
        (4, 'by 甲')
    """
    if entry.formula is not None:
        return entry.formula(values)
    names = placeholders(entry.value)
    if not names:
        return entry.value
    if entry.value == f"{{{names[0]}}}":
        return values.get(names[0])
    return str(entry.value).format_map({name: "" if values.get(name) is None else values[name] for name in names})


def write_back(drafts: Sequence[tuple[Held, Draft]], hand: Hand, reason: str) -> dict[int, list[Problem]]:
    """Write all drafts, one change set a register; call it inside the writing transaction.

    The flow says what may be written, so the mover needs no right to edit the register; they sign the change.

    Returns:
        Why entries refused, by the number of the case.
    """
    by_register: dict[str, list[tuple[Held, Draft]]] = defaultdict(list)
    for held, draft in drafts:
        by_register[held.case.register].append((held, draft))
    refused: dict[int, list[Problem]] = {}
    for register, pairs in by_register.items():
        author = Author(hand.person, None, reason[:400], SOURCE, at=_moment([held for held, _draft in pairs]))
        outcome = write(register, [draft for _held, draft in pairs], author, accept="rows")
        for (held, _draft), result in zip(pairs, outcome.results, strict=True):
            if result.problems:
                refused[held.case.pk] = list(result.problems)
    return refused


def _moment(helds: Sequence[Held]) -> datetime | None:
    """Moment to write under while history is brought in; None for now, and where an entry was changed since."""
    at = past()
    return at if at is not None and all(held.entry is None or held.entry.changed <= at for held in helds) else None
