"""How a daily quantity remembers: the sizes and lengths of its swings, fitted once on many cities and kept as a table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

YEAR = 365.2425
"""Mean length of a year [d]."""

HARMONICS = 3
"""Waves of the yearly cycle: a year, a half and a third."""

LEAST = 0.05
"""Smallest value, as a share of the usual one, that the scale knows."""

OTHER = "other"
"""Row of the table for a quantity that has none of its own."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Structure of one quantity's daily values on the scale on which they are nearly normal.

    Attributes:
        quantity: column name, such as ``pm25``.
        power: exponent of the scale, 0 for the logarithm.
        slow_days, slow: length [d] and standard deviation of the swings that last weeks (a wet spring, a stagnant winter).
        fast_days, fast: the same of the weather of the days.
        noise: standard deviation of what a day does not share with its neighbours.
        walk: standard deviation by which the level wanders in a year.
        drift: standard deviation of a trend's slope in a year, before anything was seen; its mean is none.
        unrest: cosine and sine of the yearly wave in the logarithm of the weather's size (winter swings wider than summer).
        season: mean of the yearly cycle, cosine and sine of each wave, as learnt from many cities.
        season_spread: standard deviation of these between cities, one for each wave.
    """

    quantity: str
    power: float
    slow_days: float
    slow: float
    fast_days: float
    fast: float
    noise: float
    walk: float
    drift: float
    unrest: tuple[float, float]
    season: tuple[float, ...]
    season_spread: tuple[float, ...]

    def scaled(self, values: Floats, unit: Floats | float) -> Floats:
        """Bring values to the scale of the model, on which 0.1 is about a tenth of the usual.

        Args:
            values: values; those under a twentieth of the usual count as that.
            unit: the usual value of each series, such as its median.

        Examples:
            >>> logarithm = Memory("x", 0.0, 30, 0.2, 3, 0.3, 0.1, 0.1, 0.1, (0.0, 0.0), (0.0,) * 6, (0.1,) * 3)
            >>> logarithm.scaled(np.array([5.0]), 5.0).tolist()
            [0.0]
        """
        share = np.maximum(values / unit, LEAST)
        return np.log(share) if self.power == 0 else (share**self.power - 1.0) / self.power

    def unscaled(self, scaled: Floats, unit: float) -> Floats:
        """Bring numbers of the model's scale back to values."""
        if self.power == 0:
            return np.exp(scaled) * unit
        inner: Floats = np.maximum(scaled * self.power + 1.0, LEAST**self.power) ** (1.0 / self.power)
        return inner * unit

    def restless(self, days: NDArray[np.int64]) -> Floats:
        """How much wider than on average the weather swings on each day, days counted from 1970-01-01."""
        return np.exp(waves(days)[..., :2] @ np.asarray(self.unrest))


def waves(days: NDArray[np.int64]) -> Floats:
    """Cosine and sine of each wave of the year on each day.

    Args:
        days: days since 1970-01-01, of any shape.

    Returns:
        Array of that shape with one more axis of twice `HARMONICS`.
    """
    angle = 2.0 * np.pi * np.asarray(days, dtype=np.float64)[..., None] / YEAR * np.arange(1, HARMONICS + 1)
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1).reshape(*angle.shape[:-1], 2 * HARMONICS)


@cache
def memories() -> dict[str, Memory]:
    """The table that the package ships, quantity → its structure; `benchmarks/odds.py --fit` writes it."""
    text = resources.files(__package__).joinpath("memory.csv").read_text("utf-8")
    return {row["quantity"]: _memory(row) for row in csv.DictReader(text.splitlines())}


def memory_of(quantity: str) -> Memory:
    """Structure of a quantity; that of an ordinary air pollutant when it has no row of its own.

    Examples:
        >>> memory_of("pm25").quantity, memory_of("unheard-of").quantity
        ('pm25', 'other')
    """
    known = memories()
    return known.get(quantity, known[OTHER])


def _memory(row: dict[str, str]) -> Memory:
    plain = {name: float(row[name]) for name in ("power", "slow_days", "slow", "fast_days", "fast", "noise", "walk", "drift")}
    unrest = (float(row["unrest_1"]), float(row["unrest_2"]))
    season = tuple(float(row[f"season_{number}"]) for number in range(1, 2 * HARMONICS + 1))
    spread = tuple(float(row[f"spread_{number}"]) for number in range(1, HARMONICS + 1))
    return Memory(row["quantity"], unrest=unrest, season=season, season_spread=spread, **plain)
