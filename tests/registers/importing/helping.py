"""What tests of imports share: books of plants and outfalls, and plans made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bilan.people.visibility import visible_to
from bilan.registers.importing import Applied, ImportSettings, Plan, apply, plan, prepare
from bilan.registers.ledger import Ledger
from bilan.registers.models import Attachment, ChangeSet, Entry, Link, ListMember, Revision, SearchText
from bilan.registers.writing import Author
from bilan.tabular.places.parsing import Box
from tests.tabular.sheets.books import book

CITY = Box(118.0, 24.0, 119.5, 25.8)
HEADS = ["企业名称", "所在县区", "行业", "职工人数", "用水量（吨/日）", "经度", "纬度"]
PLANTS: list[list[Any]] = [
    ["甲厂", "甲区", "化学原料和化学制品制造业", 20, 100.5, "118°30′00″", "24°51′00″"],
    ["乙厂", "甲区", "C26", "1,200", "3", 118.52, 24.86],
    ["丙厂", "350503", "C26", None, None, None, None],
]


def emptied() -> None:
    """Take all entries of the tests' city away, so that a test can count its own."""
    for model in (ListMember, Link, SearchText, Attachment, Revision, Entry, ChangeSet):
        model.objects.all().delete()


def plants(path: Path, rows: Iterable[Sequence[object]] = PLANTS, heads: Sequence[str] = HEADS) -> Path:
    """A book of plants."""
    return book(path, [heads, *rows])


def tried(path: Path, person: Any, register: str = "test-plant", box: Box | None = CITY, **settings: Any) -> Plan:
    """A plan as a person would make it."""
    ledger = Ledger(visible_to(person))
    prepared = prepare(path, ledger.register(register), ledger, ImportSettings(**settings), box=box)
    return plan(prepared, Author.of(person, "test", "import", path.name))


def written(path: Path, person: Any, register: str = "test-plant", box: Box | None = CITY, **settings: Any) -> Applied:
    """What came of planning and applying."""
    return apply(tried(path, person, register, box, **settings), Author.of(person, "test", "import", path.name))
