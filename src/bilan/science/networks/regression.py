"""Weighted regression of logarithms with values below a limit, many at once, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bilan.science.networks.extras import scipy
from bilan.science.networks.mixing import Numbers

STEPS = 60
SETTLED = 1e-9
LARGEST_STEP = 0.5


@dataclass(frozen=True, slots=True)
class Lines:
    """Coefficients, shape (regressions, terms), and standard errors of the residuals, shape (regressions,)."""

    coefficients: Numbers
    errors: Numbers


def fit(terms: Numbers, values: Numbers, censored: NDArray[np.bool_], weights: Numbers) -> Lines:
    """Fit Gaussian regressions that share their samples and differ by weights.

    Parameters:
        terms: shape (samples, terms); `values` (samples,), of censored ones the limit below which they lie; `censored` (samples,).
        weights: shape (regressions, samples).

    Returns:
        Maximum-likelihood coefficients and errors, as `survreg` of R gives them for left-censored Gaussian data.

    Reference:
        Tobin 1958; Olsen 1978, doi:10.2307/1913091 (the likelihood is concave in these parameters)
    """
    lines = _uncensored(terms, values, weights)
    touched = (weights[:, censored] > 0).any(axis=1)
    if not touched.any():
        return lines
    parameters = _newton(terms, values, censored, weights[touched], lines.coefficients[touched], lines.errors[touched])
    lines.errors[touched] = 1.0 / parameters[:, -1]
    lines.coefficients[touched] = parameters[:, :-1] / parameters[:, -1:]
    return lines


def _uncensored(terms: Numbers, values: Numbers, weights: Numbers) -> Lines:
    count = terms.shape[1]
    products = (terms[:, :, None] * terms[:, None, :]).reshape(len(terms), -1)
    normal = (weights @ products).reshape(-1, count, count)
    normal = normal + 1e-12 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(count)
    aim = weights @ (terms * values[:, None])
    coefficients = np.linalg.solve(normal, aim[..., None])[..., 0]
    residuals = values - coefficients @ terms.T
    errors = np.sqrt(np.maximum((weights * residuals**2).sum(axis=1) / weights.sum(axis=1), 1e-12))
    return Lines(coefficients, errors)


def _newton(
    terms: Numbers, values: Numbers, censored: NDArray[np.bool_], weights: Numbers, coefficients: Numbers, errors: Numbers
) -> Numbers:
    """Newton's method on (coefficients / error, 1 / error), in which the likelihood is concave."""
    special = scipy("special")
    design = np.column_stack([-terms, values])
    count = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    parameters = np.column_stack([coefficients, np.ones(len(errors))]) / errors[:, None]
    known = weights[:, ~censored].sum(axis=1)
    for _ in range(STEPS):
        scaled = parameters @ design.T
        ratio = np.exp(-0.5 * scaled[:, censored] ** 2 - 0.5 * np.log(2 * np.pi) - special.log_ndtr(scaled[:, censored]))
        slope, curve = -scaled, np.ones_like(scaled)
        slope[:, censored], curve[:, censored] = ratio, ratio * (scaled[:, censored] + ratio)
        gradient = (weights * slope) @ design
        gradient[:, -1] += known / parameters[:, -1]
        hessian = ((weights * curve) @ products).reshape(-1, count, count)
        hessian[:, -1, -1] += known / parameters[:, -1] ** 2
        step = np.linalg.solve(hessian + 1e-10 * np.eye(count), gradient[..., None])[..., 0]
        shrink = np.minimum(1.0, LARGEST_STEP * parameters[:, -1] / np.maximum(np.abs(step[:, -1]), 1e-300))
        parameters = parameters + shrink[:, None] * step
        if np.abs(step).max() < SETTLED * max(1.0, float(np.abs(parameters).max())):
            break
    return parameters
