"""What all invented data share: places, rounding, chance with a memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bilan.science.figures.spec import Group, Words

Numbers = npt.NDArray[np.float64]
PLACES: tuple[Group, ...] = (
    ("alpha", Words("甲区", "Alpha")),
    ("beta", Words("乙区", "Beta")),
    ("gamma", Words("丙区", "Gamma")),
    ("delta", Words("丁区", "Delta")),
    ("epsilon", Words("戊区", "Epsilon")),
)
"""Invented districts with their words, as an axis or a legend takes them."""


def rounded(values: Numbers, digits: int) -> Numbers:
    """Values as an instrument writes them, without minus zero."""
    return np.round(values, digits) + 0.0


def memory(random: np.random.Generator, count: int, keep: float) -> Numbers:
    """Chance of unit variance in which each step keeps a share of the one before."""
    drawn = random.normal(0, 1, count)
    for at in range(1, count):
        drawn[at] = keep * drawn[at - 1] + (1 - keep * keep) ** 0.5 * drawn[at]
    return drawn
