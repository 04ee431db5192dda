"""Entries of the base pack that are facts, not inventions: standards and laws, substances, species, duties."""

from __future__ import annotations

import csv
from importlib import resources

from bilan.problems import Problem
from bilan.registers.writing import Author, Draft, write

FOLDER = "demo"
PLANS = ("counts", "hints")
"""Beginnings of the files that hold no entries."""


def names() -> list[str]:
    """Registers that have fixed entries."""
    files = resources.files("bilan.pack").joinpath(FOLDER).iterdir()
    return sorted(entry.name.removesuffix(".csv") for entry in files if entry.name.endswith(".csv") and not entry.name.startswith(PLANS))


def drafts(register: str) -> list[Draft]:
    """The fixed entries of a register as the file has them; empty cells are left out."""
    text = resources.files("bilan.pack").joinpath(FOLDER, f"{register}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return [Draft({name: value for name, value in row.items() if value and name != "code"}, code=row["code"]) for row in rows]


def put_in(author: Author) -> dict[str, int]:
    """Write the fixed entries of all registers; what is there already is left as it is.

    Returns:
        Register → how many entries were new or changed.
    """
    found = {}
    for name in names():
        outcome = write(name, drafts(name), author, accept="rows")
        found[name] = outcome.counts.get("new", 0) + outcome.counts.get("changed", 0)
    return found


def problems() -> list[Problem]:
    """What is wrong with the fixed entries, found by a trial that writes nothing."""
    author = Author.platform("trial")
    return [
        problem for name in names() for result in write(name, drafts(name), author, dry_run=True).refused for problem in result.problems
    ]
