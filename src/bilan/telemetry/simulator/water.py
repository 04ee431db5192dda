"""Rivers, lakes and drinking-water sources: physical items every moment, chemical items every four hours as real stations do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import log

import numpy as np

from bilan.telemetry.clock import HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Block, Key
from bilan.telemetry.simulator.noise import Floats, normal, seeds_of, single, uniform
from bilan.telemetry.simulator.weather import LIVELY, SLOW, Moments

WT, PH, DO, CONDUCTIVITY, TURBIDITY = "w01010", "w01001", "w01009", "w01014", "w01003"
CODMN, NH3N, TP, TN, CHLOROPHYLL, ALGAE = "w01019", "w21003", "w21011", "w21001", "w01016", "w19011"
PHYSICAL = (WT, PH, DO, CONDUCTIVITY, TURBIDITY)
CHEMICAL = (CODMN, NH3N, TP, TN)
BLOOM = (CHLOROPHYLL, ALGAE)
LABORATORY_CYCLE = 4 * HOUR
BURDEN_OF_CLASS = {1: 0.55, 2: 0.8, 3: 1.25, 4: 3.0, 5: 4.2}
STILL = ("lake", "reservoir")


def oxygen_saturation(temperature: Floats) -> Floats:
    """Dissolved oxygen of fresh water in balance with air at 101.325 kPa [mg/L], by temperature [degC].

    Reference: Elmore and Hayes 1960.

    Examples:
        >>> [round(float(value), 1) for value in oxygen_saturation(np.array([10.0, 25.0], dtype=np.float32))]
        [11.3, 8.2]
    """
    return single(14.652 - 0.41022 * temperature + 0.007991 * temperature**2 - 7.7774e-5 * temperature**3)


class WaterModel:
    """Signals of river and lake sections and of drinking-water sources.

    Parameters:
        points: sections; `attributes` may hold section_type, target_class, river, and simulated_class for water that misses its target.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], seed: int = 0) -> None:
        self.points = list(points)
        self.seed = seed
        self.codes = [point.code for point in self.points]
        kinds = [str(point.attributes.get("section_type", "river")) for point in self.points]
        self.still = np.array([kind in STILL for kind in kinds])[:, None]
        burden = [BURDEN_OF_CLASS.get(_class_of(point), 1.1) for point in self.points]
        self.burden = np.array(burden, dtype=np.float32)[:, None] * np.exp(0.13 * self.own("burden"))
        self.rivers = seeds_of([str(point.attributes.get("river", point.code)) for point in self.points], "river", seed)

    def parameters(self, point: Point) -> list[str]:
        """Codes that the section measures."""
        return [*PHYSICAL, *CHEMICAL, *(BLOOM if point.attributes.get("section_type") in STILL else ())]

    def values(self, moments: Moments) -> Block:
        """Every section at every moment."""
        cycles, index = np.unique(moments.starts // LABORATORY_CYCLE, return_inverse=True)
        laboratory = _WaterBlock(self, Moments(cycles * LABORATORY_CYCLE, HOUR, moments.seed)).chemistry()
        values: dict[Key, Floats] = {(code, "mean"): held[:, index] for code, held in laboratory.items()}
        now = _WaterBlock(self, moments)
        values.update({(code, "mean"): value for code, value in now.physics(values[CODMN, "mean"]).items()})
        still = np.flatnonzero(self.still[:, 0])
        values.update({(code, "mean"): values[code, "mean"][still] for code in BLOOM})
        return Block(values, dict.fromkeys(BLOOM, still))

    def pick(self, still: float, flowing: float) -> Floats:
        """One number for lakes and reservoirs, another for rivers, shape (sections, 1)."""
        return np.where(self.still, np.float32(still), np.float32(flowing))

    def own(self, what: str) -> Floats:
        """A fixed number a section, mean 0 and deviation 1, shape (sections, 1)."""
        return normal(seeds_of(self.codes, what, self.seed))[:, None]

    def noise(self, moments: Moments, what: str, river: float, own: float, unrest: float = 0.15) -> Floats:
        """Noise of `what`: `river` shared along one river, `own` for the section alone."""
        shared = moments.noise(self.rivers ^ np.uint32(len(what) * 7919), SLOW, 0)
        return np.float32(river) * shared + np.float32(own) * moments.noise(seeds_of(self.codes, what, self.seed), LIVELY, unrest)


def _class_of(point: Point) -> int:
    target = point.attributes.get("target_class", 3)
    return int(point.attributes.get("simulated_class", target))


class _WaterBlock:
    """Sections × moments of one call."""

    def __init__(self, model: WaterModel, moments: Moments) -> None:
        self._model = model
        self._moments = moments

    @cached_property
    def _runoff(self) -> Floats:
        response = 0.6 + 0.8 * uniform(seeds_of(self._model.codes, "runoff", self._model.seed))[:, None]
        return single(np.minimum(self._moments.weather.wetness, 2.5) * response * self._model.pick(0.35, 1))

    @cached_property
    def temperature(self) -> Floats:
        """Water temperature [degC]: the season half a month late, a damped day."""
        moments, model = self._moments, self._model
        day = model.pick(0.35, 0.8) * np.cos((moments.hour - 16) * np.float32(np.pi / 12))
        return single(
            21.8 + 6.9 * moments.seasonal(218) + day + model.noise(moments, "temperature", 0.9, 0.25, 0.02) + 0.7 * model.own("spring")
        )

    def physics(self, codmn: Floats) -> dict[str, Floats]:
        moments, model = self._moments, self._model
        light = moments.bump(15.5, 3.6)
        growth = (0.4 + 0.6 * np.maximum(moments.seasonal(190), 0)) * model.pick(1.6, 0.7)
        share = 0.93 - 0.035 * codmn + 0.1 * growth * light - 0.02 * self._runoff + model.noise(moments, "oxygen", 0.035, 0.03, 0.1)
        turbidity = log(8.0) + 0.95 * self._runoff + 0.4 * np.log(model.burden) + model.noise(moments, "turbidity", 0.25, 0.25)
        conductivity = log(125.0) + 0.45 * np.log(model.burden) - 0.1 * self._runoff + model.noise(moments, "conductivity", 0.07, 0.05, 0.1)
        usual = 7.15 + 0.18 * model.own("acidity") - 0.06 * self._runoff
        acidity = usual + 0.25 * growth * light + model.noise(moments, "acidity", 0.1, 0.07, 0.05)
        return {
            WT: np.clip(self.temperature, 2, 36),
            PH: np.clip(acidity, 6.1, 9.4),
            DO: np.clip(oxygen_saturation(self.temperature) * np.clip(share, 0.25, 1.6), 0.5, 18),
            CONDUCTIVITY: np.exp(conductivity),
            TURBIDITY: np.exp(turbidity),
        }

    def chemistry(self) -> dict[str, Floats]:
        moments, model = self._moments, self._model
        burden = np.log(model.burden)
        winter = moments.seasonal(20)
        codmn = log(2.15) + 0.62 * burden + 0.16 * self._runoff + model.noise(moments, "codmn", 0.1, 0.1, 0)
        ammonia = log(0.16) + 1.15 * burden + 0.18 * winter + 0.12 * self._runoff + model.noise(moments, "nh3n", 0.2, 0.22, 0)
        phosphorus = model.pick(log(0.021), log(0.075)) + 0.85 * burden + 0.16 * self._runoff + model.noise(moments, "tp", 0.13, 0.13, 0)
        nitrogen = model.pick(log(0.95), log(1.9)) + 0.5 * burden + 0.1 * winter + model.noise(moments, "tn", 0.15, 0.1, 0)
        bloom = np.maximum(moments.seasonal(195), -0.4) + 0.5 * burden + model.noise(moments, "bloom", 0.45, 0.25, 0)
        return {
            CODMN: np.exp(codmn.astype(np.float32)),
            NH3N: np.exp(ammonia.astype(np.float32)),
            TP: np.exp(phosphorus.astype(np.float32)),
            TN: np.exp(nitrogen.astype(np.float32)) + np.exp(ammonia.astype(np.float32)),
            CHLOROPHYLL: np.exp((log(0.006) + 0.7 * bloom).astype(np.float32)),
            ALGAE: np.exp((log(2.5e6) + 0.9 * bloom).astype(np.float32)),
        }
