"""Reading list rules: who must be on a yearly list and why."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from bilan.pack.loader import read_yaml
from bilan.pack.registers.fields import COMMON
from bilan.pack.registers.model import ListRule, Register
from bilan.pack.registers.taking import Taker
from bilan.problems import Problem


def read_list(source: Traversable | Path, registers: Mapping[str, Register], problems: list[Problem]) -> ListRule:
    """Read one file of ``lists``.

    Args:
        source: the file.
        registers: all registers by name.
        problems: list that problems are added to.

    Raises:
        BilanError: the file is no YAML.
    """
    taker = Taker(str(source), read_yaml(source), problems, "list-rule")
    name = taker.name("list")
    if name and name != Path(source.name).stem:
        taker.note("declaration.file_name", "list", {"value": name, "allowed": Path(source.name).stem})
    register = taker.name("register")
    if register:
        taker.known("register", [register], registers, "declaration.unknown_register")
    names = {*registers[register].fields, *COMMON} if register in registers else None
    criteria = []
    for entry in taker.children("criteria", "criterion"):
        when = entry.expression("when", names)
        says, clause = entry.words("says"), entry.word("clause")
        if when:
            criteria.append((when, says, clause))
    return ListRule(
        name=name or Path(source.name).stem,
        title=taker.words("title"),
        register=register,
        criteria=tuple(criteria),
        clause=taker.word("clause"),
        source=taker.word("source"),
        line=taker.where("list"),
    )
