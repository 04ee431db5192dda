"""What a factorisation found, as tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from bilan.science.receptor.solver import q_robust, q_true
from bilan.science.receptor.speciation import Matrix, Speciation


def ordered(contributions: Matrix, profiles: Matrix) -> tuple[Matrix, Matrix]:
    """Scale the contributions of each factor to the mean one and put the factor that brings most first."""
    means = np.maximum(contributions.mean(axis=0), 1e-300)
    contributions, profiles = contributions / means, profiles * means[:, None]
    order = np.argsort(-profiles.sum(axis=1), kind="stable")
    return contributions[:, order], profiles[order]


@dataclass(frozen=True, slots=True)
class Solution:
    """Profiles and contributions of the best run, with what tells how good they are.

    Attributes:
        data: what was factorised.
        contribution: shape (samples, factors), each column with the mean one.
        profile: shape (factors, species) [unit of the concentrations].
        runs: one row a start: ``seed, q_true, q_robust, steps, converged``.
        seed: the start that was kept, `converged` whether it ended by itself.
        robust: whether the robust Q was minimised.
    """

    data: Speciation
    contribution: Matrix
    profile: Matrix
    runs: pl.DataFrame
    seed: int
    converged: bool
    robust: bool

    @property
    def factors(self) -> int:
        """Number of factors."""
        return len(self.profile)

    @property
    def q_true(self) -> float:
        """Sum of the squared scaled residuals."""
        return q_true(self.data.concentration, self.data.weights, self.contribution, self.profile)

    @property
    def q_robust(self) -> float:
        """The same with values beyond four uncertainties counted less."""
        return q_robust(self.data.concentration, self.data.weights, self.contribution, self.profile)

    @property
    def q_expected(self) -> float:
        """Values of strong species less the elements of both matrices; Q far above says that the model lacks something.

        Reference:
            EPA/600/R-14/108, section 6.1 (663 samples, 30 strong species, 5 factors: 16 425)
        """
        return expected(len(self.contribution), int(self.data.strong.sum()), len(self.data.species), self.factors)

    def profiles(self) -> pl.DataFrame:
        """One row a factor and species: ``factor`` (from 1), ``species``, ``concentration``, ``share_of_species``, ``share_of_factor``."""
        species_sum, factor_sum = np.maximum(self.profile.sum(axis=0), 1e-300), np.maximum(self.profile.sum(axis=1), 1e-300)
        return pl.DataFrame(
            {
                "factor": np.repeat(np.arange(1, self.factors + 1), len(self.data.species)),
                "species": list(self.data.species) * self.factors,
                "concentration": self.profile.ravel(),
                "share_of_species": (self.profile / species_sum).ravel(),
                "share_of_factor": (self.profile / factor_sum[:, None]).ravel(),
            }
        )

    def contributions(self, total: str | None = None) -> pl.DataFrame:
        """One row a sample: its key and ``factor_1`` … as multiples of the mean, or in the unit of the species named as `total`."""
        scale = np.ones(self.factors) if total is None else self.profile[:, self.data.species.index(total)]
        columns = {f"factor_{place + 1}": self.contribution[:, place] * scale[place] for place in range(self.factors)}
        return pl.DataFrame([self.data.times]).with_columns(pl.Series(name, values) for name, values in columns.items())

    def residuals(self) -> pl.DataFrame:
        """One row a sample: its key and the scaled residual (measured less modelled, over the uncertainty) of each species."""
        scaled = (self.data.concentration - self.contribution @ self.profile) / self.data.uncertainty
        return pl.DataFrame([self.data.times]).with_columns(pl.Series(n, scaled[:, j]) for j, n in enumerate(self.data.species))

    def fits(self) -> pl.DataFrame:
        """One row a species: ``r2, slope, intercept`` of modelled on measured, ``q_share``, ``far`` (values over 3 uncertainties off)."""
        values, modelled = self.data.concentration, self.contribution @ self.profile
        scaled = (values - modelled) / self.data.uncertainty
        centred, answer = values - values.mean(axis=0), modelled - modelled.mean(axis=0)
        spread = np.maximum((centred**2).sum(axis=0), 1e-300)
        slope = (centred * answer).sum(axis=0) / spread
        r2 = (centred * answer).sum(axis=0) ** 2 / (spread * np.maximum((answer**2).sum(axis=0), 1e-300))
        return pl.DataFrame(
            {
                "species": list(self.data.species),
                "r2": r2,
                "slope": slope,
                "intercept": modelled.mean(axis=0) - slope * values.mean(axis=0),
                "q_share": (scaled**2).sum(axis=0) / max(self.q_true, 1e-300),
                "far": (np.abs(scaled) > 3).sum(axis=0),
            }
        )


def expected(samples: int, strong: int, species: int, factors: int) -> float:
    """Q to expect of a right model.

    Examples:
        >>> expected(663, 30, 30, 5)
        16425.0
    """
    return float(samples * strong - factors * (samples + species))
