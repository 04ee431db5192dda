"""How many entries each register gets, and what its fields look like where a value by type alone would look silly."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from importlib import resources

EVERY = "*"
"""Register of hints that hold for a field name wherever it stands."""
FOLDER = "demo"
SAME = {"pattern": "text"}
BETWEEN = {"range": r"[|:]"}
"""What stands between the parts of an argument; bars where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a field looks like.

    Attributes:
        kind: ``share``, ``rank``, ``range``, ``of``, ``text`` (or ``pattern``), ``date``, ``after``, ``fill``, ``link``, ``items``,
            ``place``, ``rows`` or ``skip``.
        parts: its argument, at the bars.
    """

    kind: str
    parts: tuple[str, ...]

    def shares(self) -> dict[str, float]:
        """Choice → weight of ``a:0.7|b:0.3``.

        Examples:
            >>> Hint("share", ("a:0.7", "b:0.3")).shares()
            {'a': 0.7, 'b': 0.3}
        """
        pairs = (part.rsplit(":", 1) for part in self.parts)
        return {name: float(weight) for name, weight in pairs}

    def ranked(self, number: int) -> str:
        """Value of entry `number` (from 0) of ``27=major|204=larger|*=none``: the first 27, the next 204, all others.

        Examples:
            >>> [Hint("rank", ("2=a", "1=b", "*=c")).ranked(number) for number in range(4)]
            ['a', 'a', 'b', 'c']
        """
        for part in self.parts:
            amount, value = part.split("=", 1)
            if amount == EVERY or number < int(amount):
                return value
            number -= int(amount)
        return ""


@dataclass(frozen=True)
class Plan:
    """What the demo city's registers hold.

    Attributes:
        counts: register → number of entries.
        hints: (register, field) → kind → hint.
    """

    counts: dict[str, int]
    hints: dict[tuple[str, str], dict[str, Hint]] = field(default_factory=dict)

    def hint(self, register: str, name: str, kind: str) -> Hint | None:
        """The hint of a kind for a field: the register's own before the one for every register."""
        for key in ((register, name), (EVERY, name)):
            found = self.hints.get(key, {}).get(kind)
            if found:
                return found
        return None

    def kinds(self, register: str, name: str) -> dict[str, Hint]:
        """All hints for a field."""
        return {**self.hints.get((EVERY, name), {}), **self.hints.get((register, name), {})}


def read_plan() -> Plan:
    """The plan that lies in the base pack: ``demo/counts-*.csv`` and ``demo/hints-*.csv``."""
    counts: dict[str, int] = {}
    hints: dict[tuple[str, str], dict[str, Hint]] = {}
    for row in _rows("counts"):
        counts[row["register"]] = int(row["count"])
    for row in _rows("hints"):
        kind = SAME.get(row["kind"], row["kind"])
        parts = tuple(part.strip() for part in re.split(BETWEEN.get(kind, r"\|"), row["argument"]))
        hints.setdefault((row["register"], row["field"]), {})[kind] = Hint(kind, parts)
    return Plan(counts, hints)


def listed(register: str) -> list[dict[str, str]]:
    """Entries that are listed one by one: rows of a table named after the register; none without it."""
    file = resources.files("bilan.pack").joinpath(FOLDER, f"{register}.csv")
    if not file.is_file():
        return []
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return [{name: value for name, value in row.items() if name and value} for row in rows]


def _rows(kind: str) -> list[dict[str, str]]:
    folder = resources.files("bilan.pack").joinpath(FOLDER)
    files = sorted(
        (file for file in folder.iterdir() if file.name.startswith(kind) and file.name.endswith(".csv")), key=lambda file: file.name
    )
    return [row for file in files for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())]
