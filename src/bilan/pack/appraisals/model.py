"""What an appraisal consists of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bilan.pack.registers.words import Bilingual
from bilan.pack.scores.rules import Missing, Rule


class MeasureKind(StrEnum):
    """What an item looks at."""

    INDICATOR = "indicator"
    """Value of an indicator of the district in the year."""
    TASKS = "tasks"
    """``share`` done, mean ``progress`` [%], number of ``late`` ones."""
    CASES = "cases"
    """``on_time`` share closed in time [%], number ``overdue``, ``opened``, ``reopened``."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What an item looks at: the indicator's name, or which number of tasks or cases; of cases perhaps one flow only."""

    kind: MeasureKind
    of: str
    flow: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item with its weight [points]."""

    name: str
    title: Bilingual
    group: Bilingual
    weight: float
    measure: Measure
    rule: Rule
    missing: Missing
    basis: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A scored appraisal of the districts, once a year.

    Attributes:
        full: sum of all weights.
        least: share of the points that must rest on a value [%], or who is appraised gets no total.
        version: changes when the scheme does; `text`: the file as it stands, which every scoring keeps.
    """

    name: str
    title: Bilingual
    about: Bilingual
    version: str
    items: tuple[Item, ...]
    least: float = 0.0
    laws: str = ""
    confidence: str = "convention"
    serves: tuple[str, ...] = ()
    source: str = ""
    line: int = 1
    text: str = ""

    @property
    def full(self) -> float:
        """Points that can be had."""
        return sum(item.weight for item in self.items)
