"""What an appraisal consists of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bilan.pack.registers.words import Bilingual


class MeasureKind(StrEnum):
    """What an item looks at."""

    INDICATOR = "indicator"
    """Value of an indicator of the district in the year."""
    TASKS = "tasks"
    """``share`` done, mean ``progress`` [%], number of ``late`` ones."""
    CASES = "cases"
    """``on_time`` share closed in time [%], number ``overdue``, ``opened``, ``reopened``."""


class RuleKind(StrEnum):
    """How a value becomes a score."""

    LINEAR = "linear"
    """Nothing at the floor, all of the weight at the target, a straight line between."""
    STEPS = "steps"
    """The share of the weight that belongs to the first step the value lies within."""
    EACH = "each"
    """All of the weight, less so many points for each one counted."""
    VETO = "veto"
    """No points of its own; above its limit the total is capped."""


class Missing(StrEnum):
    """What becomes of an item without a value."""

    OUT = "out"
    """It is left out and the others count for the whole."""
    ZERO = "zero"
    """It scores nothing."""
    FULL = "full"
    """It scores all of its weight, such as when nothing had to be done."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What an item looks at: the indicator's name, or which number of tasks or cases; of cases perhaps one flow only."""

    kind: MeasureKind
    of: str
    flow: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a value becomes a score.

    Attributes:
        floor, target: of a line; `from_plan`: whether the district's own target of the plan goes before `target`.
        steps: limits and shares of the weight [%], best first; a value up to (of falling values: down to) a limit gets its share.
        rising: of steps, whether larger values are better.
        each: points taken off for each one.
        limit: of a veto, the largest value that is allowed; `cap`: the most the total can be above it.
    """

    kind: RuleKind
    floor: float = 0.0
    target: float = 0.0
    from_plan: bool = False
    steps: tuple[tuple[float, float], ...] = ()
    rising: bool = True
    each: float = 0.0
    limit: float = 0.0
    cap: float = 0.0


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
