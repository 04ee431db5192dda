"""Positive matrix factorisation from many starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.receptor.solution import Solution, ordered
from bilan.science.receptor.solver import ALPHA, Fit, q_robust, q_true, refine, start
from bilan.science.receptor.speciation import Matrix, Speciation

SEEDS = 20
FALL = 1e-6
"""A run ends when Q falls by less than this share of itself within ten steps."""
ROBUST_ROUNDS = 8


def pmf(
    data: Speciation,
    factors: int,
    *,
    seeds: int = SEEDS,
    first_seed: int = 0,
    robust: bool = False,
    progress: Callable[[float], None] = lambda share: None,
) -> Solution:
    """Split samples into the profiles of `factors` sources and what each source brings to each sample.

    Minimises Q = Σ ((x − g f) / u)² over non-negative g and f: multiplicative updates (LS-NMF) to start, weighted hierarchical alternating
    least squares to finish, from several random starts; the run of the lowest Q is kept, all are listed.

    Parameters:
        data: what `speciation` gives.
        factors: number of sources to look for.
        seeds: number of random starts; `first_seed` the first of them. The same seeds give the same solution.
        robust: minimise the robust Q, in which a value more than four uncertainties off counts less; else the true Q.
        progress: told the share of the starts that is done, 0 to 1; what it raises stops the work.

    Raises:
        BilanError: more factors than species or samples allow.

    Reference:
        Paatero & Tapper 1994, doi:10.1002/env.3170050203; Wang, Kossenkov & Ochs 2006, doi:10.1186/1471-2105-7-175 (LS-NMF);
        Ang & Gillis 2019, doi:10.1162/neco_a_01157 (extrapolation); EPA/600/R-14/108 (Q, scaling)

    Examples:
        >>> from bilan.science.receptor import speciation
        >>> random = np.random.default_rng(1)
        >>> truth = random.gamma(1, 1, (60, 2)) @ np.array([[4.0, 1.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0]])
        >>> names = ["so4", "no3", "oc", "ec"]
        >>> given = pl.DataFrame({"day": range(60)}).hstack(pl.DataFrame(truth, schema=names))
        >>> error = given.with_columns(pl.col(names) * 0.05 + 0.01)
        >>> found = pmf(speciation(given, error), 2, seeds=3)
        >>> found.q_true < 1.0
        True
    """
    samples, species = data.concentration.shape
    if not 1 <= factors <= min(samples, species):
        raise BilanError(Problem("receptor.factors", {"value": factors, "allowed": min(samples, species)}))
    fits = []
    for done in range(max(1, seeds)):
        progress(done / max(1, seeds))
        fits.append(_run(data.concentration, data.weights, factors, first_seed + done, robust))
    judged = [fit.q if not robust else q_robust(data.concentration, data.weights, fit.contributions, fit.profiles) for fit in fits]
    best = int(np.argmin(judged))
    contributions, profiles = ordered(fits[best].contributions, fits[best].profiles)
    rows = [_row(data, fit, first_seed + place) for place, fit in enumerate(fits)]
    return Solution(data, contributions, profiles, pl.DataFrame(rows), first_seed + best, fits[best].converged, robust)


def _row(data: Speciation, fit: Fit, seed: int) -> dict[str, Any]:
    given = (data.concentration, data.weights, fit.contributions, fit.profiles)
    return {"seed": seed, "q_true": q_true(*given), "q_robust": q_robust(*given), "steps": fit.steps, "converged": fit.converged}


def _run(values: Matrix, weights: Matrix, factors: int, seed: int, robust: bool) -> Fit:
    begin = start(values, weights, factors, np.random.default_rng(seed))
    fit = refine(values, weights, begin, share=FALL)
    return fit_robust(values, weights, fit) if robust else fit


def fit_robust(values: Matrix, weights: Matrix, fit: Fit) -> Fit:
    """Carry a fit on with the weights of far-off values lowered until the robust Q stands still."""
    for _ in range(ROBUST_ROUNDS):
        scaled = np.abs(np.sqrt(weights) * (values - fit.contributions @ fit.profiles))
        lowered = weights * np.minimum(1.0, ALPHA / np.maximum(scaled, ALPHA))
        before = q_robust(values, weights, fit.contributions, fit.profiles)
        fit = refine(values, lowered, (fit.contributions, fit.profiles), share=FALL)
        if before - q_robust(values, weights, fit.contributions, fit.profiles) < FALL * before:
            break
    return fit
