"""Invented waters: samples of sections, lakes, sea stations and wells, and rivers with their flow."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl

from bilan.science.samples.chance import PLACES, memory, rounded


def sections(months: int = 12, count: int = 8, *, begin: date = date(2025, 1, 1), seed: int = 3) -> pl.DataFrame:
    """Samples of river sections, three a month, worse downstream and in the dry season, slowly getting better.

    Returns:
        ``point`` (``S1`` …), ``river``, ``section_type``, ``target_class`` (2 to 4), ``start``; ``wt`` [°C], ``ph`` [-], ``do``, ``codmn``,
        ``cod``, ``bod5``, ``nh3n``, ``tp``, ``fluoride`` [mg/L].

    Examples:
        >>> sections(months=1, count=2).select("point", "target_class").unique().sort("point").rows()
        [('S1', 2), ('S2', 4)]
    """
    random = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        down = number / max(1, count - 1)
        for step in range(months * 3):
            month = (begin.month - 1 + step // 3) % 12 + 1
            day = datetime(begin.year + (begin.month - 1 + step // 3) // 12, month, 4 + 10 * (step % 3), 9)
            dry = 0.5 + 0.5 * np.cos((month - 1.5) / 12 * 2 * np.pi)
            dirt = (0.35 + 1.35 * down) * (0.75 + 0.6 * dry) * np.exp(-0.004 * step) * random.lognormal(0, 0.22)
            values = {
                "wt": 19 - 8 * dry + random.normal(0, 0.6),
                "ph": 7.4 + random.normal(0, 0.15),
                "do": max(1.0, 9.2 - 2.4 * dirt + random.normal(0, 0.4)),
                "codmn": 2.1 + 2.6 * dirt,
                "cod": 7 + 9.5 * dirt,
                "bod5": 1.0 + 2.0 * dirt,
                "nh3n": 0.62 * dirt**1.6,
                "tp": 0.05 + 0.09 * dirt,
                "fluoride": 0.3 + 0.08 * dirt,
            }
            place = {"point": f"S{number + 1}", "river": "A" if number < count / 2 else "B", "section_type": "river"}
            rows.append(
                {**place, "target_class": 2 + int(2.4 * down), "start": day}
                | {name: round(float(value), 3) for name, value in values.items()}
            )
    return pl.DataFrame(rows)


def lakes(months: int = 24, *, begin: date = date(2024, 1, 1), seed: int = 4) -> pl.DataFrame:
    """Monthly samples at two points of two reservoirs, greener in summer.

    Returns:
        ``lake`` (``L1``, ``L2``), ``point``, ``section_type`` (lake), ``start``; ``chla``, ``tp``, ``tn``, ``codmn`` [mg/L], ``sd``
        (transparency) [m].

    Examples:
        >>> lakes(months=1).shape
        (4, 9)
    """
    random = np.random.default_rng(seed)
    rows = []
    for step in range(months):
        year, month = divmod(begin.year * 12 + begin.month - 1 + step, 12)
        warm = 0.5 - 0.5 * np.cos((month + 0.5) / 12 * 2 * np.pi)
        for lake, rich in (("L1", 0.55), ("L2", 1.5)):
            for side in "ab":
                green = rich * (0.5 + 1.3 * warm) * random.lognormal(0, 0.15)
                values = {
                    "chla": 0.009 * green,
                    "tp": 0.02 + 0.022 * green,
                    "tn": 0.5 + 0.5 * rich,
                    "codmn": 1.9 + 1.5 * green,
                    "sd": 1.9 / (0.5 + green),
                }
                place = {"lake": lake, "point": f"{lake}{side}", "section_type": "lake", "start": datetime(year, month + 1, 10)}
                rows.append(place | {name: round(float(value), 4) for name, value in values.items()})
    return pl.DataFrame(rows)


def sea_stations(count: int = 24, *, seed: int = 5) -> pl.DataFrame:
    """Stations of one campaign in a bay about 60 km wide, dirtier at the mouth of a river in its north-west corner.

    Returns:
        ``point`` (``H01`` …), ``bay`` (``inner`` or ``outer``), ``lon``, ``lat`` [°], ``start``; ``ph`` [-], ``do``, ``cod``, ``din``,
        ``dip``, ``oil`` [mg/L].

    Examples:
        >>> sea_stations(3).columns[:4]
        ['point', 'bay', 'lon', 'lat']
    """
    random = np.random.default_rng(seed)
    east, north = (
        (np.arange(count) % 6 + random.uniform(0.15, 0.85, count)) / 6,
        (np.arange(count) // 6 + random.uniform(0.15, 0.85, count)) / -(-count // 6),
    )
    river = np.exp(-np.hypot(east, 1 - north) / 0.38) * random.lognormal(0, 0.18, count)
    return pl.DataFrame(
        {
            "point": [f"H{number + 1:02d}" for number in range(count)],
            "bay": np.where(east + 1 - north < 0.9, "inner", "outer"),
            "lon": rounded(120.0 + 0.6 * east, 4),
            "lat": rounded(25.0 + 0.4 * north, 4),
            "start": [datetime(2025, 8, 12)] * count,
            "ph": rounded(8.15 - 0.2 * river, 2),
            "do": rounded(7.1 - 1.9 * river, 2),
            "cod": rounded(0.5 + 2.4 * river, 2),
            "din": rounded(0.08 + 0.72 * river, 3),
            "dip": rounded(0.007 + 0.045 * river, 4),
            "oil": rounded(0.01 + 0.03 * river, 3),
        }
    )  # fmt: skip


def wells(count: int = 30, *, seed: int = 6) -> pl.DataFrame:
    """Samples of wells in five districts; some stand in rock with iron and manganese, some below fields.

    Returns:
        ``point`` (``W01`` …), ``area`` (of `PLACES`), ``start``; ``ph`` [-], ``tds``, ``no3n``, ``nh3n``, ``fe``, ``mn``, ``fluoride``
        [mg/L].

    Examples:
        >>> wells(2).select("point", "area").rows()
        [('W01', 'alpha'), ('W02', 'beta')]
    """
    random = np.random.default_rng(seed)
    rock, field = random.gamma(0.7, 1.0, count), random.gamma(1.2, 1.0, count)
    return pl.DataFrame(
        {
            "point": [f"W{number + 1:02d}" for number in range(count)],
            "area": [PLACES[number % len(PLACES)][0] for number in range(count)],
            "start": [datetime(2025, 6, 20)] * count,
            "ph": rounded(np.clip(random.normal(7.0, 0.4, count), 5.2, 9.2), 1),
            "tds": rounded(160 + 190 * field, 0),
            "no3n": rounded(1.5 + 6.5 * field, 1),
            "nh3n": rounded(0.02 + 0.16 * rock, 2),
            "fe": rounded(0.04 + 0.22 * rock, 2),
            "mn": rounded(0.02 + 0.09 * rock, 3),
            "fluoride": rounded(0.2 + 0.25 * rock, 2),
        }
    )


def river_record(years: int = 6, *, begin: date = date(2019, 1, 1), seed: int = 11) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Daily flow of a river and two samples a month of total nitrogen, which slowly falls.

    Returns:
        Samples ``day``, ``value`` [mg/L], ``censored``; and flows ``day``, ``flow`` [m³/s].

    Examples:
        >>> samples, flows = river_record(years=1)
        >>> samples.columns, flows.height
        (['day', 'value', 'censored'], 365)
    """
    random = np.random.default_rng(seed)
    days = pl.date_range(begin, date(begin.year + years, begin.month, begin.day), closed="left", eager=True)
    year = np.arange(len(days)) / 365.25
    flow = np.exp(3.1 - 0.75 * np.cos((year - 0.02) * 2 * np.pi) + 0.55 * memory(random, len(days), 0.93))
    flows = pl.DataFrame({"day": days, "flow": rounded(flow, 1)})
    value = np.exp(1.0 - 0.07 * year - 0.12 * np.log(flow / 20) + 0.18 * np.cos(year * 2 * np.pi)) * random.lognormal(0, 0.12, len(days))
    record = flows.select("day", value=rounded(value, 2), censored=False)
    return record.filter(pl.col("day").dt.day().is_in([8, 22])), flows


def reaches() -> tuple[pl.DataFrame, pl.DataFrame]:
    """A small river network: two headwaters, two works, a town, three sections, the mouth.

    Returns:
        Nodes ``node``, ``kind``, ``load`` let in [kg/d]; and links ``source``, ``target``, ``length`` [m], ``velocity`` [m/s].

    Examples:
        >>> nodes, links = reaches()
        >>> nodes.filter(kind="section")["node"].to_list()
        ['bridge', 'weir', 'mouth']
    """
    nodes = [
        ("spring", "head", 60.0),
        ("brook", "head", 40.0),
        ("dyeworks", "works", 620.0),
        ("town", "works", 900.0),
        ("farms", "works", 480.0),
        ("bridge", "section", 0.0),
        ("weir", "section", 0.0),
        ("mouth", "section", 0.0),
    ]
    links = [
        ("spring", "dyeworks", 9000.0, 0.6),
        ("dyeworks", "bridge", 6000.0, 0.5),
        ("brook", "farms", 7000.0, 0.4),
        ("farms", "weir", 8000.0, 0.4),
        ("bridge", "town", 5000.0, 0.5),
        ("town", "weir", 9000.0, 0.45),
        ("weir", "mouth", 16000.0, 0.4),
    ]
    return (
        pl.DataFrame(nodes, schema=["node", "kind", "load"], orient="row"),
        pl.DataFrame(links, schema=["source", "target", "length", "velocity"], orient="row"),
    )
