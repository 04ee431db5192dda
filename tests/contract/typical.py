"""A few registers that have between them every kind of thing that a register can declare."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from bilan.pack.registers import Register


def typical(registers: Mapping[str, Register]) -> frozenset[str]:
    """Names of registers such that whatever any register has, one of them has too; each adds what those before it lack."""
    traits = {name: traits_of(register) for name, register in sorted(registers.items())}
    missing = set().union(*traits.values())
    chosen: set[str] = set()
    while missing:
        best = max(traits, key=lambda name: len(traits[name] & missing))
        chosen.add(best)
        missing -= traits[best]
    return frozenset(chosen)


def traits_of(register: Register) -> set[Hashable]:
    """What decides the SQL that a register needs: its geometry, who reads it, how it is sorted, and its kinds of fields."""
    whole = {
        ("geometry", register.geometry),
        ("sensitivity", register.sensitivity),
        ("zone", register.zone is not None),
        ("series", register.series is not None),
        ("states", bool(register.states)),
        ("rules", bool(register.rules)),
        ("volatile", bool(register.volatile)),
        ("sort", register.sort.lstrip("-") in register.fields, register.sort.startswith("-")),
        *(("duplicates", what if what in {"name", "place", "uscc"} else "field") for what in register.duplicates),
    }
    fields = {(field.type, field.many, field.filter, field.unique, field.sensitivity) for field in register.fields.values()}
    return whole | fields
