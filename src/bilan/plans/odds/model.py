"""The words in which odds are asked for and told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bilan.plans.odds.memory import Floats

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Quantiles of the period's end that are kept."""


class Kind(StrEnum):
    """How a target's number is made of what is observed."""

    SHARE_OF_DAYS = "share_of_days"
    MEAN = "mean"
    PERCENTILE = "percentile"
    SHARE_OF_CLASSES = "share_of_classes"
    COUNT = "count"
    REPORTED = "reported"


class Why(StrEnum):
    """Why nothing, or only something certain, is said."""

    NO_DATA = "no_data"
    LITTLE_HISTORY = "little_history"
    NO_NUMBER = "no_number"
    NO_PACE = "no_pace"
    FEW_YEARS = "few_years"
    TOO_FAR = "too_far"
    OVER = "over"
    SURE = "sure"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a number must be held against.

    Attributes:
        comparator: ``>=``, ``<=``, ``>``, ``<`` or ``=``.
        value, upper: the promised number, and the upper end of a range.
        decimals: places a number is rounded to before it is compared; None for no rounding.

    Examples:
        >>> Aim("<=", 22.0, decimals=0).met(np.array([22.4, 22.6])).tolist()
        [True, False]
        >>> Aim(">=", 90.0, upper=95.0).met(np.array([96.0])).tolist()
        [True]
    """

    comparator: str
    value: float
    upper: float | None = None
    decimals: int | None = None

    def met(self, numbers: Floats) -> NDArray[np.bool_]:
        """Whether each number keeps the promise; an equal one is kept within half of the last place."""
        rounded = numbers if self.decimals is None else np.round(numbers, self.decimals)
        match self.comparator:
            case "<=":
                return rounded <= max(self.value, self.upper or self.value)
            case "<":
                return rounded < self.value
            case ">":
                return rounded > self.value
            case "=" if self.upper is not None:
                return (rounded >= self.value) & (rounded <= self.upper)
            case "=":
                return np.abs(rounded - self.value) <= 0.5 * 10.0 ** -(self.decimals or 0)
            case _:
                return rounded >= self.value

    @property
    def upwards(self) -> bool:
        """Whether more is better."""
        return self.comparator not in {"<=", "<"}

    def gap(self, number: float) -> float:
        """How much is missing: positive while the promise is not kept, in the number's own unit."""
        if self.upwards:
            return self.value - number
        return number - max(self.value, self.upper or self.value)


@dataclass(frozen=True, slots=True)
class Period:
    """What a target is judged over: `begin` to `end`, both days within it."""

    begin: date
    end: date

    @classmethod
    def year(cls, year: int) -> Period:
        """A calendar year.

        Examples:
            >>> Period.year(2024).days
            366
        """
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.begin).days + 1


@dataclass(frozen=True, slots=True)
class Stand:
    """How a target stands on one day.

    Attributes:
        value: number of the period so far; `gap`: what is missing of it.
        needed: what the rest of the period must average (a share for shares, a number a month for counts).
        affordable: bad days, exceedances or samples that the rest may still have; negative when it is already too late.
        left: days, samples or pieces still to come.
        quantiles: level → number at the period's end.
        probability: chance of keeping the promise, 0 to 1; None when nothing can be said.
        why: code of `Why` when nothing can be said, or nothing is open any more; else empty.
        through: last day with a value; `basis`: what the statement is made from, name → number.
        deciding: what decides, as told by `bilan.plans.odds.deciding`.
    """

    value: float | None = None
    gap: float | None = None
    needed: float | None = None
    affordable: int | None = None
    left: int | None = None
    quantiles: dict[float, float] = field(default_factory=dict)
    probability: float | None = None
    why: str = ""
    through: date | None = None
    basis: dict[str, float] = field(default_factory=dict)
    deciding: dict[str, Any] = field(default_factory=dict)

    def detail(self) -> dict[str, Any]:
        """What is kept beside value, gap and probability, as plain values for JSON."""
        return {
            "needed": None if self.needed is None else round(self.needed, 4),
            "affordable": self.affordable,
            "left": self.left,
            "quantiles": {f"{level:g}": number for level, number in self.quantiles.items()},
            "through": self.through.isoformat() if self.through else None,
            "basis": self.basis,
            "deciding": self.deciding,
        }


def quantiles(ends: Floats) -> dict[float, float]:
    """Quantiles of the possible numbers at the period's end, by level."""
    return {level: round(float(number), 4) for level, number in zip(LEVELS, np.quantile(ends, LEVELS), strict=True)}


def chance(aim: Aim, ends: Floats) -> float:
    """Share of the possible ends that keep the promise; never quite sure, since as many draws could not show more.

    Examples:
        >>> chance(Aim(">=", 1.0), np.array([2.0, 2.0]))
        0.75
    """
    return float((aim.met(ends).sum() + 1.0) / (len(ends) + 2.0))
