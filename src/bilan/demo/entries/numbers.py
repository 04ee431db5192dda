"""Numbers and dates of sample entries: as hinted, else inside the declared bounds."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np

from bilan.demo.entries.hints import Hint
from bilan.pack.registers import Field, FieldType

YEARS = (1998, 2025)
PAST_DAYS = (-1500, -420)
STEP_DAYS = (15, 160)


def number(field: Field, hint: Hint | None, random: np.random.Generator) -> float | int:
    """A number for a field.

    Parameters:
        hint: ``range`` with lower bound, upper bound and perhaps ``log``; without it the bounds of the field decide.
    """
    if hint:
        lower, upper = float(hint.parts[0]), float(hint.parts[1])
        found = _log(lower, upper, random) if "log" in hint.parts else random.uniform(lower, upper)
    else:
        found = _unhinted(field, random)
    return fitted(field, found)


def fitted(field: Field, value: float) -> float | int:
    """A value rounded and kept within the bounds of a field."""
    lower = -math.inf if field.lower is None else field.lower
    upper = math.inf if field.upper is None else field.upper
    kept = min(max(float(value), lower), upper)
    if field.type is FieldType.INTEGER:
        return round(kept)
    digits = 2 if field.decimals is None else field.decimals
    return min(max(round(kept, digits), lower), upper)


def _log(lower: float, upper: float, random: np.random.Generator) -> float:
    low = max(lower, upper / 1e4, 1e-6)
    return math.exp(random.uniform(math.log(low), math.log(upper)))


def _unhinted(field: Field, random: np.random.Generator) -> float:
    upper = 100.0 if field.upper is None else field.upper
    lower = 0.0 if field.lower is None else field.lower
    if field.type is FieldType.INTEGER and lower >= 1800 and upper >= 2050:
        return random.uniform(*YEARS)
    if upper - lower <= 500 or lower < 0:
        low, high = max(lower, -0.1 * abs(upper)), upper
        return random.uniform(low + 0.1 * (high - low), low + 0.8 * (high - low))
    return math.exp(random.uniform(0.25, 0.6) * math.log(upper))


class Calendar:
    """Days of one entry: each date field lies some time after the one before it, and none in the future unless hinted.

    Args:
        today: the day that hints count from.
    """

    def __init__(self, today: date, random: np.random.Generator) -> None:
        self._today, self._random = today, random
        self._at = int(random.integers(*PAST_DAYS))

    def next(self) -> str:
        """The next day of the entry's life."""
        self._at = min(self._at + int(self._random.integers(*STEP_DAYS)), -1)
        return self.offset(self._at)

    def hinted(self, hint: Hint) -> str:
        """A day between two days, or two offsets [d] from today."""
        if "-" in hint.parts[0][1:]:
            first, last = (date.fromisoformat(part) for part in hint.parts)
            return (first + timedelta(days=int(self._random.integers(0, (last - first).days + 1)))).isoformat()
        return self.offset(int(self._random.integers(int(hint.parts[0]), int(hint.parts[1]) + 1)))

    def after(self, day: str, hint: Hint) -> str:
        """A day so long after another as the hint says: field, least days, most days."""
        gap = int(self._random.integers(int(hint.parts[1]), int(hint.parts[2]) + 1))
        return (date.fromisoformat(day) + timedelta(days=gap)).isoformat()

    def offset(self, days: int) -> str:
        """The day `days` from today."""
        return (self._today + timedelta(days=days)).isoformat()
