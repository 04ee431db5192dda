"""What a verdict rests on, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bilan.web.areas.verdicts.words import CONFIDENCE, UNVERIFIED


@dataclass(frozen=True, slots=True)
class Item:
    """One reading of a verdict.

    Attributes:
        name, value, unit: what was measured.
        basis: what the value is a mean of, and from how many samples.
        limits: what it was compared with.
        result: index or class in words; `kind` and `grade` give its official level.
        factor: times over the limit; empty when it is not over.
        decides: whether the verdict is this reading's.
        counted: whether it takes part at all.
        clause, confidence, unverified: where the limit stands and how certain that is.
    """

    name: str
    value: str
    unit: str
    basis: str
    limits: str
    result: str
    kind: str
    grade: int | None
    factor: str
    decides: bool
    counted: bool
    clause: str
    confidence: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that took part."""

    text: str
    clause: str
    confidence: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class Reasons:
    """The answer to "why?"; without items when the readings were not kept."""

    headline: str = ""
    decided: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    missing: str = ""
    unverified: bool = False


def rule(text: str, clause: str, confidence: str) -> Rule:
    """A rule with how certain it is in words."""
    return Rule(text, clause, str(CONFIDENCE[confidence]), confidence == UNVERIFIED)
