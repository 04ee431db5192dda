"""Groundwater wells: level and quality that follow rain slowly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Block
from bilan.telemetry.simulator.noise import Floats, normal, seeds_of
from bilan.telemetry.simulator.water import CODMN, CONDUCTIVITY, NH3N, PH, WT
from bilan.telemetry.simulator.weather import SLOW, Moments

LEVEL, NITRATE = "x01906", "w21007"
WELL = (LEVEL, WT, PH, CONDUCTIVITY, CODMN, NH3N, NITRATE)


class GroundwaterModel:
    """Signals of groundwater wells.

    Parameters:
        points: wells; `attributes["target_class"]` (1 to 5) decides how clean the water is.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], seed: int = 0) -> None:
        self.points = list(points)
        self.seed = seed
        self._codes = [point.code for point in self.points]
        classes = [float(point.attributes.get("target_class", 3)) for point in self.points]
        self._burden = (np.array(classes, dtype=np.float32)[:, None] - 3) * 0.5 + 0.2 * self._own("burden")

    def parameters(self, point: Point) -> list[str]:
        """Codes that the well measures."""
        return list(WELL)

    def values(self, moments: Moments) -> Block:
        """Every well at every moment."""
        wet = 0.35 * moments.seasonal(190)
        found = {
            LEVEL: 14 + 9 * self._own("height") + 0.9 * wet + 0.55 * self._noise(moments, "level", 0.01),
            WT: 21.4 + 0.8 * moments.seasonal(260) + 0.5 * self._own("warmth") + 0.15 * self._noise(moments, "warmth", 0.02),
            PH: 6.95 + 0.22 * self._own("acidity") + 0.06 * self._noise(moments, "acidity", 0.02),
            CONDUCTIVITY: np.exp(5.9 + 0.35 * self._burden + 0.05 * self._noise(moments, "salt", 0.02)),
            CODMN: np.exp(0.15 + 0.3 * self._burden + 0.12 * self._noise(moments, "codmn", 0.05)),
            NH3N: np.exp(-2.3 + 0.7 * self._burden + 0.2 * self._noise(moments, "nh3n", 0.05)),
            NITRATE: np.exp(1.7 + 0.5 * self._burden + 0.15 * self._noise(moments, "nitrate", 0.05)),
        }
        return Block({(code, "mean"): value.astype(np.float32) for code, value in found.items()})

    def _own(self, what: str) -> Floats:
        return normal(seeds_of(self._codes, what, self.seed))[:, None]

    def _noise(self, moments: Moments, what: str, unrest: float) -> Floats:
        return moments.noise(seeds_of(self._codes, what, self.seed), SLOW, unrest)
