"""Small frames of every medium and the rules that judge them, for all engines: values about the limits, nulls, nonsense, unknown kinds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from bilan.science import air, emissions, groundwater, noise, sea, soil, water

Rule = Callable[[Any], Any]
POLLUTANTS = {"so2": 60, "no2": 60, "co": 1.7, "o3": 130, "pm10": 110, "pm25": 70}


def hours() -> pl.DataFrame:
    """Two days on both sides of the change of the standard; gaps, nulls, nonsense and very high values."""
    random = np.random.default_rng(7)
    start = pl.datetime_range(datetime(2026, 2, 28), datetime(2026, 3, 1, 23), "1h", eager=True, time_unit="us")
    frame = pl.DataFrame({"point": ["a", "b", "c"]}).join(pl.DataFrame({"start": start}), how="cross")
    for column, mean in POLLUTANTS.items():
        values = np.round(random.gamma(1.2, mean / 1.2, frame.height), 3)
        values[random.random(frame.height) < 0.01] = -1
        values[random.random(frame.height) < 0.01] = 900
        present = pl.Series(random.random(frame.height) > 0.03)
        frame = frame.with_columns(pl.when(present).then(pl.Series(values)).alias(column))
    return frame.filter(pl.Series(random.random(frame.height) > 0.02))


def samples() -> pl.DataFrame:
    """Sections and lakes over some months."""
    begin = datetime(2025, 1, 3)
    return pl.DataFrame(
        [
            {
                "point": f"断面{point}",
                "section_type": "lake" if point % 3 == 0 else "river",
                "target_class": point % 4 + 1,
                "start": begin + timedelta(days=20 * day),
                "ph": 6.1 + (point * day) % 7 / 2,
                "do": 3.0 + (point + day) % 6,
                "codmn": 1.5 + (point * 3 + day) % 9,
                "nh3n": 0.1 * ((point + 2 * day) % 17),
                "tp": None if point == day else 0.013 * ((point * day) % 19),
                "tn": 0.3 * (point + 1),
                "cn": 0.05 * point,
            }
            for point in range(6)
            for day in range(9)
        ]
    )


def _sources() -> pl.DataFrame:
    """Drinking-water sources: supplementary and specific items too."""
    return samples().with_columns(mn=pl.col("nh3n") / 10, tl=pl.when(pl.col("cn") > 0.1).then(0.0002), volume=pl.col("do") * 5)


def _stations() -> pl.DataFrame:
    """Samples at sea and of wells; every class, every item missing once."""
    return pl.DataFrame(
        [
            {
                "point": f"S{point}",
                "target_class": point % 4 + 1,
                "start": datetime(2025, 1, 3) + timedelta(days=29 * day),
                "ph": 7.5 + (point * day) % 7 / 5,
                "do": 2.5 + (point + day) % 6,
                "cod": 0.7 + (point * 3 + day) % 9 / 2,
                "codmn": 0.7 + (point * 3 + day) % 9 / 2,
                "din": None if point == day else 0.05 * ((point + 2 * day) % 17),
                "dip": 0.004 * ((point * day) % 19),
                "nh3n": 0.1 * ((point + 2 * day) % 17),
                "tc": 10.0 * (point * day),
            }
            for point in range(5)
            for day in range(7)
        ]
    )


def _ground() -> pl.DataFrame:
    """Soil of farmland and of sites to be built on."""
    return pl.DataFrame(
        [
            {
                "point": f"p{number:02}",
                "start": datetime(2025, 6, 1),
                "ph": None if number == 7 else 4.0 + number / 8,
                "land_use": ("水田", "旱地", "果园", "水旱轮作")[number % 4],
                "land_class": number % 3,
                "cd_soil": 0.07 * number,
                "hg_soil": 0.11 * (number % 13),
                "pb_soil": 31.0 * number,
                "cr_soil": None if number % 5 == 0 else 37.0 * number,
                "bap_soil": 0.05 * number,
            }
            for number in range(40)
        ]
    )


def _levels() -> pl.DataFrame:
    """Points of all zones, by day and by night."""
    return pl.DataFrame(
        {
            "point": [f"p{at:02}" for at in range(30)],
            "start": [datetime(2026, 1, 1)] * 30,
            "zone_class": [(*noise.ZONES, None)[at % 7] for at in range(30)],
            "ld": [45.0 + at for at in range(30)],
            "ln": [None if at == 3 else 38.0 + at * 0.7 for at in range(30)],
        }
    )


def _sounds() -> pl.DataFrame:
    """Hours of sound levels of two points over three days, some lost."""
    random = np.random.default_rng(5)
    start = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 3, 23), "1h", eager=True, time_unit="us")
    frame = pl.DataFrame({"point": ["a", "b"]}).join(pl.DataFrame({"start": start}), how="cross")
    levels = pl.Series(np.round(random.normal(55, 8, frame.height), 1))
    return frame.with_columns(leq=pl.when(pl.Series(random.random(frame.height) > 0.05)).then(levels))


def _stacks() -> pl.DataFrame:
    """Hours of three stacks, some lost, some while the source stood still, oxygen up to that of air."""
    random = np.random.default_rng(7)
    size, parts = 48, []
    for number, source in enumerate(("gb13223-coal-special", "gb25464-kiln", "gb4915-kiln")):
        parts.append(
            pl.DataFrame(
                {
                    "point": f"S{number}",
                    "source": source,
                    "start": [datetime(2026, 3, 12) + timedelta(hours=hour) for hour in range(size)],
                    "so2": np.round(random.gamma(2, 20, size), 2),
                    "nox": np.round(random.gamma(2, 40, size), 2),
                    "o2": np.round(random.uniform(2, 21, size), 2),
                    "gas_flow": np.round(random.gamma(5, 10, size), 2),
                    "flag": np.where(random.random(size) < 0.1, "D", "N"),
                    "state": np.where(random.random(size) < 0.05, "F", "N"),
                }
            )
        )
    return pl.concat(parts)


RULES: dict[str, tuple[Callable[[], pl.DataFrame], Rule]] = {
    "air.judge_hours": (hours, air.judge_hours),
    "water.classify": (samples, lambda frame: water.classify(frame, against="target")),
    "water.evaluate_periods": (samples, lambda frame: water.evaluate_periods(frame, "month")),
    "water.judge_drinking": (_sources, water.judge_drinking),
    "sea.judge": (_stations, lambda frame: sea.judge(frame, targeted=True)),
    "sea.eutrophication": (_stations, sea.eutrophication),
    "groundwater.judge": (_stations, groundwater.judge),
    "groundwater.evaluate_periods": (_stations, lambda frame: groundwater.evaluate_periods(frame, "month")),
    "soil.judge_farmland": (_ground, soil.judge_farmland),
    "soil.judge_construction": (_ground, soil.judge_construction),
    "noise.judge": (_levels, noise.judge),
    "noise.days": (_sounds, noise.days),
    "emissions.judge": (_stacks, emissions.judge),
}
