"""Electric power of production and of treatment, where an outlet's plant has meters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Key, Rows
from bilan.telemetry.simulator.noise import Floats, seeds_of, uniform
from bilan.telemetry.simulator.plant import STANDSTILL
from bilan.telemetry.simulator.weather import LIVELY, Moments

PRODUCTION, TREATMENT = "x33901", "x33902"
STANDBY = 0.04
PRODUCTION_PER_FLOW, TREATMENT_PER_FLOW = 15.0, 4.0
"""Power at full load over the square root of the design flow [kW]."""


class Meters:
    """Meters of some outlets.

    Parameters:
        points: outlets; those with `attributes["meters"]` have them.
        capacity: design flow of each, in any unit of its network.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], capacity: Sequence[float], seed: int) -> None:
        self.rows: Rows = np.array([row for row, point in enumerate(points) if point.attributes.get("meters")], dtype=np.intp)
        codes = [points[row].code for row in self.rows]
        self._seeds = {what: seeds_of(codes, what, seed) for what in (PRODUCTION, TREATMENT)}
        root = np.sqrt(np.array([capacity[row] for row in self.rows], dtype=np.float32))
        size = {PRODUCTION: PRODUCTION_PER_FLOW, TREATMENT: TREATMENT_PER_FLOW}
        self._full = {what: (size[what] * root * (0.7 + 0.6 * uniform(self._seeds[what], 1)))[:, None] for what in size}

    def has(self, row: int) -> bool:
        """Whether the outlet in this row has meters."""
        return bool((self.rows == row).any())

    def values(self, load: Floats, moments: Moments) -> dict[Key, Floats]:
        """Power of the outlets with meters [kW]; nothing when there are none.

        Parameters:
            load: of all outlets, shape (outlets, times).
        """
        if not len(self.rows):
            return {}
        here = load[self.rows]
        runs = here >= STANDSTILL
        # Fans and pumps of the treatment follow the load only in part.
        shares = {PRODUCTION: here, TREATMENT: np.where(runs, 0.45 + 0.55 * here, np.float32(0))}
        found: dict[Key, Floats] = {}
        for what, share in shares.items():
            unrest = 1 + np.float32(0.04) * moments.noise(self._seeds[what], LIVELY, 0.3)
            found[what, "mean"] = self._full[what] * (np.float32(STANDBY) + share) * unrest
        return found
