"""How a wave of water flattens along a reach."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bilan.problems import BilanError, Problem
from bilan.science.networks.mixing import Numbers


def muskingum(inflow: ArrayLike, storage: float, weight: float, step: float, initial: float | None = None) -> Numbers:
    """Route a hydrograph through a reach.

    Parameters:
        inflow: flow at the upper end at equal steps [m³/s].
        storage: storage constant K, about the travel time [h]; `weight` X [0..0.5] of the inflow; `step` [h].
        initial: outflow at the first step [m³/s]; the first inflow when not told.

    Raises:
        BilanError: the step is outside 2 K X to 2 K (1 − X), where the answer would oscillate.

    Reference:
        McCarthy 1938; Chow, Maidment & Mays 1988, section 8.4

    Examples:
        >>> muskingum([10.0, 20.0, 10.0, 10.0], 2.0, 0.2, 1.0).round(2).tolist()
        [10.0, 10.48, 14.54, 12.38]
    """
    if not 2 * storage * weight <= step <= 2 * storage * (1 - weight):
        allowed = f"{2 * storage * weight:.4g} - {2 * storage * (1 - weight):.4g}"
        raise BilanError(Problem("networks.step", {"value": step, "allowed": allowed}))
    given = np.asarray(inflow, float)
    whole = 2 * storage * (1 - weight) + step
    now, before, kept = (step - 2 * storage * weight) / whole, (step + 2 * storage * weight) / whole, 2 * storage * (1 - weight) - step
    found = np.empty_like(given)
    found[:1] = given[:1] if initial is None else initial
    for place in range(1, len(given)):
        found[place] = now * given[place] + before * given[place - 1] + kept / whole * found[place - 1]
    return found
