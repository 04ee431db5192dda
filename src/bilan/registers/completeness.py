"""How much of what an entry should say it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilan.pack.registers import FieldType, Register

_EMPTY: tuple[Any, ...] = (None, "", [], {})
REQUIRED_WEIGHT = 3
"""A required field counts as much as so many others."""


def completeness(columns: Mapping[str, Any], register: Register) -> int:
    """Share of the applicable fields that are filled, required ones counting more [%].

    Parameters:
        columns: all columns of the entry.
        register: its register.
    """
    total = filled = 0
    for name, weight in applicable(columns, register).items():
        total += weight
        filled += weight * _filled(columns, name)
    return round(100 * filled / total) if total else 100


def applicable(columns: Mapping[str, Any], register: Register) -> dict[str, int]:
    """Fields and columns that an entry should fill, each with its weight."""
    names = {**columns["data"], **{name: columns.get(name) for name in ("status", "district", "name")}}
    found = {
        field.name: REQUIRED_WEIGHT if field.required is not False else 1
        for field in register.fields.values()
        if field.type is not FieldType.COMPUTED and (field.visible is None or field.visible.holds(names))
    }
    return {**found, "district": 1, **({"geometry": 1} if register.mapped else {})}


def missing(columns: Mapping[str, Any], register: Register) -> list[str]:
    """Fields and columns that should be filled and are not, those that count more first."""
    wanted = applicable(columns, register)
    return sorted((name for name in wanted if not _filled(columns, name)), key=lambda name: -wanted[name])


def _filled(columns: Mapping[str, Any], name: str) -> bool:
    value = columns.get(name) if name in {"district", "geometry"} else columns["data"].get(name)
    return value not in _EMPTY
