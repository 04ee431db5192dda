"""The items of the two plans with how far each is realised, read once."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import PurePosixPath

from bilan.pack.registers import Bilingual

STATUSES = ("works", "partly", "not yet")
DECLARED = ("src/bilan/pack/registers/", "src/bilan/pack/zones/")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a plan calls for.

    Attributes:
        title: in Chinese the plan's own words.
        plan: ``xiamen`` or ``quanzhou``; `article` where in it.
        status: one of `STATUSES`.
        registers: registers that serve it.
        test: the test that shows it; empty unless it works.
    """

    id: str
    group: str
    title: Bilingual
    plan: str
    article: str
    status: str
    note: Bilingual
    files: tuple[str, ...]
    registers: tuple[str, ...]
    test: str


@cache
def items() -> tuple[Item, ...]:
    """All items in the order of the plans."""
    said = {row["id"]: row for row in _table("items.csv")}
    return tuple(_item(row, said[row["id"]]) for row in _table("coverage.csv"))


@cache
def groups() -> Mapping[str, Bilingual]:
    """Groups by their codes."""
    return {row["code"]: Bilingual(row["zh"], row["en"]) for row in _table("groups.csv")}


def counts(found: Sequence[Item]) -> list[tuple[str, Counter[str]]]:
    """For each group, how many items have each status."""
    by_group = {code: Counter[str]() for code in groups()}
    for item in found:
        by_group[item.group][item.status] += 1
    return list(by_group.items())


def _item(row: Mapping[str, str], said: Mapping[str, str]) -> Item:
    files = tuple(name for name in row["files"].split(";") if name)
    return Item(
        id=row["id"],
        group=row["group"],
        title=Bilingual(said["quote"], row["name_en"]),
        plan=said["plan"],
        article=said["article"],
        status=row["status"],
        note=Bilingual(row["note_zh"], row["note"]),
        files=files,
        registers=tuple(PurePosixPath(name).stem for name in files if name.startswith(DECLARED) and name.endswith(".yaml")),
        test=row["test"],
    )


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
