"""The city this process serves, its store and its districts, each opened once a process and only when asked for."""

from __future__ import annotations

import json
import os
import threading
from functools import cache
from typing import Any

from bilan.pack.areas import BOUNDARIES, Area, areas
from bilan.pack.city import City
from bilan.problems import BilanError, Problem
from bilan.telemetry.store import Store

_opening = threading.Lock()


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
def districts() -> tuple[Area, ...]:
    """The city's districts in the order of their codes."""
    return tuple(area for area in areas(city()) if not area.city)


def district_name(adcode: str, language: str) -> str:
    """Name of the district with `adcode` in `language`; the code itself when the city has no such district."""
    return next((area.name(language) for area in districts() if area.adcode == adcode), adcode)
