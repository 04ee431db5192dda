"""Pollution sources of the demo city: 600 enterprises of the industries that shape it, with 1,000 monitored outlets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bilan.demo.districts import District, read_table
from bilan.demo.geography import scatter
from bilan.demo.names import Name, brands, marked
from bilan.tabular.places.coordinates import Lines
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.profiles import Profile, profiles

NEXT_DOOR = 0.0012
"""How far the outlets of one enterprise lie apart [deg]."""

METERED = 8
"""One enterprise in so many has meters of the electric power of production and of treatment."""


@dataclass(frozen=True, slots=True)
class Industry:
    """One line of the table of industries: what it is called, how many sources, which outlets each has, where they lie."""

    code: str
    name: Name
    works: Name
    sources: int
    outlets: tuple[Profile, ...]
    districts: tuple[str, ...]


def industries() -> list[Industry]:
    """Every industry of the demo city."""
    known = profiles()
    found = []
    for row in read_table("industries.csv"):
        pairs = [entry.split(":") for entry in row["outlets"].split(";")]
        outlets = tuple(known[name] for name, count in pairs for _ in range(int(count)))
        places = tuple(row["districts"].split(";")) if row["districts"] else ()
        name, works = Name(row["name_zh"], row["name_en"]), Name(row["works_zh"], row["works_en"])
        found.append(Industry(row["industry"], name, works, int(row["sources"]), outlets, places))
    return found


def source_points(districts: list[District], random: np.random.Generator) -> list[Point]:
    """Every outlet as a point; what belongs together shares `attributes["enterprise"]`."""
    labels = brands(random)
    points: list[Point] = []
    number = 0
    for industry in industries():
        for _ in range(industry.sources):
            number += 1
            points += _enterprise(f"E{number:04d}", industry, _choose(districts, industry, random), next(labels), random)
    return points


def _choose(districts: list[District], industry: Industry, random: np.random.Generator) -> District:
    usable = [district for district in districts if district.weight and (not industry.districts or district.adcode in industry.districts)]
    weights = np.array([district.weight for district in usable], dtype=float)
    return usable[int(random.choice(len(usable), p=weights / weights.sum()))]


def _beside(site: Lines, district: District, random: np.random.Generator) -> tuple[float, float]:
    """A place a few steps from `site`, in the same district."""
    places = np.round(np.concatenate([site + random.normal(0, NEXT_DOOR / 2, (8, 2)), site[None, :]]), 5)
    inside = np.flatnonzero(district.area.contains(places))
    lon, lat = places[inside[0] if len(inside) else -1]
    return float(lon), float(lat)


def _enterprise(code: str, industry: Industry, district: District, label: Name, random: np.random.Generator) -> Iterator[Point]:
    firm = marked(label.zh + industry.works.zh, f"{label.en} {industry.works.en}")
    site = scatter(district.area, 1, random, inward=0.75)[0]
    counts = {"source_gas": 0, "source_water": 0}
    for profile in industry.outlets:
        counts[profile.network] += 1
        outlet = f"{'DA' if profile.network == 'source_gas' else 'DW'}{counts[profile.network]:03d}"
        lon, lat = _beside(site, district, random)
        attributes = {
            "enterprise": code,
            "enterprise_zh": firm.zh,
            "enterprise_en": firm.en,
            "industry": industry.code,
            "industry_zh": industry.name.zh,
            "industry_en": industry.name.en,
            "outlet": outlet,
            "outlet_kind": "gas" if profile.network == "source_gas" else "water",
            "profile": profile.name,
            "capacity": round(float(profile.capacity * np.exp(profile.spread * random.normal())), -1) or 10.0,
            "reference_o2": profile.reference_o2,
            "meters": int(code[1:]) % METERED == 0,
            "limits": {item.parameter: item.limit for item in profile.items},
        }
        zh, en = f"{firm.zh} {outlet} {profile.name_zh}", f"{firm.en} {outlet} {profile.name_en}"
        yield Point(f"{code}-{outlet}", profile.network, zh, en, district.adcode, lon, lat, attributes)
