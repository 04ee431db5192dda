"""The two solvers: least-squares multiplicative updates to start, weighted hierarchical alternating least squares to finish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilan.science.receptor.speciation import Matrix

START_STEPS = 50
"""Multiplicative updates before the finish."""
INNER = 2
"""Passes over the factors on one set of normal equations."""
LEAST_STRIDE = 0.05
LOOK_BACK = 10
"""Over how many steps the fall of Q is looked at."""
TINY = 1e-300
ONE_THREAD = 200_000
"""Multiplications up to which OpenBLAS works in one thread."""
ALPHA = 4.0
"""Scaled residual beyond which a value counts less in the robust Q."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One element of the profiles kept at a value while all others adjust; the factor's contributions keep the mean one."""

    factor: int
    species: int
    value: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Contributions (samples, factors), profiles (factors, species), the Q that was minimised, and how the search ended."""

    contributions: Matrix
    profiles: Matrix
    q: float
    steps: int
    converged: bool


def q_true(values: Matrix, weights: Matrix, contributions: Matrix, profiles: Matrix) -> float:
    """Sum of the squared scaled residuals."""
    return float(np.sum(weights * (values - contributions @ profiles) ** 2))


def q_robust(values: Matrix, weights: Matrix, contributions: Matrix, profiles: Matrix, alpha: float = ALPHA) -> float:
    """Sum of the squared scaled residuals, of those beyond `alpha` only alpha times their size."""
    scaled = np.abs(np.sqrt(weights) * (values - contributions @ profiles))
    return float(np.sum(np.where(scaled > alpha, alpha * scaled, scaled**2)))


def start(values: Matrix, weights: Matrix, factors: int, random: np.random.Generator) -> tuple[Matrix, Matrix]:
    """Random contributions and profiles brought near by multiplicative updates (LS-NMF)."""
    size = np.sqrt(max(float(values.mean()), TINY) / factors)
    contributions = size * np.abs(random.normal(size=(len(values), factors)))
    profiles = size * np.abs(random.normal(size=(factors, values.shape[1])))
    weighted = weights * np.maximum(values, 0.0)
    for _ in range(START_STEPS):
        contributions *= (weighted @ profiles.T) / ((weights * (contributions @ profiles)) @ profiles.T + TINY)
        profiles *= (contributions.T @ weighted) / (contributions.T @ (weights * (contributions @ profiles)) + TINY)
    return contributions, profiles


def refine(
    values: Matrix,
    weights: Matrix,
    begin: tuple[Matrix, Matrix],
    *,
    share: float = 0.0,
    fall: float = 0.0,
    most: int = 5000,
    hold: Hold | None = None,
) -> Fit:
    """Minimise the sum of squared scaled residuals over non-negative contributions and profiles, from a start.

    Coordinate descent on the normal equations of one side, then of the other. Each step is carried on in its direction; when Q rises it
    is taken back and done without, so Q never rises.

    Parameters:
        begin: contributions and profiles.
        share: the search ends when Q falls by less than this share of itself within ten steps,
        fall: or by less than this.
        most: steps at most.
        hold: an element that stays.
    """
    weighted = weights * values
    across, down = (weights, weighted), (np.ascontiguousarray(weights.T), np.ascontiguousarray(weighted.T))
    left, right = begin
    ahead_left, ahead_right = left, right
    history = [q_true(values, weights, left, right)]
    stride, bound, steps = 0.5, 1.0, 0
    for steps in range(1, most + 1):
        new_left = _side(*across, ahead_right, ahead_left, hold=hold, rows=True)
        ahead_left = _ahead(new_left, left, stride, hold)
        new_right = _side(*down, np.ascontiguousarray(ahead_left.T), ahead_right.T, hold=hold, rows=False).T
        found = q_true(values, weights, ahead_left, new_right)
        if found > history[-1] and stride > 0:
            ahead_left, ahead_right, bound, stride = left, right, max(stride, LEAST_STRIDE), 0.0
            continue
        ahead_right = _ahead_right(new_right, right, stride, hold)
        stride, bound = (min(bound, 1.05 * stride), min(1.0, 1.05 * bound)) if stride > 0 else (bound / 1.5, bound)
        left, right = ahead_left, new_right
        history.append(found)
        if len(history) > LOOK_BACK and history[-1 - LOOK_BACK] - found <= max(fall, share * found, TINY):
            return Fit(left, right, found, steps, True)
    return Fit(left, right, history[-1], steps, False)


def _side(weights: Matrix, weighted: Matrix, other: Matrix, mine: Matrix, *, hold: Hold | None, rows: bool) -> Matrix:
    """Contributions given profiles (or, transposed, profiles given contributions): shape of `mine`."""
    factors = len(other)
    one, two = np.triu_indices(factors)
    place = np.zeros((factors, factors), dtype=np.int64)
    place[one, two] = place[two, one] = np.arange(len(one))
    normal = product(other[one] * other[two], weights.T)[place]
    aim = product(other, weighted.T)
    found = np.array(mine.T, order="C")
    for _ in range(INNER):
        for factor in range(factors):
            curve = normal[factor, factor] + TINY
            best = found[factor] + (aim[factor] - np.einsum("ki,ki->i", normal[factor], found)) / curve
            if hold is not None and hold.factor == factor:
                found[factor] = _mean_one(best, curve) if rows else _kept(best, hold)
            else:
                found[factor] = np.maximum(best, 0.0)
    return found.T


def product(left: Matrix, right: Matrix) -> Matrix:
    """Matrix product in pieces so small that the linear algebra library keeps to one thread: its threads cost more than they bring."""
    step = max(1, ONE_THREAD // max(1, left.shape[0] * right.shape[0]))
    if step >= right.shape[1]:
        return np.asarray(left @ right)
    return np.concatenate([left @ right[:, begin : begin + step] for begin in range(0, right.shape[1], step)], axis=1)


def _kept(best: Matrix, hold: Hold) -> Matrix:
    found = np.maximum(best, 0.0)
    found[hold.species] = hold.value
    return found


def _mean_one(best: Matrix, curve: Matrix) -> Matrix:
    """Nearest non-negative values whose mean is one, in the metric of `curve`: best + multiplier / curve, cut at zero."""
    slack = 1.0 / np.maximum(curve, 1e-12 * float(curve.max()))
    multiplier = float(np.max(-best / slack))
    for _ in range(60):
        found = np.maximum(best + multiplier * slack, 0.0)
        excess = float(found.sum()) - len(found)
        slope = float(slack[found > 0].sum()) or float(slack.sum())
        if abs(excess) < 1e-12 * len(found):
            break
        multiplier -= excess / slope
    return np.maximum(best + multiplier * slack, 0.0)


def _ahead(new: Matrix, old: Matrix, stride: float, hold: Hold | None) -> Matrix:
    found = np.maximum(new + stride * (new - old), 0.0)
    if hold is not None:
        found[:, hold.factor] = new[:, hold.factor]
    return found


def _ahead_right(new: Matrix, old: Matrix, stride: float, hold: Hold | None) -> Matrix:
    found = np.maximum(new + stride * (new - old), 0.0)
    if hold is not None:
        found[hold.factor, hold.species] = hold.value
    return found
