"""A past for the sample entries: they came in several waves, and some were changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from bilan.demo.entries.hints import Hint, Plan
from bilan.demo.entries.numbers import fitted
from bilan.demo.entries.world import Made
from bilan.pack.registers import Field, FieldType, Register, Registers
from bilan.pack.registers.validation import clean

WAVES = (540, 150, 25)
"""Days before now at which entries came in."""
WAVE_SHARES = (0.72, 0.2, 0.08)
CHANGES = (110, 62, 33, 9)
"""Days before now at which some entries were changed."""
CHANGED = 0.01
MOST = 24
"""Share of a register's entries that each of these changes, at least two and at most `MOST`."""
REASONS = ("季度核查更新 quarterly check", "月度调度更新 monthly update", "现场核实 on-site check", "整改进展 progress of rectification")
BUILT = re.compile("capacity|area|length|shore|storage|depth|width|diameter|height|power|level|catchment|lon|lat|limit|design")
"""Names of what does not change from month to month."""
COMMON = ("name", "status", "district", "organisation")


def wave_of(index: int, count: int) -> int:
    """Wave of entry `index` of `count`: the first ones came first.

    Examples:
        >>> [wave_of(index, 100) for index in (0, 71, 72, 91, 92, 99)]
        [0, 0, 1, 1, 2, 2]
    """
    share = index / max(count, 1)
    if share < WAVE_SHARES[0] or count < 12:
        return 0
    return 1 if share < WAVE_SHARES[0] + WAVE_SHARES[1] else 2


def changes(
    register: Register, registers: Registers, made: list[Made], plan: Plan, random: np.random.Generator, today: date
) -> Iterator[tuple[Made, dict[str, Any]]]:
    """Some of the first entries with what changes in them, each change one that the register accepts; the same ones change again."""
    amount = min(max(round(len(made) * CHANGED), 2), MOST, len(made))
    for place in random.permutation(min(len(made), amount * 2))[:amount]:
        entry = made[int(place)]
        change = _change(register, entry, plan, random)
        if not change:
            continue
        held = {name: {**entry.values, **change}.get(name, "") for name in COMMON}
        kept, _ = clean(register, registers, entry.values, common={**held, "status": entry.values.get("status", "")}, today=today)
        _, problems = clean(register, registers, {**kept, **change}, common=held, today=today)
        if not problems:
            entry.values = {**entry.values, **change}
            yield entry, change


def _change(register: Register, entry: Made, plan: Plan, random: np.random.Generator) -> dict[str, Any]:
    """What is measured moves a little; once in a while an entry moves on to its next state."""
    change: dict[str, Any] = {}
    staged = register.states[0].tone != "ok" and sum(state.active for state in register.states) > 2
    moving = [field for field in register.fields.values() if _moves(field, entry, plan.kinds(register.name, field.name))]
    for place in random.permutation(len(moving))[:2]:
        field = moving[int(place)]
        change[field.name] = fitted(field, entry.values[field.name] * random.uniform(0.85, 1.12))
    codes = [state.code for state in register.states if state.active]
    at = codes.index(entry.values["status"]) if entry.values.get("status") in codes else len(codes)
    if staged and random.random() < 0.4 and at + 1 < len(codes):
        change["status"] = codes[at + 1]
    return {name: value for name, value in change.items() if entry.values.get(name) != value}


def _moves(field: Field, entry: Made, hints: Mapping[str, Hint]) -> bool:
    """Whether a field is a reading that changes with time: nothing built, nothing fixed by what the entry follows from."""
    free = field.type is FieldType.DECIMAL and field.name not in entry.fixed and not hints.keys() & {"rank", "of"}
    return free and isinstance(entry.values.get(field.name), float) and not BUILT.search(field.name)
