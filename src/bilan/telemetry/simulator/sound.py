"""Environmental noise: a day of traffic and people by acoustic zone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Block
from bilan.telemetry.simulator.noise import Floats, normal, seeds_of
from bilan.telemetry.simulator.weather import LIVELY, Moments

LEQ, L10, L50, L90 = "Leq", "L10", "L50", "L90"
STATION = (LEQ, L10, L50, L90)
DAY_AND_NIGHT_OF_ZONE = {
    "0": (45.5, 37.0),
    "1": (50.5, 41.5),
    "2": (54.5, 45.5),
    "3": (58.0, 49.5),
    "4a": (65.5, 53.0),
    "4b": (64.0, 55.0),
}
"""Usual level by day and by night [dB(A)] for each acoustic zone of GB 3096-2008."""


class NoiseModel:
    """Signals of noise points.

    Parameters:
        points: points; `attributes["zone_class"]` is the acoustic zone.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], seed: int = 0) -> None:
        self.points = list(points)
        self.seed = seed
        self._codes = [point.code for point in self.points]
        usual = [DAY_AND_NIGHT_OF_ZONE.get(str(point.attributes.get("zone_class", "2")), (54.5, 45.5)) for point in self.points]
        self._day, self._night = (np.array(levels, dtype=np.float32)[:, None] for levels in zip(*usual, strict=True))

    def parameters(self, point: Point) -> list[str]:
        """Codes that are measured there."""
        return list(STATION)

    def values(self, moments: Moments) -> Block:
        """Every point at every moment; the level of a span is its equivalent level, so the statistic is ``value``."""
        awake = np.clip((moments.rush - 0.3) / 0.5, 0, 1.2)
        evening = 0.5 * moments.bump(20.5, 1.8)
        base = self._night + (self._day - self._night) * np.minimum(awake + evening + 0.35 * moments.bump(13, 4.5), 1.1)
        storm = 2.2 * np.minimum(moments.weather.rain, 3) / 3
        level = base + 1.1 * normal(seeds_of(self._codes, "place", self.seed))[:, None] + storm + self._noise(moments, "level", 1.5)
        roughness = np.exp(self._noise(moments, "roughness", 0.2))
        found = {LEQ: level, L10: level + 2.6 * roughness, L50: level - 2.0 * roughness, L90: level - 5.2 * roughness}
        return Block({(code, "value"): np.clip(value, 25, 110).astype(np.float32) for code, value in found.items()})

    def _noise(self, moments: Moments, what: str, size: float) -> Floats:
        return np.float32(size) * moments.noise(seeds_of(self._codes, what, self.seed), LIVELY, 0.7)
