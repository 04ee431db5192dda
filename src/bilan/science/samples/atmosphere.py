"""Invented air: hours with weather, forecasts of models, species of organic gases and of particles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from bilan.science.samples.chance import Numbers, memory, rounded


def air_hours(
    days: int = 365, *, begin: date = date(2025, 1, 1), points: Sequence[str] = ("alpha",), fall: float = 0.0, seed: int = 1
) -> pl.DataFrame:
    """Hours of ambient air with weather: a works to the south-west, traffic in the rush hours, ozone in summer afternoons.

    Parameters:
        days: how many [d].
        begin: first day.
        points: names of the points; each is a little dirtier than the one before.
        fall: how much everything falls in a year [1/a].
        seed: of chance.

    Returns:
        ``point``, ``start`` (naive), ``so2``, ``no2``, ``o3``, ``pm10``, ``pm25`` [µg/m³], ``co`` [mg/m³], ``wind_speed`` [m/s],
        ``wind_dir`` [°], ``temp`` [°C], ``rh`` [%], ``press`` [hPa].

    Examples:
        >>> air_hours(days=3, points=("alpha", "beta")).shape
        (144, 13)
    """
    random = np.random.default_rng(seed)
    first = datetime.combine(begin, datetime.min.time())
    start = pl.datetime_range(first, first + timedelta(days=days), "1h", closed="left", eager=True, time_unit="us").alias("start")
    hour, year = start.dt.hour().to_numpy(), start.dt.ordinal_day().to_numpy() / 365.25
    winter = np.cos((year - 0.04) * 2 * np.pi)
    sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None)
    weather = _weather(random, hour, winter)
    still = np.clip(3.2 / (weather["wind_speed"] + 1.2), 0.4, 2.2)
    haze = np.exp(memory(random, len(start), 0.98) * 0.45) * still * np.exp(-fall * np.arange(len(start)) / 8766)
    rush = np.exp(-(((hour - 8) / 1.8) ** 2)) + np.exp(-(((hour - 18.5) / 2.2) ** 2))
    plume = np.exp(-(((weather["wind_dir"] - 225) / 28) ** 2)) * np.clip(weather["wind_speed"], 0, 5)
    workday = 1 - 0.25 * (start.dt.weekday().to_numpy() > 5)
    columns = {
        "so2": 6 * haze + 5 * plume,
        "no2": (16 + 7 * winter + 15 * rush * workday) * haze,
        "o3": np.clip(58 + (82 - 42 * winter) * sun * (1.4 - 0.4 * still) - 12 * rush * haze, 4, None),
        "pm10": (44 + 16 * winter + 10 * rush * workday) * haze + 4 * plume,
        "pm25": (23 + 12 * winter + 4 * rush) * haze + 2 * plume,
        "co": (0.55 + 0.15 * winter + 0.2 * rush * workday) * haze,
    }
    frames = []
    for place, point in enumerate(points):
        known = {
            name: rounded(values * (1 + 0.05 * place) * random.lognormal(0, 0.12, len(start)), 2 if name == "co" else 0)
            for name, values in columns.items()
        }
        frames.append(
            pl.DataFrame(
                {"point": [point] * len(start), "start": start, **known, **{name: rounded(values, 1) for name, values in weather.items()}}
            )
        )
    return pl.concat(frames)


def _weather(random: np.random.Generator, hour: Any, winter: Numbers) -> dict[str, Numbers]:
    """Wind, temperature, humidity and pressure of hours: land and sea breeze on a slow turn."""
    slow = memory(random, len(hour), 0.985)
    turn = np.where(winter > 0, 35.0, 190.0) + 75 * slow + 45 * np.sin((hour - 3) / 24 * 2 * np.pi)
    speed = np.clip(2.4 + 1.1 * np.sin((hour - 9) / 24 * 2 * np.pi) + 1.3 * memory(random, len(hour), 0.93), 0.2, None)
    temp = 19 - 9 * winter + 4 * np.sin((hour - 9) / 24 * 2 * np.pi) + 2 * memory(random, len(hour), 0.98)
    moist = np.clip(74 - 12 * np.sin((hour - 9) / 24 * 2 * np.pi) + 8 * memory(random, len(hour), 0.97), 20, 100)
    return {"wind_speed": speed, "wind_dir": turn % 360, "temp": temp, "rh": moist, "press": 1012 + 6 * winter + 4 * slow}


def forecasts(days: int = 60, *, seed: int = 2) -> pl.DataFrame:
    """Hours of PM2.5 beside what three invented models made of them.

    Returns:
        ``model`` (``M1`` to ``M3``), ``start``, ``observed``, ``modelled`` [µg/m³].

    Examples:
        >>> forecasts(days=1)["model"].unique().sort().to_list()
        ['M1', 'M2', 'M3']
    """
    random = np.random.default_rng(seed)
    known = air_hours(days, seed=seed).select("start", observed=pl.col("pm25"))
    seen = known["observed"].to_numpy()
    frames = []
    for model, share, bias, noise in (("M1", 0.9, 3.0, 6.0), ("M2", 0.55, -6.0, 9.0), ("M3", 1.25, 7.0, 12.0)):
        told = np.clip(seen.mean() + share * (seen - seen.mean()) + bias + noise * memory(random, len(seen), 0.8), 0, None)
        frames.append(known.select(pl.lit(model).alias("model"), "start", "observed", modelled=rounded(told, 1)))
    return pl.concat(frames)


def voc_hours(days: int = 14, *, seed: int = 9) -> pl.DataFrame:
    """Hours of organic gases: exhaust in the rush hours, solvents by day, isoprene from trees in the sun.

    Returns:
        ``point``, ``start`` and 22 species under their science names [ppb].

    Examples:
        >>> voc_hours(days=1)["isoprene"].min() >= 0
        True
    """
    random = np.random.default_rng(seed)
    first = datetime(2025, 7, 1)
    start = pl.datetime_range(first, first + timedelta(days=days), "1h", closed="left", eager=True, time_unit="us")
    hour = start.dt.hour().to_numpy()
    still = np.exp(0.35 * memory(random, len(start), 0.96)) * (1.15 - 0.35 * np.sin((hour - 8) / 24 * 2 * np.pi))
    rush = still * (0.7 + np.exp(-(((hour - 8) / 2) ** 2)) + np.exp(-(((hour - 18.5) / 2.4) ** 2)))
    shops = still * (0.6 + 0.8 * ((hour >= 8) & (hour < 20)))
    trees = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None)
    columns = {name: level * rush for name, level in _EXHAUST.items()} | {name: level * shops for name, level in _SOLVENTS.items()}
    columns["isoprene"] = 0.05 + 1.1 * trees
    shaken = {name: rounded(values * random.lognormal(0, 0.1, len(start)), 3) for name, values in columns.items()}
    return pl.DataFrame({"point": ["alpha"] * len(start), "start": start, **shaken})


_EXHAUST = {
    "ethane": 2.6, "propane": 2.2, "isobutane": 0.8, "n_butane": 1.3, "isopentane": 1.2, "n_pentane": 0.7, "n_hexane": 0.3, "ethylene": 1.9,
    "propylene": 0.5, "1_butene": 0.1, "acetylene": 1.5, "benzene": 0.5,
}  # fmt: skip
_SOLVENTS = {
    "toluene": 1.6,
    "ethylbenzene": 0.4,
    "1_3_dimethylbenzene": 0.5,
    "1_4_dimethylbenzene": 0.3,
    "1_2_dimethylbenzene": 0.35,
    "styrene": 0.15,
    "1_2_4_trimethylbenzene": 0.12,
    "cyclohexane": 0.25,
    "n_heptane": 0.2,
}


def chemistry(samples: int = 120, *, seed: int = 10) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Daily filters of PM2.5 that four known sources made, and their uncertainties: dust, traffic, sulphate from afar, sea salt.

    Parameters:
        samples: number of filters.
        seed: of chance.

    Returns:
        Concentrations and uncertainties, each ``day`` and twelve species [µg/m³].

    Examples:
        >>> found, error = chemistry(30)
        >>> found.columns == error.columns, found.height
        (True, 30)
    """
    random = np.random.default_rng(seed)
    names = ["oc", "ec", "so4", "no3", "nh4", "na", "cl", "si", "ca", "fe", "zn", "k"]
    profiles = np.array(
        [
            [0.4, 0.05, 0.2, 0.1, 0.0, 0.05, 0.02, 2.4, 1.3, 0.7, 0.03, 0.3],
            [3.6, 1.9, 0.2, 1.5, 0.4, 0.02, 0.05, 0.1, 0.1, 0.25, 0.09, 0.1],
            [0.9, 0.1, 4.4, 0.7, 1.7, 0.02, 0.01, 0.05, 0.05, 0.02, 0.02, 0.1],
            [0.1, 0.0, 0.3, 0.3, 0.0, 1.5, 1.9, 0.02, 0.06, 0.01, 0.0, 0.06],
        ]
    )
    days = pl.date_range(date(2025, 1, 1), date(2025, 1, 1) + timedelta(days=samples - 1), eager=True)
    season = np.cos(np.arange(samples) / 365 * 2 * np.pi)
    means = np.stack([1 + 0.5 * season, 1 + 0.3 * season, 1 - 0.4 * season, np.ones(samples)], axis=1)
    truth = (means * random.gamma(2.0, 0.5, (samples, 4))) @ profiles
    error = 0.06 * truth + 0.008
    found = np.clip(truth + random.normal(0, 1, truth.shape) * error, 0.001, None)
    key = pl.DataFrame({"day": days})
    return key.hstack(pl.DataFrame(found.round(4), schema=names)), key.hstack(pl.DataFrame(error.round(4), schema=names))
