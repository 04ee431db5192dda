"""Shared moments and the region's weather: what makes the networks of one city move together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.simulator.noise import Floats, Seconds, Seeds, Spectrum, seed_of, single

YEAR = 365.2425 * DAY
LATITUDE = np.deg2rad(24.9)
SYNOPTIC = ((12 * DAY, 0.5), (4 * DAY, 1.0), (36 * HOUR, 0.7), (10 * HOUR, 0.35))
LIVELY = ((9 * DAY, 0.5), (3 * DAY, 0.8), (26 * HOUR, 0.8), (7 * HOUR, 0.6), (2 * HOUR, 0.4))
SLOW = ((90 * DAY, 0.8), (25 * DAY, 1.0), (6 * DAY, 0.6), (30 * HOUR, 0.3))
RESTLESS = ((900, 1.0), (180, 0.8), (60, 0.6))
RAIN_MEMORY_HOURS = (0, 3, 7, 12, 20, 32, 48)


@dataclass(frozen=True, eq=False)
class Moments:
    """Spans whose values are wanted, seen through what all models share.

    Attributes:
        starts: beginnings of the spans [s of the wall clock], shape (times,).
        seconds: length of each span [s]; 0 for moments.
        seed: of the run; it decides the weather.
    """

    starts: Seconds
    seconds: int
    seed: int = 0

    @property
    def fine(self) -> bool:
        """Whether the spans are short enough to show the unrest inside an hour."""
        return self.seconds < HOUR

    @cached_property
    def middles(self) -> Seconds:
        return self.starts + self.seconds // 2

    @cached_property
    def hour(self) -> Floats:
        """Hour of the day, 0 to 24."""
        return ((self.middles % DAY) / HOUR).astype(np.float32)

    @cached_property
    def season(self) -> Floats:
        """Phase of the year [rad], 0 at New Year of 1970 and each mean year after."""
        return (2 * np.pi * (self.middles / YEAR % 1.0)).astype(np.float32)

    @cached_property
    def weekday(self) -> NDArray[np.int64]:
        """0 for Monday to 6 for Sunday."""
        return (self.middles // DAY + 3) % 7

    def seasonal(self, day_of_year: float, harmonic: int = 1) -> Floats:
        """Cosine of the year that is 1 on `day_of_year`."""
        return single(np.cos(harmonic * (self.season - np.float32(2 * np.pi * day_of_year / 365.25))))

    def bump(self, hour: float, width: float) -> Floats:
        """Bell over the hours of a day, 1 at `hour`, falling over `width` [h]; it wraps around midnight."""
        distance = (self.hour - np.float32(hour) + 12) % 24 - 12
        return single(np.exp(-0.5 * (distance / np.float32(width)) ** 2))

    @cached_property
    def rush(self) -> Floats:
        """Traffic of a day, about 0.25 at night and 1 at the morning and evening peaks, less on weekends."""
        work = 0.25 + 0.75 * self.bump(8, 1.4) + 0.8 * self.bump(18.3, 1.9) + 0.45 * self.bump(13, 3.5)
        rest = 0.3 + 0.55 * self.bump(11, 3.0) + 0.6 * self.bump(18.5, 2.6)
        return np.where(self.weekday < 5, work, rest).astype(np.float32)

    def spectrum(self, octaves: tuple[tuple[int, float], ...]) -> Spectrum:
        """Noise of these octaves at these moments; the same octaves are prepared once."""
        known = self._spectra.get(octaves)
        if known is None:
            known = self._spectra[octaves] = Spectrum(self.middles, octaves)
        return known

    @cached_property
    def _spectra(self) -> dict[tuple[tuple[int, float], ...], Spectrum]:
        return {}

    def noise(self, seeds: Seeds, octaves: tuple[tuple[int, float], ...] = LIVELY, unrest: float = 0.2) -> Floats:
        """Noise a series, with the unrest inside an hour added when the spans are short; shape (seeds, times)."""
        curve = self.spectrum(octaves).of(seeds)
        if self.fine and unrest:
            curve += np.float32(unrest) * self.spectrum(RESTLESS).of(seeds)
        return curve

    def regional(self, name: str, octaves: tuple[tuple[int, float], ...] = SYNOPTIC) -> Floats:
        """One noise for the whole city, shape (times,)."""
        return single(self.spectrum(octaves).of(np.array([seed_of(f"region/{name}", self.seed)], dtype=np.uint32))[0])

    @cached_property
    def weather(self) -> Weather:
        return Weather(self)


class Weather:
    """The region's weather at some moments; every attribute has the shape (times,)."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments

    @cached_property
    def sun(self) -> Floats:
        """Sine of the sun's height, 0 at night."""
        declination = np.deg2rad(23.44) * -self._moments.seasonal(-10)
        hour_angle = (self._moments.hour - 12.1) * np.float32(np.pi / 12)
        height = np.sin(LATITUDE) * np.sin(declination) + np.cos(LATITUDE) * np.cos(declination) * np.cos(hour_angle)
        return single(np.maximum(height, 0).astype(np.float32))

    @cached_property
    def cloud(self) -> Floats:
        """Cloud cover, 0 to 1."""
        wet_season = 0.45 * self._moments.seasonal(120)
        return single(1 / (1 + np.exp(-1.6 * (self._moments.regional("cloud") + wet_season))))

    @cached_property
    def rain(self) -> Floats:
        """Rain [mm/h]."""
        return rain_at(self._moments)

    @cached_property
    def wetness(self) -> Floats:
        """Rain of the last two days, fading, as the rivers see it; 0 when dry, about 1 after a good rain."""
        moments = self._moments
        total = np.zeros(len(moments.middles), dtype=np.float32)
        for lag in RAIN_MEMORY_HOURS:
            total += np.float32(np.exp(-lag / 16)) * rain_at(Moments(moments.starts - lag * HOUR, moments.seconds, moments.seed))
        return np.minimum(total / 3, 3)

    @cached_property
    def temperature(self) -> Floats:
        """Air temperature near the coast [degC]."""
        moments = self._moments
        day = (3.6 - 2.2 * self.cloud) * np.cos((moments.hour - 14.3) * np.float32(np.pi / 12))
        return single(21.3 + 7.4 * moments.seasonal(209) + day + 2.3 * moments.regional("temperature") - 0.5 * np.minimum(self.rain, 4))

    @cached_property
    def humidity(self) -> Floats:
        """Relative humidity [%]."""
        moments = self._moments
        day = -9 * (1 - 0.6 * self.cloud) * np.cos((moments.hour - 14.3) * np.float32(np.pi / 12))
        wet = 9 * (self.cloud - 0.5) + 4 * np.minimum(self.rain, 4)
        return single(np.clip(71 + 7 * moments.seasonal(150) + day + 8 * moments.regional("humidity") + wet, 18, 100))

    @cached_property
    def pressure(self) -> Floats:
        """Air pressure [kPa]."""
        moments = self._moments
        tide = 0.11 * np.cos((moments.hour - 10) * np.float32(np.pi / 6))
        return single(101.1 + 0.85 * moments.seasonal(10) + 0.3 * moments.regional("pressure") + tide)

    @cached_property
    def wind_vector(self) -> tuple[Floats, Floats]:
        """Wind towards the east and towards the north [m/s]: monsoon, sea breeze, passing weather."""
        moments = self._moments
        winter = moments.seasonal(10)
        breeze = 1.5 * np.cos((moments.hour - 15) * np.float32(np.pi / 12)) * (1 - 0.5 * self.cloud)
        east = -0.9 * winter - 0.8 * breeze + 0.9 * moments.regional("wind east", LIVELY)
        north = -1.5 * winter + 0.4 + 0.7 * breeze + 1.0 * moments.regional("wind north", LIVELY)
        return east, north

    @cached_property
    def wind_speed(self) -> Floats:
        """Wind speed [m/s]."""
        east, north = self.wind_vector
        return single(np.hypot(east, north) * 0.8 + 0.4)

    @cached_property
    def wind_direction(self) -> Floats:
        """Where the wind comes from [deg], clockwise from north."""
        east, north = self.wind_vector
        return np.rad2deg(np.arctan2(-east, -north)) % 360

    @cached_property
    def stagnation(self) -> Floats:
        """How badly the air is exchanged: mean about 0, deviation about 1."""
        calm = 0.8 - np.log(self.wind_speed)
        return single(0.75 * self._moments.regional("mixing", LIVELY) + 0.55 * calm - 0.35 * np.minimum(self.rain, 3))


def rain_at(moments: Moments) -> Floats:
    """Rain of the region [mm/h]: the peaks of a noise above a bar that is lower in the wet season."""
    bar = 1.15 - 0.4 * moments.seasonal(145) - 0.12 * moments.seasonal(145, 2)
    over = np.maximum(moments.regional("rain", ((6 * DAY, 0.5), (2 * DAY, 0.9), (14 * HOUR, 0.9), (4 * HOUR, 0.5))) - bar, 0)
    return (5 * over**1.6).astype(np.float32)
