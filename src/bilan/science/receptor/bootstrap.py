"""How far the profiles hang on single samples: factorise resampled blocks and map each factor to one of the base."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bilan.problems import BilanError, Problem
from bilan.science.receptor.solution import Solution
from bilan.science.receptor.solver import refine, start
from bilan.science.receptor.speciation import Matrix

LEAST_CORRELATION = 0.6
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FALL = 1e-5


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What resampling tells.

    Attributes:
        profiles: ``factor, species, base, p5, p25, p50, p75, p95`` [unit of the concentrations] and ``inside`` (the base lies between p25
            and p75).
        mapping: one row a base factor: how many resampled factors were mapped to it (``mapped``) out of ``runs``.
        unmapped: resampled factors that resemble no base factor.
        block: block length [samples].
    """

    profiles: pl.DataFrame
    mapping: pl.DataFrame
    unmapped: int
    block: int


def bootstrap(
    base: Solution,
    *,
    runs: int = 100,
    block: int | None = None,
    least: float = LEAST_CORRELATION,
    begin: Literal["random", "base"] = "random",
    seed: int = 0,
    progress: Callable[[float], None] = lambda share: None,
) -> Bootstrap:
    """Factorise samples drawn in blocks, with replacement, and give the spread of every element of the profiles.

    A factor of a resampled run goes to the base factor whose contributions (of the drawn samples) its own correlate with best, when the
    correlation reaches `least`. Fewer than 80 in 100 mapped says that the factor is not well held by the data.

    Parameters:
        base: the solution to question; samples in order of time.
        runs: number of resampled factorisations.
        block: length of a block [samples]; the cube root of the number of samples when not told.
        begin: start each run at random, or from the base profiles (faster, more lenient).
        progress: told the share of the runs that is done, 0 to 1; what it raises stops the work.

    Raises:
        BilanError: the block is longer than the series.

    Reference:
        EPA/600/R-14/108, section 6.3; Paatero et al. 2014, doi:10.5194/amt-7-781-2014

    Examples:
        >>> from bilan.science import receptor
        >>> random = np.random.default_rng(1)
        >>> truth = random.gamma(1, 1, (80, 2)) @ np.array([[4.0, 1.0, 0.0], [0.0, 1.0, 3.0]])
        >>> given = pl.DataFrame({"day": range(80)}).hstack(pl.DataFrame(truth, schema=["so4", "no3", "oc"]))
        >>> error = given.with_columns(pl.exclude("day") * 0.05 + 0.01)
        >>> found = bootstrap(receptor.pmf(receptor.speciation(given, error), 2, seeds=2), runs=5, begin="base")
        >>> found.mapping.rows(), found.unmapped
        ([(1, 5, 5), (2, 5, 5)], 0)
    """
    samples = len(base.contribution)
    block = block or max(1, round(samples ** (1 / 3)))
    if not 1 <= block <= samples:
        raise BilanError(Problem("receptor.block", {"value": block, "allowed": samples}))
    random = np.random.default_rng(seed)
    found: list[list[Matrix]] = [[] for _ in range(base.factors)]
    unmapped = 0
    for done in range(runs):
        progress(done / runs)
        rows = drawn(samples, block, random)
        contributions, profiles = _resampled(base, rows, begin, random)
        for place, target in enumerate(mapped(contributions, base.contribution[rows], least)):
            if target < 0:
                unmapped += 1
            else:
                found[target].append(profiles[place])
    mapping = pl.DataFrame({"factor": range(1, base.factors + 1), "mapped": [len(kept) for kept in found], "runs": [runs] * base.factors})
    return Bootstrap(_spread(base, found), mapping, unmapped, block)


def drawn(samples: int, block: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Rows of one resampled series: blocks from anywhere, wrapped at the end, as many rows as there are samples."""
    begins = random.integers(0, samples, -(-samples // block))
    return np.asarray((begins[:, None] + np.arange(block)).ravel()[:samples] % samples)


def mapped(contributions: Matrix, base: Matrix, least: float) -> list[int]:
    """For each factor the base factor it correlates with best, −1 where the correlation stays below `least`."""
    mine, theirs = _standard(contributions), _standard(base)
    correlation = mine.T @ theirs
    best = np.argmax(correlation, axis=1)
    return [int(target) if correlation[place, target] >= least else -1 for place, target in enumerate(best)]


def _standard(columns: Matrix) -> Matrix:
    centred = columns - columns.mean(axis=0)
    return np.asarray(centred / np.maximum(np.sqrt((centred**2).sum(axis=0)), 1e-300))


def _resampled(base: Solution, rows: NDArray[np.int64], begin: str, random: np.random.Generator) -> tuple[Matrix, Matrix]:
    values, weights = base.data.concentration[rows], base.data.weights[rows]
    first = start(values, weights, base.factors, random) if begin == "random" else (base.contribution[rows], base.profile)
    fit = refine(values, weights, first, share=FALL)
    means = np.maximum(fit.contributions.mean(axis=0), 1e-300)
    return fit.contributions / means, fit.profiles * means[:, None]


def _spread(base: Solution, found: list[list[Matrix]]) -> pl.DataFrame:
    parts = []
    for factor, kept in enumerate(found):
        edges = np.quantile(np.array(kept), QUANTILES, axis=0) if kept else np.full((len(QUANTILES), len(base.data.species)), np.nan)
        columns = {f"p{round(100 * level)}": edges[place] for place, level in enumerate(QUANTILES)}
        head = {"factor": [factor + 1] * len(base.data.species), "species": list(base.data.species), "base": base.profile[factor]}
        parts.append(pl.DataFrame({**head, **columns}))
    return pl.concat(parts).with_columns(inside=pl.col("base").is_between("p25", "p75"))
