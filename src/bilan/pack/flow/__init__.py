"""Which way things flow along the links between entries: declared in ``links.csv``, added to by a city's ``pack/flow/links.csv``."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from bilan.problems import BilanError, Place, Problem, nearest

WITH, AGAINST = "with", "against"
DIRECTIONS = (WITH, AGAINST, "none")
FILE = "links.csv"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: ``*`` stands for any.

    Attributes:
        register: whose link it is; `field`: the link's name; `target`: the register it points to.
        direction: ``with`` when what flows goes from the entry to what it points to, ``against`` when it comes from there.
    """

    register: str
    field: str
    target: str
    direction: str

    def fits(self, register: str, field: str, target: str) -> bool:
        """Whether the row speaks of a link."""
        return all(rule in {"*", given} for rule, given in ((self.register, register), (self.field, field), (self.target, target)))


def direction(rules: Iterable[Rule], register: str, field: str, target: str) -> str:
    """Which way things flow along a link: the first row that fits; ``none`` when none does.

    Examples:
        >>> direction(rules(None), "river-outfall", "river", "river"), direction(rules(None), "outlet", "enterprise", "enterprise")
        ('with', 'against')
    """
    return next((rule.direction for rule in rules if rule.fits(register, field, target)), "none")


def rules(city_pack: Path | None) -> tuple[Rule, ...]:
    """The city's rows, then those of the base pack.

    Raises:
        BilanError: `flow.unknown_direction` with file and row.
    """
    own = city_pack / "flow" / FILE if city_pack else None
    there = own is not None and own.is_file()
    return (_read(str(own), own.stat().st_mtime_ns) if own is not None and there else ()) + _read("", 0)


@lru_cache(8)
def _read(path: str, _changed: int) -> tuple[Rule, ...]:
    text = Path(path).read_text("utf-8-sig") if path else resources.files(__name__).joinpath(FILE).read_text("utf-8")
    found = []
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        rule = Rule(*(str(row.get(name) or "*").strip() for name in ("register", "field", "target", "direction")))
        if rule.direction not in DIRECTIONS:
            values = {"value": rule.direction, "allowed": DIRECTIONS, "nearest": nearest(rule.direction, DIRECTIONS)}
            raise BilanError(Problem("flow.unknown_direction", values, Place(path or FILE, number)))
        found.append(rule)
    return tuple(found)
