"""How much of what an entry should say it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilan.pack.registers import FieldType
from bilan.registers.declared import declared

_EMPTY: tuple[Any, ...] = (None, "", [], {})
REQUIRED_WEIGHT = 3
"""A required field counts as much as so many others."""


def completeness(columns: Mapping[str, Any], register: str) -> int:
    """Share of the applicable fields that are filled, required ones counting more [%].

    Parameters:
        columns: all columns of the entry.
        register: name of its register.
    """
    declaration = declared().registers[register]
    data, total, filled = columns["data"], 0, 0
    names = {**data, **{name: columns.get(name) for name in ("status", "district", "name")}}
    for field in declaration.fields.values():
        if field.type is FieldType.COMPUTED or (field.visible is not None and not field.visible.holds(names)):
            continue
        weight = REQUIRED_WEIGHT if field.required is not False else 1
        total += weight
        filled += weight * (data.get(field.name) not in _EMPTY)
    for name in ("district", *(["geometry"] if declaration.mapped else [])):
        total += 1
        filled += columns.get(name) not in _EMPTY
    return round(100 * filled / total) if total else 100
