"""Flue gas of continuous emission monitoring: concentrations, conversion to reference oxygen, flow, emitted mass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bilan.telemetry.clock import HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Block, Key, Mask, Rows
from bilan.telemetry.simulator.noise import Floats, normal, seeds_of
from bilan.telemetry.simulator.plant import STANDSTILL, Plants
from bilan.telemetry.simulator.power import PRODUCTION, TREATMENT, Meters
from bilan.telemetry.simulator.weather import LIVELY, Moments

FLOW, VELOCITY, TEMPERATURE, PRESSURE, MOISTURE, OXYGEN = "a00000", "a01011", "a01012", "a01013", "a01014", "a19001"
AIR_OXYGEN = 20.9
FULL_OXYGEN = 21.0
SITE_CAP = 0.78
MG_TO_KG = 1e-6


class GasModel:
    """Signals of flue-gas outlets.

    Parameters:
        points: outlets; `attributes["profile"]` names the kind, `attributes["capacity"]` the design flow [m3/h],
            `attributes["meters"]` that the electric power of production and treatment is known.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], seed: int = 0) -> None:
        self.points = list(points)
        self.seed = seed
        self._plants = Plants(self.points, seed)
        self._codes = self._plants.codes
        kinds = self._plants.kinds
        self._oxygen_rows = np.array([number for number, kind in enumerate(kinds) if kind.reference_o2 is not None], dtype=np.intp)
        self._reference = np.array([[kind.reference_o2 if kind.reference_o2 is not None else 0.0] for kind in kinds], dtype=np.float32)
        self._usual_oxygen = np.array([[kind.measured_o2 or AIR_OXYGEN] for kind in kinds], dtype=np.float32)
        self._temperature = np.array([[kind.temperature] for kind in kinds], dtype=np.float32)
        self._moisture = np.array([[kind.moisture] for kind in kinds], dtype=np.float32)
        capacity = [[float(point.attributes.get("capacity", kind.capacity))] for point, kind in zip(self.points, kinds, strict=True)]
        self._capacity = np.array(capacity, dtype=np.float32) / np.float32(HOUR)
        self._meters = Meters(self.points, [own[0] for own in capacity], seed)
        self._items = self._tabulate()

    def _tabulate(self) -> dict[str, tuple[Rows, Floats, Floats]]:
        """Parameter → rows that measure it, logarithm of their usual converted level, sigma."""
        found: dict[str, list[tuple[int, float, float]]] = {}
        for number, kind in enumerate(self._plants.kinds):
            for item in kind.items:
                own = float(normal(seeds_of([self._codes[number]], item.parameter, self.seed))[0])
                share = min(item.share * np.exp(0.16 * own), SITE_CAP)
                found.setdefault(item.parameter, []).append((number, float(np.log(item.limit * share)), item.sigma))
        return {
            code: (
                np.array([entry[0] for entry in entries], dtype=np.intp),
                np.array([[entry[1]] for entry in entries], dtype=np.float32),
                np.array([[entry[2]] for entry in entries], dtype=np.float32),
            )
            for code, entries in found.items()
        }

    def parameters(self, point: Point) -> list[str]:
        """Codes that the outlet measures."""
        row = self._codes.index(point.code)
        kind = self._plants.kinds[row]
        oxygen = [OXYGEN] if kind.reference_o2 is not None else []
        meters = [PRODUCTION, TREATMENT] if self._meters.has(row) else []
        return [*(item.parameter for item in kind.items), *oxygen, VELOCITY, TEMPERATURE, PRESSURE, MOISTURE, FLOW, *meters]

    def values(self, moments: Moments) -> Block:
        """Every outlet at every moment."""
        load = self._plants.load(moments)
        stopped = load < STANDSTILL
        flow = np.where(stopped, np.float32(0), self._capacity * (0.22 + 0.78 * load) * self._wobble(moments, "flow", 0.04))
        oxygen = self._oxygen(moments, load, stopped)
        values: dict[Key, Floats] = {(FLOW, "mean"): flow, (OXYGEN, "mean"): oxygen[self._oxygen_rows]}
        if moments.seconds:
            values[FLOW, "total"] = flow * np.float32(moments.seconds)
        values.update(self._duct(moments, load, stopped))
        power = self._meters.values(load, moments)
        values.update(power)
        rows = {OXYGEN: self._oxygen_rows, **{code: self._meters.rows for code, _ in power}}
        for code in self._items:
            rows[code] = self._items[code][0]
            values.update(self._pollutant(code, moments, load, stopped, flow, oxygen))
        return Block(values, rows, stopped)

    def _wobble(self, moments: Moments, what: str, size: float) -> Floats:
        return 1 + np.float32(size) * moments.noise(seeds_of(self._codes, what, self.seed), LIVELY, 0.6)

    def _oxygen(self, moments: Moments, load: Floats, stopped: Mask) -> Floats:
        unrest = 0.03 * (self._wobble(moments, "oxygen", 1) - 1)
        thin = 0.16 * (0.85 - np.minimum(load, 0.85)) + unrest
        oxygen = np.minimum(self._usual_oxygen + (AIR_OXYGEN - self._usual_oxygen) * thin, 20.6)
        return np.where(stopped, np.float32(AIR_OXYGEN), oxygen)

    def _duct(self, moments: Moments, load: Floats, stopped: Mask) -> dict[Key, Floats]:
        outside = moments.weather.temperature
        velocity = np.where(stopped, np.float32(0.3), (4 + 9 * load) * self._wobble(moments, "flow", 0.04))
        heat = np.where(stopped, outside + 4, outside + (self._temperature - 21) * (0.8 + 0.2 * load) + 0.5)
        moisture = np.where(stopped, np.float32(2), self._moisture * self._wobble(moments, "moisture", 0.05))
        pressure = np.where(stopped, np.float32(0), -0.08 - 0.12 * load)
        return {
            (VELOCITY, "mean"): velocity,
            (TEMPERATURE, "mean"): heat,
            (MOISTURE, "mean"): moisture,
            (PRESSURE, "mean"): pressure,
        }

    def _pollutant(self, code: str, moments: Moments, load: Floats, stopped: Mask, flow: Floats, oxygen: Floats) -> dict[Key, Floats]:
        rows, level, sigma = self._items[code]
        names = [self._codes[number] for number in rows]
        idle = stopped[rows]
        cold = np.exp(-0.5 * ((load[rows] - 0.22) / np.float32(0.1)) ** 2)
        clean = np.exp(level + sigma * moments.noise(seeds_of(names, code, self.seed), LIVELY, 0.35) + np.float32(0.3) * cold)
        reference = self._reference[rows]
        converts = reference > 0
        thinning = np.where(converts, (FULL_OXYGEN - oxygen[rows]) / (FULL_OXYGEN - reference), np.float32(1))
        measured = np.where(idle, np.float32(0), clean * thinning)
        values: dict[Key, Floats] = {(code, "mean"): measured}
        if converts.any():
            values[code, "converted_mean"] = np.where(idle | ~converts, np.float32(np.nan), clean)
        if moments.seconds:
            values[code, "total"] = measured * flow[rows] * np.float32(moments.seconds * MG_TO_KG)
        return values
