"""How far one element of a profile can move before Q rises by a given amount, all others adjusting: rotational ambiguity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from bilan.science.receptor.bootstrap import mapped
from bilan.science.receptor.solution import Solution
from bilan.science.receptor.solver import Fit, Hold, q_true, refine
from bilan.science.receptor.speciation import Matrix

RISES = (4.0,)
"""Allowed rise of Q; PMF 5 looks at 4, 8, 15 and 25."""
NEAR = 0.05
"""How near to the allowed rise an answer has to be [share]."""
MOST_TRIES = 10
LEAST_CORRELATION = 0.6


@dataclass(frozen=True, slots=True)
class Displacement:
    """What displacement tells.

    Attributes:
        intervals: ``factor, species, rise, base, low, high`` [unit of the concentrations].
        swaps: one row a rise and base factor: how often the factor had lost its identity at the end of an interval.
        fall: the largest fall of Q met on the way; above a per mille of Q the base was no minimum.
    """

    intervals: pl.DataFrame
    swaps: pl.DataFrame
    fall: float


def displacement(
    base: Solution,
    *,
    rises: Sequence[float] = RISES,
    species: Sequence[str] | None = None,
    factors: Sequence[int] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Displacement:
    """Move each element of the profiles of strong species down and up until Q has risen by dQmax, and give the interval.

    The contributions of the moved factor keep the mean one, so that a mere change of scale moves nothing.

    Parameters:
        base: the solution to question.
        rises: allowed rises of Q (dQmax).
        species: which species to move; all strong ones when not told.
        factors: which factors (from 1); all when not told.
        progress: told the share of the elements that is done, 0 to 1; what it raises stops the work.

    Reference:
        EPA/600/R-14/108, section 6.4; Paatero et al. 2014, doi:10.5194/amt-7-781-2014, section 3.2

    Examples:
        >>> from bilan.science import receptor
        >>> given = pl.DataFrame({"day": [1, 2, 3, 4], "so4": [3.0, 5.0, 4.0, 8.0]})
        >>> alone = receptor.pmf(receptor.speciation(given, given.with_columns(so4=0.5)), 1, seeds=1)
        >>> displacement(alone, rises=[4.0]).intervals.select(pl.col("base", "low", "high").round(2)).rows()
        [(5.0, 4.5, 5.5)]
    """
    wanted = list(species) if species is not None else [n for n, strong in zip(base.data.species, base.data.strong, strict=True) if strong]
    chosen = [number - 1 for number in factors] if factors is not None else list(range(base.factors))
    settled = refine(base.data.concentration, base.data.weights, (base.contribution, base.profile), fall=0.001 * min(rises))
    means = np.maximum(settled.contributions.mean(axis=0), 1e-300)
    origin = Fit(settled.contributions / means, settled.profiles * means[:, None], settled.q, settled.steps, settled.converged)
    rows: list[dict[str, float | str | int]] = []
    swaps = {(rise, factor): 0 for rise in rises for factor in chosen}
    fall = 0.0
    for at, factor in enumerate(chosen):
        for done, name in enumerate(wanted):
            progress((at * len(wanted) + done) / (len(chosen) * len(wanted)))
            place = base.data.species.index(name)
            ends = [_edges(base, origin, factor, place, sign, sorted(rises)) for sign in (-1, 1)]
            for rise in sorted(rises):
                (low, fit_low), (high, fit_high) = ends[0][rise], ends[1][rise]
                fall = max(fall, origin.q - fit_low.q, origin.q - fit_high.q)
                swaps[rise, factor] += sum(_swapped(fit, origin) for fit in (fit_low, fit_high))
                value = float(origin.profiles[factor, place])
                rows.append({"factor": factor + 1, "species": name, "rise": rise, "base": value, "low": low, "high": high})
    counted = [{"rise": rise, "factor": factor + 1, "swaps": count} for (rise, factor), count in swaps.items()]
    return Displacement(pl.DataFrame(rows), pl.DataFrame(counted), fall)


def _edges(base: Solution, origin: Fit, factor: int, place: int, sign: int, rises: list[float]) -> dict[float, tuple[float, Fit]]:
    value = float(origin.profiles[factor, place])
    curve = float(np.sum(base.data.weights[:, place] * origin.contributions[:, factor] ** 2))
    per_root = 1.0 / np.sqrt(max(curve, 1e-300))
    fit, found = origin, {}
    for rise in rises:
        step, fit = _edge(base, origin, fit, Hold(factor, place, value), sign, rise, per_root)
        found[rise] = (value + sign * step, fit)
        per_root = max(step / np.sqrt(rise), per_root) if step > 0 else per_root
    return found


def _edge(base: Solution, origin: Fit, warm: Fit, at: Hold, sign: int, rise: float, per_root: float) -> tuple[float, Fit]:
    """Distance at which Q has risen by `rise`: the root of the rise grows about as the distance does."""
    reach = at.value if sign < 0 else np.inf
    below, above, step, fit = (0.0, 0.0), (np.inf, np.inf), min(per_root * np.sqrt(rise), reach), warm
    for _ in range(MOST_TRIES):
        fit = _moved(base, origin, fit, Hold(at.factor, at.species, max(at.value + sign * step, 0.0)), rise)
        root = np.sqrt(max(fit.q - origin.q, 0.0) / rise)
        if step >= reach and root <= 1.0:
            break
        if abs(root**2 - 1.0) <= NEAR:
            return min(step / float(root), reach), fit
        if root < 1.0:
            below = (step, root)
        else:
            above = (step, root)
        if np.isinf(above[0]):
            step = min(step * min(1.0 / max(root, 0.2), 5.0) * 1.01, reach)
        else:
            step = below[0] + (above[0] - below[0]) * min(max((1.0 - below[1]) / (above[1] - below[1]), 0.05), 0.95)
    return step, fit


def _moved(base: Solution, origin: Fit, warm: Fit, hold: Hold, rise: float) -> Fit:
    """All else adjusted to the displaced element, from whichever start is nearer."""
    starts = []
    for fit in (origin, warm):
        profiles: Matrix = fit.profiles.copy()
        profiles[hold.factor, hold.species] = hold.value
        starts.append((fit.contributions, profiles))
    nearer = min(starts, key=lambda pair: q_true(base.data.concentration, base.data.weights, *pair))
    return refine(base.data.concentration, base.data.weights, nearer, fall=0.01 * rise, most=400, hold=hold)


def _swapped(fit: Fit, origin: Fit) -> int:
    if len(origin.profiles) == 1:
        return 0
    return int(mapped(fit.contributions, origin.contributions, LEAST_CORRELATION) != list(range(len(origin.profiles))))
