"""Coastal water as bay buoys see it, and as sampled from a boat."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from bilan.telemetry.clock import HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Block, Key
from bilan.telemetry.simulator.noise import Floats, normal, seeds_of
from bilan.telemetry.simulator.water import CHLOROPHYLL, DO, LABORATORY_CYCLE, PH, TURBIDITY, WT, oxygen_saturation
from bilan.telemetry.simulator.weather import LIVELY, SLOW, Moments

SALINITY, SATURATION, DIN, DIP, COD, OIL = "x01901", "x01902", "x21901", "x21902", "w01018", "w22001"
BUOY = (WT, SALINITY, PH, DO, SATURATION, TURBIDITY, CHLOROPHYLL, DIN, DIP)
BOAT = (WT, SALINITY, PH, DO, COD, DIN, DIP, OIL)
TIDE_HOURS = 12.4206
SALTING_OUT = 0.0058


class SeaModel:
    """Signals of sea points.

    Parameters:
        points: sea points; `attributes["kind"]` is ``buoy`` or ``manual``, `attributes["bay"]` is shared by neighbours.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], seed: int = 0) -> None:
        self.points = list(points)
        self.seed = seed
        self._codes = [point.code for point in self.points]
        self._bays = seeds_of([str(point.attributes.get("bay", point.code)) for point in self.points], "bay", seed)
        self._inner = 0.55 * self._own("inner") + np.array(
            [[0.5 if point.attributes.get("bay") else 0.0] for point in self.points], dtype=np.float32
        )

    def parameters(self, point: Point) -> list[str]:
        """Codes that are measured there."""
        return list(BUOY if point.attributes.get("kind") == "buoy" else BOAT)

    def values(self, moments: Moments) -> Block:
        """Every sea point at every moment."""
        cycles, index = np.unique(moments.starts // LABORATORY_CYCLE, return_inverse=True)
        nutrients = self._nutrients(Moments(cycles * LABORATORY_CYCLE, HOUR, moments.seed))
        values: dict[Key, Floats] = {(code, "mean"): held[:, index] for code, held in nutrients.items()}
        values.update({(code, "mean"): value for code, value in self._physics(moments).items()})
        return Block(values)

    def _own(self, what: str) -> Floats:
        return normal(seeds_of(self._codes, what, self.seed))[:, None]

    def _noise(self, moments: Moments, what: str, bay: float, own: float) -> Floats:
        shared = moments.noise(self._bays ^ np.uint32(len(what) * 7919), SLOW, 0)
        return np.float32(bay) * shared + np.float32(own) * moments.noise(seeds_of(self._codes, what, self.seed), LIVELY, 0.15)

    def _physics(self, moments: Moments) -> dict[str, Floats]:
        weather = moments.weather
        tide = np.cos(moments.middles / HOUR * (2 * np.pi / TIDE_HOURS) + self._own("tide")).astype(np.float32)
        light = moments.bump(15, 3.5)
        bloom = self._noise(moments, "bloom", 0.55, 0.3) + 0.5 * moments.seasonal(150) + 0.35 * self._inner
        temperature = 20.9 + 6.4 * moments.seasonal(225) + 0.5 * light + 0.25 * tide + self._noise(moments, "temperature", 0.8, 0.2)
        salinity = 31.6 - 1.6 * self._inner - 0.7 * np.minimum(weather.wetness, 2) + 0.6 * tide + self._noise(moments, "salinity", 0.6, 0.3)
        saturation = 97 + 6 * light + 4 * bloom + 3 * self._noise(moments, "oxygen", 0.6, 0.5) - 3 * self._inner
        oxygen = oxygen_saturation(temperature) * (1 - SALTING_OUT * salinity) * saturation / 100
        waves = 0.125 * weather.wind_speed
        turbidity = log(6.0) + 0.35 * np.abs(tide) + 0.3 * self._inner + waves + self._noise(moments, "mud", 0.2, 0.2)
        return {
            WT: temperature,
            SALINITY: np.clip(salinity, 12, 35),
            PH: np.clip(8.07 + 0.03 * bloom + 0.02 * light - 0.03 * self._inner + self._noise(moments, "ph", 0.02, 0.02), 7.5, 8.7),
            DO: np.clip(oxygen, 2, 14),
            SATURATION: np.clip(saturation, 40, 160),
            TURBIDITY: np.exp(turbidity),
            CHLOROPHYLL: np.exp(log(0.0026) + 0.75 * bloom),
        }

    def _nutrients(self, moments: Moments) -> dict[str, Floats]:
        wet = np.minimum(moments.weather.wetness, 2)
        return {
            DIN: np.exp(log(0.16) + 0.42 * self._inner + 0.12 * wet + self._noise(moments, "din", 0.2, 0.12)),
            DIP: np.exp(log(0.0115) + 0.36 * self._inner + 0.08 * wet + self._noise(moments, "dip", 0.18, 0.12)),
            COD: np.exp(log(0.85) + 0.2 * self._inner + self._noise(moments, "cod", 0.15, 0.12)),
            OIL: np.exp(log(0.012) + 0.3 * self._inner + self._noise(moments, "oil", 0.2, 0.2)),
        }
