"""What a scored table consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bilan.pack.expressions import Expression
from bilan.pack.registers.words import Bilingual
from bilan.pack.scores.rules import Missing, Rule


class Aggregate(StrEnum):
    """How items become one score."""

    SUM = "sum"
    """Points add up; the weights are the points that can be had."""
    WEIGHTED = "weighted"
    """Mean of the shares by weight, from 0 to 100."""
    WORST = "worst"
    """The lowest share decides, from 0 to 100."""
    GEOMETRIC = "geometric"
    """Geometric mean of the shares by weight, from 0 to 100: one item at nothing makes it nothing."""


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item with its weight.

    Attributes:
        value: expression over the fields of what is judged.
        basis: clause it comes from; `confidence` of the weight and the limits.
    """

    name: str
    title: Bilingual
    group: Bilingual
    weight: float
    value: Expression
    unit: str
    rule: Rule
    missing: Missing
    basis: str
    confidence: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade that is given from a score on, when its condition holds.

    Attributes:
        grade: number, 1 the best.
        word: how the register writes it, for comparison.
    """

    grade: int
    title: Bilingual
    at_least: float
    holds: Expression | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Cap:
    """A condition under which the score is at most so much."""

    holds: Expression
    most: float
    says: Bilingual


@dataclass(frozen=True, slots=True)
class Change:
    """A name for the change of a score between two evaluations: from `at_least` on (of the signed difference)."""

    title: Bilingual
    at_least: float


@dataclass(frozen=True, slots=True)
class Score:
    """A scored table: items with rules, how they add up, grades, caps.

    Attributes:
        of: register whose entries it judges.
        scheme: of an evaluation sheet, which scheme's sheets it judges.
        recorded: field of the register that keeps the grade that was officially given.
        least: share of the weight that must have a value [%], or there is no score.
        configured: whether the city chose weights and limits because no formula is published.
    """

    name: str
    title: Bilingual
    about: Bilingual
    of: str
    scheme: str
    recorded: str
    aggregate: Aggregate
    least: float
    decimals: int
    items: tuple[ScoreItem, ...]
    grades: tuple[Grade, ...]
    caps: tuple[Cap, ...]
    changes: tuple[Change, ...]
    standard: str
    version: str
    valid_from: date | None
    confidence: str
    configured: bool
    serves: tuple[str, ...]
    source: str
    line: int
    text: str

    @property
    def full(self) -> float:
        """Highest score."""
        return sum(item.weight for item in self.items) if self.aggregate is Aggregate.SUM else 100.0

    @property
    def names(self) -> frozenset[str]:
        """Fields that its items, grades and caps look at."""
        conditions = [grade.holds for grade in self.grades if grade.holds] + [cap.holds for cap in self.caps]
        return frozenset().union(*(item.value.names for item in self.items), *(condition.names for condition in conditions))
