"""The tree of registers: groups, their registers, and how many entries of each the reader sees."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from bilan.pack.registers import Group, Register
from bilan.registers.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Leaf:
    """One register with what the reader sees of it.

    Attributes:
        entries: how many are not archived.
    """

    register: Register
    entries: int


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
    found = ledger.visible(registers).filter(archived=False)
    if district:
        found = found.filter(Q(district=district) | Q(district=""))
    counted = dict(found.values_list("register").annotate(entries=Count("pk")).order_by())
    branches: dict[str, list[Leaf]] = {}
    for register in registers:
        branches.setdefault(register.group, []).append(Leaf(register, counted.get(register.name, 0)))
    groups = ledger.declared.groups
    return [Branch(groups[code], leaves) for code, leaves in branches.items() if code in groups]
