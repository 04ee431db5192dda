"""A tiny invented city in a folder: three districts, a few points of several networks, two days of hours, verdicts."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import polars as pl

from bilan.pack.city import City
from bilan.pack.vocab import by_column
from bilan.telemetry import clock
from bilan.telemetry.model import Device, Point, Reading, SeriesKey
from bilan.telemetry.store import Store
from tests import stores

PACK = Path(__file__).resolve().parent / "pack"
"""Registers with every kind of field, links, a zone and a yearly list."""
INSIDE = "350502"
OUTSIDE = "350503"
DISTRICTS = {
    INSIDE: ("甲区", "First District", 118.50, 24.85),
    OUTSIDE: ("乙区", "Second District", 118.62, 24.85),
    "350582": ("丙市", "Third City", 118.56, 24.70),
}
AIR = ("pm25", "pm10", "o3", "no2", "so2", "co")
WATER = ("ph", "do", "codmn", "nh3n", "tp", "tn")
HOURS = 48


def points() -> list[Point]:
    """Points of every district: air, water, noise and one outlet."""
    made = []
    for number, (adcode, (zh, en, lon, lat)) in enumerate(DISTRICTS.items(), 1):
        place = {"district": adcode, "lon": lon, "lat": lat}
        made += [
            Point(f"AIR{number}", "air", f"{zh}演示站", f"{en} station", **place, attributes={"kind": "city"}),
            Point(
                f"RIVER{number}",
                "surface_water",
                f"{zh}演示断面",
                f"{en} section",
                district=adcode,
                lon=lon + 0.02,
                lat=lat - 0.02,
                attributes={"section_type": "river", "target_class": 3, "river": "演示溪"},
            ),
            Point(f"NOISE{number}", "noise", f"{zh}演示噪声点", f"{en} noise point", district=adcode, lon=lon - 0.03, lat=lat + 0.01),
            Point(f"GAS{number}", "source_gas", f"{zh}演示排口", f"{en} outlet", district=adcode, lon=lon + 0.03, lat=lat + 0.03),
        ]
    return made


def make(folder: Path, *, now: int | None = None) -> City:
    """Write the city's folder and fill its store up to the hour before `now` [s of the wall clock]."""
    city = City(
        folder=folder,
        name_zh="演示市",
        name_en="Demo City",
        adcode="350500",
        demo=True,
        attribution="invented outlines",
        **stores.addresses(),
    )
    city.write()
    city.data.mkdir(exist_ok=True)
    shutil.copytree(PACK, city.pack)
    (folder / "boundaries.geojson").write_text(json.dumps(_outlines(), ensure_ascii=False), encoding="utf-8")
    store = Store.open(city)
    store.migrate()
    store.catalogue.put_points(points())
    store.catalogue.put_devices([Device(f"MN-{point.code}", point.code) for point in points()] + [Device("MN-NEW", state="claimable")])
    end = (clock.now(city.timezone) if now is None else now) // clock.HOUR * clock.HOUR
    for point in points():
        report(store, point, end - HOURS * clock.HOUR, end)
    judge(store, end)
    store.close()
    return city


def report(store: Store, point: Point, begin: int, end: int, *, lift: float = 0.0) -> None:
    """Write one value an hour of each parameter of `point`, `lift` above the usual."""
    columns = {"air": AIR, "surface_water": WATER, "source_gas": ("so2", "nox")}.get(point.network, ())
    codes = [by_column(name).code for name in columns] or ["Leq"]
    keys = [SeriesKey(point.code, code, "mean", "hour") for code in codes]
    units = ["mg/L" if point.network == "surface_water" else "ug/m3"] * len(keys)
    numbers = store.catalogue.series_ids(keys, units)
    readings = [
        Reading(series, start, clock.HOUR, round(20 + 5 * at + 8 * math.sin(start / 9000) + lift, 3))
        for at, series in enumerate(numbers)
        for start in range(begin, end, clock.HOUR)
    ]
    store.write("hour", readings, arrived=end + 60, mark=False)


def judge(store: Store, end: int) -> None:
    """Write an invented verdict for the last hour of every air and water point."""
    rows = []
    for at, point in enumerate(points()):
        if point.network in {"air", "surface_water"}:
            method = "air.hour" if point.network == "air" else "water.hour"
            rows.append(_verdict(method, point.code, end - clock.HOUR, 60.0 + at if method == "air.hour" else 3.0, 2 + at % 4, end))
    store.verdicts.write(pl.DataFrame(rows))


def _verdict(method: str, point: str, start: int, value: float, grade: int, computed: int) -> dict[str, object]:
    return {
        "method": method,
        "point": point,
        "start": start,
        "seconds": clock.HOUR,
        "value": value,
        "grade": grade,
        "main": "a34004",
        "standard": "HJ 633" if method.startswith("air") else "GB 3838",
        "version": "2026" if method.startswith("air") else "2002",
        "detail": "{}",
        "valid": True,
        "computed": computed,
    }


def _outlines() -> dict[str, object]:
    features = []
    for adcode, (zh, en, lon, lat) in DISTRICTS.items():
        west, east, south, north = lon - 0.055, lon + 0.055, lat - 0.07, lat + 0.07
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append(
            {
                "type": "Feature",
                "properties": {"adcode": adcode, "name_zh": zh, "name_en": en},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}
