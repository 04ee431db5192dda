"""The slope that a region has in common."""

from __future__ import annotations

import numpy as np

from bilan.plans.odds.memory import Floats

KEPT = 0.67
"""Share of a change between two years that is taken for trend; the rest is what years differ by anyway."""

LEAST_DAYS = 120


def regional_trend(scaled: Floats) -> float:
    """Slope [1/a] common to many series: same days a year apart, averaged and shrunk towards none.

    Args:
        scaled: values on the scale of the memory, of shape (series, days), NaN for gaps.

    Returns:
        0 when no series has enough pairs of days.

    Examples:
        >>> falling = np.repeat([[1.0, 0.9]], 365, axis=1)
        >>> round(regional_trend(falling), 3)
        -0.067
    """
    pairs = scaled[:, 365:] - scaled[:, :-365] if scaled.shape[1] > 365 else np.empty((len(scaled), 0))
    enough = (~np.isnan(pairs)).sum(axis=1) >= LEAST_DAYS
    return KEPT * float(np.nanmean(pairs[enough])) if enough.any() else 0.0
