"""The tree of registers: groups, their registers, and how many entries of each the reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from bilan.pack.registers import Group, Register
from bilan.registers.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Leaf:
    """One register with what the reader sees of it.

    Attributes:
        entries, placed: entries that are not archived, and those of them with a place.
        changed: last change of any of them; None when there is none.
    """

    register: Register
    entries: int
    placed: int
    changed: Any


@dataclass(frozen=True, slots=True)
class Branch:
    """A group with its registers."""

    group: Group
    leaves: list[Leaf]

    @property
    def entries(self) -> int:
        """Entries of all its registers."""
        return sum(leaf.entries for leaf in self.leaves)


def tree(ledger: Ledger, district: str = "") -> list[Branch]:
    """The registers that the reader may see by group, with counts from one query."""
    registers = ledger.registers()
    since = "changed" if ledger.as_of is None else "since"
    found = ledger.visible(registers).filter(archived=False)
    if district:
        found = found.filter(Q(district=district) | Q(district=""))
    rows = found.values("register").annotate(entries=Count("pk"), placed=Count("lon"), last=Max(since)).order_by()
    counted = {row["register"]: row for row in rows}
    branches: dict[str, list[Leaf]] = {}
    for register in registers:
        row = counted.get(register.name, {})
        leaf = Leaf(register, row.get("entries", 0), row.get("placed", 0), row.get("last"))
        branches.setdefault(register.group, []).append(leaf)
    groups = ledger.declared.groups
    return [Branch(groups[code], leaves) for code, leaves in branches.items() if code in groups]
