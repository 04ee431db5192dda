"""In which order registers are filled, so that what is linked to is there first."""

from __future__ import annotations

from collections.abc import Collection

from bilan.pack.registers import Registers

FIRST = ("park", "bay", "enterprise", "river", "monitoring-point")
"""Registers that most others point to: filled as early as what they require allows."""


def filling_order(registers: Registers, names: Collection[str]) -> list[str]:
    """Names so that each register stands after those it requires links to, and after the others it points to where that goes in a circle.

    Args:
        registers: all registers.
        names: those that are filled.
    """
    found: list[str] = []
    open_: set[str] = set()

    def needed(name: str, seen: set[str]) -> set[str]:
        """What a register cannot do without, and what those cannot do without."""
        for link in registers.registers[name].links:
            if link.required is True and link.of not in seen:
                seen.add(link.of)
                needed(link.of, seen)
        return seen

    def visit(name: str, *, strict: bool) -> None:
        if name in found or name not in names or name in open_:
            return
        open_.add(name)
        links = registers.registers[name].links
        for link in links:
            if link.required is True and link.of != name:
                visit(link.of, strict=True)
        if not strict:
            for link in links:
                if link.of != name and not needed(link.of, set()) & open_:
                    visit(link.of, strict=False)
        open_.discard(name)
        found.append(name)

    for name in FIRST:
        visit(name, strict=True)
    for name in sorted(names):
        visit(name, strict=False)
    return found
