"""Numbers of a whole period, from its days so far and the days that may come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bilan.plans.odds.memory import Floats
from bilan.plans.odds.model import Kind


def share_ends(past: Floats, coming: Floats, limit: float) -> Floats:
    """Share of days [%] at or below a limit, one number a future.

    Args:
        past: values of the period's days so far, of shape (days,), without gaps.
        coming: values of the days to come, of shape (futures, days).
        limit: highest value of a good day.

    Examples:
        >>> share_ends(np.array([50.0, 150.0]), np.array([[60.0, 70.0], [60.0, 170.0]]), 100.0).tolist()
        [75.0, 50.0]
    """
    good = (past <= limit).sum() + (coming <= limit).sum(axis=1)
    return 100.0 * good / (len(past) + coming.shape[1])


def mean_ends(past: Floats, coming: Floats) -> Floats:
    """Mean of the period, one number a future; see `share_ends`."""
    return (past.sum() + coming.sum(axis=1)) / (len(past) + coming.shape[1])


def percentile_ends(past: Floats, coming: Floats, percentile: float) -> Floats:
    """Percentile of the period, one number a future; see `share_ends`.

    References:
        HJ 663-2013, annex A: rank 1 + (n - 1) p with linear interpolation.
    """
    every = np.concatenate([np.broadcast_to(past, (len(coming), len(past))), coming], axis=1)
    ends: Floats = np.percentile(every, percentile, axis=1)
    return ends


def ends(kind: Kind, past: Floats, coming: Floats, *, limit: float = np.nan, percentile: float = np.nan) -> Floats:
    """Numbers at the period's end for any kind that is made of days."""
    if kind is Kind.COUNT:
        return share_ends(past, coming, limit) * ((len(past) + coming.shape[1]) / 100.0)
    if kind is Kind.SHARE_OF_DAYS:
        return share_ends(past, coming, limit)
    if kind is Kind.PERCENTILE:
        return percentile_ends(past, coming, percentile)
    return mean_ends(past, coming)


def number(kind: Kind, past: Floats, *, limit: float = np.nan, percentile: float = np.nan) -> float:
    """Number of the days so far alone."""
    nothing: NDArray[np.float64] = np.empty((1, 0))
    return float(ends(kind, past, nothing, limit=limit, percentile=percentile)[0])
