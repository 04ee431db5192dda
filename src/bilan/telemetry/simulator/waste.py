"""Waste water at the outfall: concentrations, flow, discharged mass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bilan.telemetry.clock import DAY
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Block, Key, Mask, Rows
from bilan.telemetry.simulator.noise import Floats, normal, seeds_of
from bilan.telemetry.simulator.plant import STANDSTILL, Plants
from bilan.telemetry.simulator.power import PRODUCTION, TREATMENT, Meters
from bilan.telemetry.simulator.water import PH, WT
from bilan.telemetry.simulator.weather import LIVELY, Moments

FLOW = "w00000"
SITE_CAP = 0.8
LITRES = 1000.0
G_TO_KG = 1e-3


class WasteWaterModel:
    """Signals of waste-water outfalls.

    Parameters:
        points: outfalls; `attributes["profile"]` names the kind, `attributes["capacity"]` the design flow [m3/d],
            `attributes["meters"]` that the electric power of production and treatment is known.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], seed: int = 0) -> None:
        self.points = list(points)
        self.seed = seed
        self._plants = Plants(self.points, seed)
        self._codes = self._plants.codes
        kinds = self._plants.kinds
        capacity = [[float(point.attributes.get("capacity", kind.capacity))] for point, kind in zip(self.points, kinds, strict=True)]
        self._capacity = np.array(capacity, dtype=np.float32) * np.float32(LITRES / DAY)
        self._meters = Meters(self.points, [own[0] for own in capacity], seed)
        self._town = np.array([[kind.name == "sewage_city"] for kind in kinds])
        self._items: dict[str, list[tuple[int, float, float]]] = {}
        for number, kind in enumerate(kinds):
            for item in kind.items:
                own = float(normal(seeds_of([self._codes[number]], item.parameter, seed))[0])
                share = min(item.share * np.exp(0.15 * own), SITE_CAP)
                self._items.setdefault(item.parameter, []).append((number, float(np.log(item.limit * share)), item.sigma))

    def parameters(self, point: Point) -> list[str]:
        """Codes that the outfall measures."""
        row = self._codes.index(point.code)
        meters = [PRODUCTION, TREATMENT] if self._meters.has(row) else []
        return [*(item.parameter for item in self._plants.kinds[row].items), PH, WT, FLOW, *meters]

    def values(self, moments: Moments) -> Block:
        """Every outfall at every moment."""
        load = self._plants.load(moments)
        stopped = load < STANDSTILL
        people = 0.72 + 0.3 * moments.bump(10.5, 2.5) + 0.36 * moments.bump(21, 2.6)
        daily = np.where(self._town, people * (1 + 0.15 * np.minimum(moments.weather.wetness, 2)), np.float32(1))
        flow = np.where(stopped, np.float32(0), self._capacity * load * daily * (1 + 0.05 * self._noise(moments, "flow")))
        values: dict[Key, Floats] = {
            (FLOW, "mean"): flow,
            (PH, "mean"): np.clip(7.25 + 0.2 * self._own("acidity") + 0.1 * self._noise(moments, "acidity"), 6.1, 8.9),
            (WT, "mean"): 24.5 + 4.8 * moments.seasonal(215) + 1.2 * self._own("warmth") + 0.5 * self._noise(moments, "warmth"),
        }
        if moments.seconds:
            values[FLOW, "total"] = flow * np.float32(moments.seconds / LITRES)
        power = self._meters.values(load, moments)
        values.update(power)
        rows = {code: self._meters.rows for code, _ in power}
        for code, entries in self._items.items():
            rows[code] = np.array([entry[0] for entry in entries], dtype=np.intp)
            values.update(self._pollutant(code, rows[code], moments, stopped, flow))
        return Block(values, rows, stopped)

    def _own(self, what: str) -> Floats:
        return normal(seeds_of(self._codes, what, self.seed))[:, None]

    def _noise(self, moments: Moments, what: str) -> Floats:
        return moments.noise(seeds_of(self._codes, what, self.seed), LIVELY, 0.4)

    def _pollutant(self, code: str, rows: Rows, moments: Moments, stopped: Mask, flow: Floats) -> dict[Key, Floats]:
        entries = self._items[code]
        level = np.array([[entry[1]] for entry in entries], dtype=np.float32)
        sigma = np.array([[entry[2]] for entry in entries], dtype=np.float32)
        seeds = seeds_of([self._codes[number] for number in rows], code, self.seed)
        wave = np.float32(0.1) * moments.bump(14, 4)
        found = np.exp(level + sigma * moments.noise(seeds, LIVELY, 0.3) + wave)
        values: dict[Key, Floats] = {(code, "mean"): np.where(stopped[rows], np.float32(0), found)}
        if moments.seconds:
            mass = found * flow[rows] * np.float32(moments.seconds / LITRES * G_TO_KG)
            values[code, "total"] = np.where(stopped[rows], np.float32(0), mass)
        return values
