"""The city and its county-level districts, as its boundaries name them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bilan.pack.city import City

BOUNDARIES = "boundaries.geojson"


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area.

    Attributes:
        adcode: six-digit administrative code.
        name_zh, name_en: its name.
        city: whether it is the city itself and not one of its districts.
    """

    adcode: str
    name_zh: str
    name_en: str
    city: bool = False

    def name(self, language: str) -> str:
        """Name in a language (``zh-hans`` or ``en``)."""
        return self.name_en or self.name_zh if language == "en" else self.name_zh


def areas(city: City) -> list[Area]:
    """The city first, then its districts in the order of their codes; the city alone while it has no boundaries.

    Args:
        city: the city whose `boundaries.geojson` is read.
    """
    found = [Area(city.adcode, city.name_zh, city.name_en, city=True)]
    file = city.folder / BOUNDARIES
    if file.is_file():
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        districts = [feature["properties"] for feature in features if str(feature["properties"].get("adcode")) != city.adcode]
        found += [
            Area(str(entry["adcode"]), str(entry["name_zh"]), str(entry.get("name_en", "")))
            for entry in sorted(districts, key=lambda entry: str(entry["adcode"]))
        ]
    return found
