"""Ambient air of a south-China coastal city: six pollutants, nitric oxide, weather and ozone precursors at every station."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import log

import numpy as np

from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Block, Rows
from bilan.telemetry.simulator.noise import Floats, normal, seed_of, seeds_of, single
from bilan.telemetry.simulator.species import PAMS, Species
from bilan.telemetry.simulator.weather import LIVELY, Moments

SO2, NOX, NO, NO2, CO, O3, PM10, PM25 = "a21026", "a21002", "a21003", "a21004", "a21005", "a05024", "a34002", "a34004"
TEMPERATURE, HUMIDITY, PRESSURE, WIND_SPEED, WIND_DIRECTION = "a01001", "a01002", "a01006", "a01007", "a01008"
BASIC = (SO2, NOX, NO, NO2, CO, O3, PM10, PM25, TEMPERATURE, HUMIDITY, PRESSURE, WIND_SPEED, WIND_DIRECTION)
ANCHORS = ((118.60, 24.90), (118.75, 25.05), (118.05, 25.10), (118.25, 25.45), (118.60, 24.68), (118.35, 24.85))
REACH_KM = 25.0
TRAFFIC_OF_KIND = {"city": 1.0, "background": 0.35, "super": 0.8, "traffic": 2.2}
NO_TO_NO2_MASS = 46.0 / 30.0


class AirModel:
    """Signals of the air stations.

    Parameters:
        points: stations; `attributes["kind"]` decides the traffic, `attributes["parameters"]` whether species are measured.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], seed: int = 0) -> None:
        self.points = list(points)
        self.seed = seed
        self._codes = [point.code for point in self.points]
        kinds = [str(point.attributes.get("kind", "city")) for point in self.points]
        self._traffic = np.array([TRAFFIC_OF_KIND.get(kind, 1.0) for kind in kinds], dtype=np.float32)[:, None]
        self._traffic *= np.exp(0.18 * self._own("traffic"))
        self._nearness = nearness(self.points)
        with_species: Rows = np.flatnonzero([kind in ("super", "traffic") for kind in kinds])
        self.rows = dict.fromkeys((entry.code for entry in PAMS), with_species)

    def parameters(self, point: Point) -> list[str]:
        """Codes that the station measures."""
        species = [entry.code for entry in PAMS] if point.attributes.get("kind") in ("super", "traffic") else []
        return [*BASIC, *species]

    def values(self, moments: Moments) -> Block:
        """Every station at every moment."""
        found = AirBlock(self, moments).values()
        return Block({(code, "mean"): value for code, value in found.items()}, self.rows)

    def _own(self, what: str) -> Floats:
        return normal(seeds_of(self._codes, what, self.seed))[:, None]

    def noise(self, moments: Moments, what: str, own: float, near: float, unrest: float = 0.2) -> Floats:
        """Noise of `what` at each station: `own` for the station alone, `near` shared with its neighbours."""
        anchors = moments.noise(seeds_of([str(number) for number in range(len(ANCHORS))], f"anchor {what}", self.seed), unrest=0)
        alone = moments.noise(seeds_of(self._codes, what, self.seed), LIVELY, unrest)
        return np.float32(near) * (self._nearness @ anchors) + np.float32(own) * alone


def nearness(points: Sequence[Point]) -> Floats:
    """Weight of each anchor at each point by distance; the squares of a row add up to 1."""
    lon = np.array([point.lon if point.lon is not None else ANCHORS[0][0] for point in points])[:, None]
    lat = np.array([point.lat if point.lat is not None else ANCHORS[0][1] for point in points])[:, None]
    there = np.array(ANCHORS)
    squared = ((lon - there[:, 0]) * 101) ** 2 + ((lat - there[:, 1]) * 111) ** 2
    weights = np.exp(-squared / (2 * REACH_KM**2)) + 1e-4
    return single((weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))).astype(np.float32))


class AirBlock:
    """Stations × moments of one call, each quantity computed once."""

    def __init__(self, model: AirModel, moments: Moments) -> None:
        self._model = model
        self._moments = moments
        self._weather = moments.weather

    def values(self) -> dict[str, Floats]:
        weather, model, moments = self._weather, self._model, self._moments
        shape = (len(model.points), len(moments.starts))
        east_of_coast = np.array([[(118.75 - (point.lon or 118.6)) * 1.6] for point in model.points], dtype=np.float32)
        warmth = model.noise(moments, "temperature", 0.35, 0.3) - 0.8 * east_of_coast
        gust = np.exp(model.noise(moments, "wind", 0.3, 0.15, unrest=0.8))
        values = {
            SO2: self.sulphur,
            NOX: self.nox,
            NO: self.nitric_oxide,
            NO2: self.nox - self.nitric_oxide * np.float32(NO_TO_NO2_MASS),
            CO: self.monoxide,
            O3: self.ozone,
            PM10: self.fine_dust + self.coarse_dust,
            PM25: self.fine_dust,
            TEMPERATURE: weather.temperature + warmth,
            HUMIDITY: np.clip(weather.humidity - 1.8 * warmth + 2.0 * model.noise(moments, "humidity", 1.0, 0.5), 12, 100),
            PRESSURE: np.broadcast_to(weather.pressure, shape) + 0.1 * model._own("height"),
            WIND_SPEED: np.clip(weather.wind_speed * gust, 0.1, 40),
            WIND_DIRECTION: (weather.wind_direction + 22 * model.noise(moments, "direction", 0.8, 0.3, unrest=0.8)) % 360,
        }
        values.update(self.species())
        return values

    @cached_property
    def fine_dust(self) -> Floats:
        """PM2.5 [ug/m3]."""
        moments, weather, model = self._moments, self._weather, self._model
        shared = (
            log(18.0)
            + 0.27 * moments.seasonal(25)
            + 0.08 * (moments.bump(8.5, 2) + moments.bump(20.5, 2.6) - 0.5)
            + 0.34 * weather.stagnation
            + 0.24 * moments.regional("haze")
            - 0.12 * np.minimum(weather.wetness, 2)
        )
        site = 0.08 * model._own("dust") + 0.06 * np.log(model._traffic)
        return single(np.exp((shared + site + model.noise(moments, "fine dust", 0.14, 0.16)).astype(np.float32)))

    @cached_property
    def coarse_dust(self) -> Floats:
        """PM10 without PM2.5 [ug/m3]."""
        moments, weather, model = self._moments, self._weather, self._model
        washed = 0.3 * np.minimum(weather.wetness, 2)
        shared = log(17.0) + 0.2 * moments.seasonal(40) + 0.2 * weather.stagnation + 0.22 * moments.rush - washed
        return single(np.exp((shared + 0.2 * np.log(model._traffic) + model.noise(moments, "coarse dust", 0.22, 0.15)).astype(np.float32)))

    @cached_property
    def nox(self) -> Floats:
        """NOx as NO2 [ug/m3]."""
        moments, weather, model = self._moments, self._weather, self._model
        shared = log(15.0) + 0.22 * moments.seasonal(15) + 0.34 * weather.stagnation + 0.55 * (moments.rush - 0.6) - 0.25 * weather.sun
        return single(np.exp((shared + 0.75 * np.log(model._traffic) + model.noise(moments, "nox", 0.2, 0.16)).astype(np.float32)))

    @cached_property
    def nitric_oxide(self) -> Floats:
        """NO [ug/m3]: the share of NOx that ozone has not yet turned into NO2, larger where NOx is fresh."""
        share = np.clip(0.08 + 0.0045 * self.nox + 0.06 * self._moments.rush - 0.05 * self._weather.sun, 0.03, 0.5)
        return single(self.nox * share / np.float32(NO_TO_NO2_MASS))

    @cached_property
    def ozone(self) -> Floats:
        """O3 [ug/m3]: background, production by sun on precursors, titration by fresh NO."""
        moments, weather, model = self._moments, self._weather, self._model
        season = 0.75 * moments.seasonal(120, 2) + 0.45 * moments.seasonal(200)
        strength = 53 + 18 * season + 28 * moments.regional("photochemistry") - 34 * (weather.cloud - 0.5) - 5 * np.minimum(weather.rain, 4)
        day = moments.bump(14.8, 3.3)
        shared = 58 + 9 * season + 4 * moments.regional("ozone background") - 9 * moments.bump(5.5, 3.2) + day * np.maximum(strength, 0)
        local = model.noise(moments, "ozone", 3.5, 5.5) * (0.6 + 0.8 * day) - 1.35 * (self.nitric_oxide - 2) - 0.32 * (self.nox - 16)
        return single(np.maximum(shared + local, 3 + 2 * np.abs(local) / 20).astype(np.float32))

    @cached_property
    def monoxide(self) -> Floats:
        """CO [mg/m3]."""
        burning = np.sqrt(self.fine_dust / 18) * 0.34 + 0.13 * np.sqrt(self.nox / 15)
        return single(burning * np.exp(self._model.noise(self._moments, "monoxide", 0.09, 0.08)) + 0.08)

    @cached_property
    def sulphur(self) -> Floats:
        """SO2 [ug/m3]."""
        moments, weather, model = self._moments, self._weather, self._model
        shared = log(5.2) + 0.16 * weather.stagnation + 0.14 * moments.bump(11, 3.5) + 0.06 * moments.seasonal(20)
        return single(np.exp((shared + 0.12 * model._own("sulphur") + model.noise(moments, "sulphur", 0.16, 0.12)).astype(np.float32)))

    def species(self) -> dict[str, Floats]:
        """The 57 PAMS species [ug/m3], from four common sources and each its own."""
        moments, weather, model = self._moments, self._weather, self._model
        measured = model.rows[PAMS[0].code]
        if not len(measured):
            return {}
        names = [model.points[number].code for number in measured]
        exhaust = np.log(self.nox[measured] / 20)
        solvent = 0.45 * moments.noise(seeds_of(names, "solvent", model.seed)) + 0.35 * moments.bump(10, 3.5) + 0.2 * weather.stagnation
        fuel_gas = 0.4 * moments.noise(seeds_of(names, "fuel gas", model.seed)) + 0.25 * weather.stagnation + 0.2 * moments.bump(6, 3)
        leaves = 1.9 * (weather.sun - 0.45) + 0.09 * (weather.temperature - 24) + 0.3 * moments.noise(seeds_of(names, "leaves", model.seed))
        sources = {"exhaust": exhaust, "solvent": solvent, "fuel_gas": fuel_gas, "leaves": leaves}
        return {entry.code: self._one_species(entry, sources[entry.source], names) for entry in PAMS}

    def _one_species(self, entry: Species, source: Floats, names: list[str]) -> Floats:
        own = 0.2 * self._moments.noise(seeds_of(names, entry.code, self._model.seed), unrest=0.4)
        ageing = np.float32(min(entry.reactivity / 40, 0.7)) * self._weather.sun
        level = np.float32(entry.level * np.exp(0.1 * ((seed_of(entry.code) % 7) - 3)))
        return single(level * np.exp(np.float32(0.75) * source + own - ageing))
