"""Targets on figures that departments report once a year: few points, so a wide statement or none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import numpy as np

from bilan.plans.odds.model import Aim, Stand, Why, chance, quantiles

LEAST_YEARS = 4
"""Yearly figures before anything is said: three changes, of which one is spent on their mean."""

FURTHEST = 6
"""Years ahead beyond which nothing is said."""

PATHS = 4000


def stand(values: Mapping[int, float], year: int, today: date, aim: Aim, ceiling: float | None = None) -> Stand:
    """Tell how a reported figure stands.

    The figure goes on by the mean of its yearly changes, halved towards no change when they scatter as much as they amount to; the error
    is Student's, with as many degrees of freedom as there are changes less one.

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
    steps = np.array([(known[b] - known[a]) / (b - a) for a, b in zip(sorted(known), sorted(known)[1:], strict=False)])
    mean, spread = float(steps.mean()), float(steps.std(ddof=1))
    error = spread / math.sqrt(len(steps))
    kept = mean**2 / (mean**2 + error**2) if mean or error else 0.0
    random = np.random.default_rng(year * 100 + last % 100)
    drift = kept * mean + error * random.standard_t(len(steps) - 1, PATHS)
    floor = 0.01 * max(abs(value), 1e-9)
    ends = value + ahead * drift + math.sqrt(ahead) * max(spread, floor) * random.standard_t(len(steps) - 1, PATHS)
    ends = np.minimum(ends, ceiling) if ceiling is not None else ends
    basis["pace"] = round(mean, 4)
    return Stand(value, gap, needed, None, ahead, quantiles(ends), chance(aim, ends), "", through, basis)
