"""Targets on figures that departments report once a year: few points, so a wide statement or none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import numpy as np

from bilan.plans.odds.model import Aim, Stand, Why, chance, quantiles

LEAST_YEARS = 4
"""Yearly figures before anything is said: three changes, of which one is spent on their mean."""

MOST_YEARS = 11
"""Yearly figures that the pace is learnt from, the last ones."""

FURTHEST = 6
"""Years ahead beyond which nothing is said."""

PATHS = 4000

FADES = 0.6
"""How much a change counts against the one a year later: what was done five years ago says little of the pace of now."""

SCALE = 1.17
"""What comes scatters wider than the changes that were seen, by this factor."""

DOUBT = 2.0
"""How far a pace is shrunk towards none: it counts half when its square is as much as this many times its error's."""

SPREADS = 1.83
"""Power of the years ahead by which the variance grows: changes of one sign follow each other."""

TAIL = 1.2
"""Degrees of freedom of Student's error: reported figures are revised, works close, boundaries move."""


def stand(values: Mapping[int, float], year: int, today: date, aim: Aim, ceiling: float | None = None) -> Stand:
    """Tell how a reported figure stands.

    The figure goes on by the mean of its yearly changes, the last ones counting most, shrunk towards no change by how much they scatter;
    the error has Student's heavy tails and widens with the years ahead.

    Args:
        values: year → figure, signed off.
        year: the year of the promise.
        today: tells whether the promise is still open.
        aim: the promise.
        ceiling: the most there can be, such as 100 for shares.
    """
    known = {when: number for when, number in values.items() if when <= min(year, today.year)}
    if not known:
        return Stand(why=Why.NO_DATA)
    last = max(known)
    value, gap = known[last], aim.gap(known[last])
    through, basis = date(last, 12, 31), {"years": float(len(known))}
    if last == year:
        return Stand(value, gap, left=0, probability=float(aim.met(np.array([value]))[0]), why=Why.OVER, through=through, basis=basis)
    ahead = year - last
    needed = max(gap, 0.0) / ahead
    if len(known) < LEAST_YEARS:
        return Stand(value, gap, needed, None, ahead, why=Why.FEW_YEARS, through=through, basis=basis)
    if ahead > FURTHEST:
        return Stand(value, gap, needed, None, ahead, why=Why.TOO_FAR, through=through, basis=basis)
    mean, spread, error = _pace(known)
    kept = mean**2 / (mean**2 + DOUBT * error**2) if mean or error else 0.0
    random = np.random.default_rng(year * 100 + last % 100)
    size = max(math.hypot(spread * ahead ** (0.5 * SPREADS), math.sqrt(0.5) * ahead * error), 0.005 * max(abs(value), 1e-9))
    ends = value + ahead * kept * mean + size * random.standard_t(TAIL, PATHS)
    ends = np.minimum(ends, ceiling) if ceiling is not None else ends
    basis["pace"] = round(mean, 4)
    return Stand(value, gap, needed, None, ahead, quantiles(ends), chance(aim, ends), "", through, basis)


def _pace(known: Mapping[int, float]) -> tuple[float, float, float]:
    """Mean yearly change, the scatter of what comes about it, and the error of the mean."""
    years = sorted(known)[-MOST_YEARS:]
    steps = np.array([(known[b] - known[a]) / (b - a) for a, b in pairwise(years)])
    weights = FADES ** np.arange(len(steps))[::-1]
    weights /= weights.sum()
    mean = float((weights * steps).sum())
    spread = SCALE * math.sqrt(float((weights * (steps - mean) ** 2).sum()) * len(steps) / (len(steps) - 1))
    return mean, spread, spread / math.sqrt(len(steps))
