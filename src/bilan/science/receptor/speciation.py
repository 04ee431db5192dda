"""What positive matrix factorisation reads: samples by species, their uncertainties, and how far each species is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bilan.problems import BilanError, Problem, nearest

Matrix = NDArray[np.float64]

BAD_BELOW = 0.5
"""Signal to noise under which a species is left out."""
WEAK_BELOW = 1.0
"""Signal to noise under which the uncertainty of a species is multiplied by `WEAK_FACTOR`."""
WEAK_FACTOR = 3.0
MISSING_FACTOR = 4.0
"""How many times the median uncertainty a filled value gets."""


class Category(StrEnum):
    """How far a species is trusted."""

    STRONG = "strong"
    WEAK = "weak"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Speciation:
    """Samples ready for factorisation.

    Attributes:
        times: the key of each sample, as it was given.
        species: names of the species that count (strong and weak), in the order of the columns.
        concentration: shape (samples, species).
        uncertainty: shape (samples, species), of weak species already tripled.
        table: every species with ``signal_to_noise``, ``category`` and the number of filled values.
    """

    times: pl.Series
    species: tuple[str, ...]
    concentration: Matrix
    uncertainty: Matrix
    table: pl.DataFrame

    @property
    def weights(self) -> Matrix:
        """One over the square of the uncertainty, shape (samples, species)."""
        return np.asarray(1.0 / self.uncertainty**2)

    @property
    def strong(self) -> NDArray[np.bool_]:
        """Which of `species` are strong."""
        known = dict(zip(self.table["species"], self.table["category"], strict=True))
        return np.array([known[name] == Category.STRONG for name in self.species])


def uncertainty(concentration: Matrix, detection_limit: float, error_fraction: float) -> Matrix:
    """Uncertainty of concentrations from the detection limit and the relative error of the method.

    Parameters:
        concentration: any shape.
        detection_limit: [unit of the concentration].
        error_fraction: relative error of the analysis (0.1 is ten per cent).

    Returns:
        5/6 of the detection limit at and below it, else sqrt((fraction · concentration)² + (limit / 2)²).

    Reference:
        EPA/600/R-14/108 (PMF 5.0 user guide), section 4.1.2, equations 4-1 and 4-2

    Examples:
        >>> uncertainty(np.array([0.3, 0.6, 4.0]), 0.6, 0.1).round(3).tolist()
        [0.5, 0.5, 0.5]
    """
    above = np.hypot(error_fraction * concentration, 0.5 * detection_limit)
    return np.asarray(np.where(concentration <= detection_limit, 5.0 / 6.0 * detection_limit, above))


def speciation(
    concentrations: pl.DataFrame,
    uncertainties: pl.DataFrame,
    *,
    key: str | None = None,
    categories: Mapping[str, Category | str] | None = None,
    extra: float = 0.0,
    missing: Literal["median", "drop"] = "median",
) -> Speciation:
    """Prepare two tables of the same shape for factorisation.

    A species is bad (left out) below a signal to noise of 0.5, weak (uncertainty tripled) below 1, else strong; signal to noise is
    the mean over the samples of (concentration − uncertainty) / uncertainty where the concentration is above its uncertainty, else 0.

    Parameters:
        concentrations: one row a sample, one column a species, all in one unit; beside them the key.
        uncertainties: the same rows and columns, above zero.
        key: the column that names the sample; the first one when not told.
        categories: what the analyst decides himself, by species: a total belongs among the weak ones.
        extra: uncertainty of the model, added to each value [fraction of the concentration].
        missing: fill a missing value with the median of the species at four times its median uncertainty, or drop the sample.

    Raises:
        BilanError: the tables do not fit each other, an uncertainty is not above zero, nothing is left, or a category names no species.

    Reference:
        EPA/600/R-14/108 (PMF 5.0 user guide), sections 4.1 and 5.2

    Examples:
        >>> given = pl.DataFrame({"day": [1, 2, 3], "so4": [4.0, 8.0, 6.0], "zn": [0.1, 0.2, 0.1]})
        >>> error = pl.DataFrame({"day": [1, 2, 3], "so4": [0.4, 0.8, 0.6], "zn": [0.2, 0.1, 0.2]})
        >>> speciation(given, error).table.select("species", pl.col("signal_to_noise").round(2), "category").rows()
        [('so4', 9.0, 'strong'), ('zn', 0.33, 'bad')]
    """
    key = key or concentrations.columns[0]
    names = [name for name in concentrations.columns if name != key]
    _check_tables(concentrations, uncertainties, key, names)
    chosen = {name: Category(category) for name, category in (categories or {}).items()}
    unknown = [name for name in chosen if name not in names]
    if unknown:
        raise BilanError(*(Problem("receptor.no_species", {"value": n, "nearest": nearest(n, names), "allowed": names}) for n in unknown))
    values, errors, filled, kept = _filled(_numbers(concentrations, names), _numbers(uncertainties, names), missing)
    errors = np.hypot(errors, extra * np.abs(values))
    noise = np.mean(np.where(values > errors, (values - errors) / errors, 0.0), axis=0)
    found = [chosen.get(name, by_ratio(float(ratio))) for name, ratio in zip(names, noise, strict=True)]
    factor = np.array([WEAK_FACTOR if category is Category.WEAK else 1.0 for category in found])
    counts = np.array([category is not Category.BAD for category in found])
    if counts.sum() < 1:
        raise BilanError(Problem("receptor.no_samples", {"value": len(names)}))
    table = pl.DataFrame({"species": names, "signal_to_noise": noise, "category": [str(category) for category in found], "filled": filled})
    species = tuple(name for name, use in zip(names, counts, strict=True) if use)
    return Speciation(concentrations[key].filter(pl.Series(kept)), species, values[:, counts], (errors * factor)[:, counts], table)


def by_ratio(ratio: float) -> Category:
    """What a signal to noise makes of a species.

    Examples:
        >>> str(by_ratio(0.4)), str(by_ratio(0.7)), str(by_ratio(3))
        ('bad', 'weak', 'strong')
    """
    if ratio < BAD_BELOW:
        return Category.BAD
    return Category.WEAK if ratio < WEAK_BELOW else Category.STRONG


def _check_tables(concentrations: pl.DataFrame, uncertainties: pl.DataFrame, key: str, names: list[str]) -> None:
    absent = [name for name in [key, *names] if name not in uncertainties.columns]
    if absent:
        there = uncertainties.columns
        raise BilanError(
            *(Problem("receptor.no_uncertainty", {"value": n, "nearest": nearest(n, there), "allowed": there}) for n in absent)
        )
    if not concentrations[key].equals(uncertainties[key]):
        raise BilanError(Problem("receptor.other_samples", {"value": key, "left": concentrations.height, "right": uncertainties.height}))


def _numbers(frame: pl.DataFrame, names: list[str]) -> Matrix:
    wrong = [name for name in names if not frame[name].dtype.is_numeric()]
    if wrong:
        raise BilanError(*(Problem("receptor.not_numbers", {"value": name}) for name in wrong))
    return np.array(frame.select(pl.col(names).cast(pl.Float64)).to_numpy(), dtype=np.float64)


def _filled(values: Matrix, errors: Matrix, missing: str) -> tuple[Matrix, Matrix, NDArray[Any], NDArray[np.bool_]]:
    present = np.isfinite(values) & np.isfinite(errors)
    if (errors[present] <= 0).any():
        raise BilanError(Problem("receptor.zero_uncertainty", {"value": float(errors[present].min())}))
    kept = np.asarray(present.all(axis=1) if missing == "drop" else present.any(axis=1))
    if not kept.any() or not present[kept].any(axis=0).all():
        raise BilanError(Problem("receptor.no_samples", {"value": len(values)}))
    present = present[kept]
    values, errors = np.where(present, values[kept], np.nan), np.where(present, errors[kept], np.nan)
    values = np.where(present, values, np.nanmedian(values, axis=0))
    errors = np.where(present, errors, MISSING_FACTOR * np.nanmedian(errors, axis=0))
    return values, errors, (~present).sum(axis=0), kept
