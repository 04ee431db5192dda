"""Enterprises of the demo city: those whose outlets are measured, then the many small ones."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib import resources
from typing import Any

import numpy as np

from bilan.demo.entries import shapes
from bilan.demo.entries.catalogue import Catalogue
from bilan.demo.names import marked
from bilan.telemetry.model import Point

EMITTED = {"cod": 12.0, "nh3n": 0.9, "tn": 3.0, "tp": 0.12}
BURNT = {"so2": 6.0, "nox": 14.0, "pm": 3.0}
SOLVENT = {"shoes", "coating", "printing", "petrochemical", "chemical", "pharma", "leather"}
SMALL = 0.02
"""Emission of an enterprise that only registers, beside one under key management."""
CATEGORIES = ("key", "simplified", "registration")
CATEGORY_SHARES = (0.05, 0.3, 0.65)


def industries() -> dict[str, dict[str, str]]:
    """Industry of the demo's sources → GB/T 4754 class, sector, what works are called, how many, fuel."""
    text = resources.files("bilan.demo.entries").joinpath("industries.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


def enterprises(known: Catalogue, count: int) -> Iterator[dict[str, Any]]:
    """`count` enterprises; the first have the codes that the points of the catalogue name."""
    table = industries()
    measured: dict[str, list[Point]] = {}
    for point in known.network("source_gas", "source_water"):
        measured.setdefault(str(point.attributes["enterprise"]), []).append(point)
    for code, points in measured.items():
        yield _measured(code, points, table, known.random)
    small = [row for row in table.values() if float(row["weight"]) > 0]
    weights = np.array([float(row["weight"]) for row in small])
    for number in range(len(measured) + 1, count + 1):
        row = small[int(known.random.choice(len(small), p=weights / weights.sum()))]
        yield _small(f"E{number:04d}", row, known)


def _measured(code: str, points: list[Point], table: dict[str, dict[str, str]], random: np.random.Generator) -> dict[str, Any]:
    held = points[0].attributes
    row = table[str(held["industry"])]
    wet = any(point.network == "source_water" for point in points)
    dry = any(point.network == "source_gas" for point in points)
    listed = [kind for kind, there in (("water", wet), ("air", dry)) if there]
    place = (float(np.mean([point.lon or 0.0 for point in points])), float(np.mean([point.lat or 0.0 for point in points])))
    return {
        "code": code,
        "name": held["enterprise_zh"],
        "aliases": [held["enterprise_en"]],
        "district": points[0].district,
        "geometry": shapes.point(place),
        "status": "operating",
        "permit_category": "key",
        "key_unit": listed,
        "online": True,
        "above_scale": True,
        **_industry(row),
        **_emissions(row, 1.0, wet, random),
    }


def _small(code: str, row: dict[str, str], known: Catalogue) -> dict[str, Any]:
    adcode = known.places.district()
    district = next(entry for entry in known.places.districts if entry.adcode == adcode)
    brand = next(known.names)
    name = marked(f"{district.short_zh}{brand.zh}{row['works']}", f"{district.short_en} {brand.en}")
    category = CATEGORIES[int(known.random.choice(3, p=CATEGORY_SHARES))]
    scale = {"key": 0.6, "simplified": 0.12, "registration": SMALL}[category]
    wet = row["sector"] in {"dyeing", "food", "paper", "plating", "leather"}
    return {
        "code": code,
        "name": name.zh,
        "aliases": [name.en],
        "district": adcode,
        "geometry": shapes.point(known.places.place(adcode)),
        "permit_category": category,
        "key_unit": [],
        "online": False,
        "above_scale": bool(known.random.random() < scale + 0.15),
        **_industry(row),
        **_emissions(row, scale, wet, known.random),
    }


def _industry(row: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"industry": row["industry"], "key_sector": row["sector"]}
    return {**found, "fuel": row["fuel"]} if row["fuel"] else found


def _emissions(row: dict[str, str], scale: float, wet: bool, random: np.random.Generator) -> dict[str, Any]:
    """Yearly emissions [t]: those of the media that the industry pollutes."""
    found = {"survey_year": 2025}
    expected: dict[str, float] = dict(EMITTED) if wet else {}
    if row["fuel"] in {"coal", "natural-gas", "biomass", "waste"}:
        expected |= BURNT if row["fuel"] != "natural-gas" else {name: value / 4 for name, value in BURNT.items()}
    if row["sector"] in SOLVENT:
        expected["voc"] = 9.0
    drawn = {name: round(float(value * scale * random.lognormal(0, 0.8)), 3) for name, value in expected.items()}
    if wet:
        drawn["wastewater"] = round(float(25 * scale * random.lognormal(0, 0.8)), 2)
    return {**found, **drawn}
