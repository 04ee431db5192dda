"""The demo city as a folder: description, boundaries, points and devices, all made from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bilan.demo.districts import ADCODE, ATTRIBUTION, districts, write_boundaries
from bilan.demo.layout_ambient import ambient_points
from bilan.demo.layout_devices import devices_of
from bilan.demo.layout_sources import source_points
from bilan.pack.city import DESCRIPTION, City
from bilan.telemetry.model import Device, Point
from bilan.telemetry.store import Store

DONE = "demo.layout"
"""Digest that says which layout stands in the store."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands in the demo city."""

    points: list[Point]
    devices: list[Device]


def plan(seed: int = 0) -> Layout:
    """Place every point of the demo city and give the automatic ones a device.

    Raises:
        BilanError: the boundary package is not installed.
    """
    known = districts()
    points = [*ambient_points(known, np.random.default_rng((seed, 1))), *source_points(known, np.random.default_rng((seed, 2)))]
    return Layout(points, devices_of(points, seed))


def make(city_folder: Path | str, seed: int = 0, database: str = "") -> City:
    """Make the demo city in a folder: `city.toml` (kept when it is there), boundaries, points and devices in its store.

    Running it again changes nothing.

    Parameters:
        city_folder: made when it does not exist.
        seed: decides places, names and passwords.
        database: address that a new `city.toml` names for everything; SQLite in the folder by default.

    Returns:
        The city, ready for `backfill.run`.

    Raises:
        BilanError: the boundary package is not installed, or `city.toml` cannot be read.
    """
    folder = Path(city_folder)
    if not (folder / DESCRIPTION).is_file():
        made = City(
            folder.resolve(), "泉州市", "Quanzhou", ADCODE, demo=True, attribution=ATTRIBUTION, database=database, telemetry=database
        )
        made.write()
    city = City.open(folder)
    city.data.mkdir(parents=True, exist_ok=True)
    if not (folder / "boundaries.geojson").is_file():
        write_boundaries(folder, districts())
    store = Store.open(city)
    try:
        store.migrate()
        if store.digests.get(DONE) != {"seed": seed, "version": VERSION}:
            _register(store, plan(seed))
            store.digests.put(DONE, {"seed": seed, "version": VERSION})
    finally:
        store.close()
    return city


def _register(store: Store, layout: Layout) -> None:
    known = {point.code: point for point in store.catalogue.points()}
    store.catalogue.put_points([point for point in layout.points if known.get(point.code) != point])
    devices = {device.mn for device in store.catalogue.devices()}
    store.catalogue.put_devices([device for device in layout.devices if device.mn not in devices])
