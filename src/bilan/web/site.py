"""The city this process serves, its store and its districts, each opened once a process and only when asked for."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bilan.pack.city import City
from bilan.problems import BilanError, Problem
from bilan.telemetry.store import Store

BOUNDARIES = "boundaries.geojson"

_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class District:
    """A county-level district of the city."""

    adcode: str
    name_zh: str
    name_en: str


@cache
def city() -> City:
    """The city whose folder the environment names in ``BILAN_CITY``.

    Raises:
        BilanError: the environment names none, or it is no city folder.
    """
    folder = os.environ.get("BILAN_CITY")
    if not folder:
        raise BilanError(Problem("web.no_city"))
    return City.open(folder)


def store() -> Store:
    """The city's store; opened after the server has forked, because Polars must not be shared across a fork."""
    with _opening:
        return _store(os.getpid())


@cache
def _store(_process: int) -> Store:
    return Store.open(city())


@cache
def outlines() -> dict[str, Any]:
    """Outlines of the city's districts as a GeoJSON collection; empty when the city has none."""
    path = city().folder / BOUNDARIES
    if not path.is_file():
        return {"type": "FeatureCollection", "features": []}
    collection: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return collection


@cache
def districts() -> tuple[District, ...]:
    """The city's districts in the order of their codes."""
    found = (_district(feature.get("properties") or {}) for feature in outlines()["features"])
    return tuple(sorted({district.adcode: district for district in found if district}.values(), key=lambda district: district.adcode))


def district_name(adcode: str, language: str) -> str:
    """Name of the district with `adcode` in `language`; the code itself when the city has no such district."""
    for district in districts():
        if district.adcode == adcode:
            return district.name_en if language == "en" and district.name_en else district.name_zh
    return adcode


def _district(properties: Mapping[str, Any]) -> District | None:
    adcode = str(properties.get("adcode") or "")
    if not adcode or adcode == city().adcode:
        return None
    name = str(properties.get("name_zh") or properties.get("name") or adcode)
    return District(adcode, name, str(properties.get("name_en") or ""))
