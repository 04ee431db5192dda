"""Points of the ambient networks of the demo city: air, rivers, sea, drinking sources, noise, wells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bilan.demo.districts import NEIGHBOURS, District
from bilan.demo.geography import Area, packaged_area, scatter
from bilan.demo.names import Name, brands, marked
from bilan.tabular.places.coordinates import Lines
from bilan.telemetry.model import Point

NATIONAL_SECTIONS = 14
PROVINCIAL_SECTIONS = 25
LAKES = 5
TARGETS = (2, 3, 2, 3, 3, 2, 3, 2)
WORSE_THAN_TARGET = {6: 4, 17: 4, 29: 4, 35: 5}
"""Sections whose simulated water is worse than their target: number → class."""

BAYS = ((119.05, 25.09), (118.98, 24.93), (118.78, 24.82), (118.69, 24.63), (118.55, 24.52))
"""Roughly where the five bays of the coast open [deg]; their names here are made up."""

MANUAL_SEA_POINTS = 31
TRAFFIC_SITES = (("道路", "Road"), ("港口", "Port"), ("机场", "Airport"), ("货场", "Rail Yard"))
ZONES = ("1", "2", "2", "3", "4a", "2", "1", "4a", "0", "3", "4b")
RIVER_LINES = (
    ((118.12, 25.72), (118.62, 24.88)),
    ((117.78, 25.18), (118.42, 24.93)),
    ((118.26, 25.42), (118.44, 25.02)),
    ((118.05, 25.52), (118.35, 25.60)),
    ((118.55, 25.25), (118.70, 24.98)),
    ((117.95, 24.98), (118.20, 25.30)),
    ((118.40, 24.72), (118.56, 24.80)),
    ((118.72, 25.14), (118.90, 25.05)),
)
"""Source and mouth of the demo rivers [deg]: made up, running from the hills to the coast."""


def ambient_points(districts: list[District], random: np.random.Generator) -> list[Point]:
    """Every point of the ambient networks."""
    names = brands(random)
    return [
        *air_stations(districts, random, names),
        *river_sections(districts, random, names),
        *sea_points(random),
        *_spread(districts, random, names, "drinking"),
        *_spread(districts, random, names, "noise"),
        *_spread(districts, random, names, "wells"),
    ]


def air_stations(districts: list[District], random: np.random.Generator, names: Iterator[Name]) -> list[Point]:
    """City stations by district, two background stations, the super-station, four traffic stations."""
    stations: list[Point] = []

    def add(district: District, place: Lines, kind: str, label: Name) -> None:
        name = marked(f"{district.short_zh}{label.zh}", f"{district.short_en} {label.en}")
        number = sum(station.district == district.adcode for station in stations) + 1
        stations.append(_point(f"AQ-{district.adcode}-{number:02d}", "air", name, district, place, kind=kind))

    for district in districts:
        for place in scatter(district.area, district.air, random, inward=0.55):
            label = next(names)
            add(district, place, "city", Name(f"{label.zh}站", f"{label.en} Station"))
    inland = [district for district in districts if not district.coastal]
    for district in inland[-2:]:
        label = next(names)
        add(district, scatter(district.area, 1, random)[0], "background", Name(f"{label.zh}背景站", f"{label.en} Background Station"))
    middle = next(district for district in districts if district.adcode == "350503")
    super_label = Name("大气复合污染超级站", "Atmospheric Super-Station")
    add(middle, scatter(middle.area, 1, random, inward=0.4)[0], "super", super_label)
    coastal = [district for district in districts if district.coastal and district.air]
    for (zh, en), district in zip(TRAFFIC_SITES, coastal[::-1], strict=False):
        add(district, scatter(district.area, 1, random, inward=0.5)[0], "traffic", Name(f"{zh}交通站", f"{en} Traffic Station"))
    return stations


def river_sections(districts: list[District], random: np.random.Generator, names: Iterator[Name]) -> list[Point]:
    """Sections along the demo rivers from source to mouth, and five reservoirs."""
    rivers = [next(names) for _ in RIVER_LINES]
    total = NATIONAL_SECTIONS + PROVINCIAL_SECTIONS
    sections = []
    for number in range(total - LAKES):
        river, order = number % len(rivers), number // len(rivers)
        steps = (total - LAKES - river - 1) // len(rivers) + 1
        begin, end = (np.array(corner) for corner in RIVER_LINES[river])
        wanted = begin + (end - begin) * ((order + 0.5) / steps) + random.normal(0, 0.015, 2)
        district, place = _snap(districts, wanted)
        label = next(names)
        name = marked(f"{rivers[river].zh}溪{label.zh}断面", f"{label.en} Section on {rivers[river].en} Creek")
        kind = {"river": f"R{river + 1}", "river_zh": f"演示·{rivers[river].zh}溪", "river_en": f"Demo {rivers[river].en} Creek"}
        sections.append(_section(number, district, place, name, section_type="river", order=order + 1, **kind))
    for number in range(total - LAKES, total):
        district = [entry for entry in districts if not entry.coastal][number % 5]
        label = next(names)
        name = marked(f"{label.zh}水库库心", f"{label.en} Reservoir Centre")
        place = scatter(district.area, 1, random, inward=0.8)[0]
        sections.append(_section(number, district, place, name, section_type="lake", river=f"L{number}"))
    return sections


def _section(number: int, district: District, place: Lines, name: Name, **attributes: Any) -> Point:
    control = "national" if (number % 3 == 0 and number // 3 < NATIONAL_SECTIONS) or number == 38 else "provincial"
    target = TARGETS[number % len(TARGETS)] if attributes["section_type"] == "river" else 2
    extra = {"simulated_class": WORSE_THAN_TARGET[number]} if number in WORSE_THAN_TARGET else {}
    return _point(
        f"SW-{number + 1:02d}", "surface_water", name, district, place, control=control, target_class=target, **extra, **attributes
    )


def _snap(districts: list[District], wanted: Lines) -> tuple[District, Lines]:
    """The district that holds a place; a place in none moves to the nearest outline point, a little inwards."""
    usable = [district for district in districts if district.weight]
    for district in usable:
        if district.area.contains(wanted[None, :])[0]:
            return district, wanted
    gaps = [(float(np.hypot(*(district.area.outline - wanted).T).min()), number) for number, district in enumerate(usable)]
    district = usable[min(gaps)[1]]
    outline = district.area.outline
    edge = outline[int(np.hypot(*(outline - wanted).T).argmin())]
    centre = scatter(district.area, 1, np.random.default_rng(0), inward=0.3)[0]
    for share in np.linspace(0.03, 1, 40):
        place = edge + (centre - edge) * share
        if district.area.contains(place[None, :])[0]:
            return district, place
    return district, centre


def sea_points(random: np.random.Generator) -> list[Point]:
    """A buoy in each of five bays and thirty-one points sampled from a boat, all off the land of the city and its neighbours."""
    land = [packaged_area(code) for code in ("350500", *NEIGHBOURS)]
    points = []
    for number, bay in enumerate(BAYS, start=1):
        place = _afloat(land, np.array(bay), random, 0.02)
        name = marked(f"{number}号湾浮标", f"Bay {number} Buoy")
        points.append(_sea(number, name, place, kind="buoy", bay=f"B{number}", bay_zh=f"演示·{number}号湾", bay_en=f"Demo Bay {number}"))
    for number in range(len(BAYS) + 1, len(BAYS) + 1 + MANUAL_SEA_POINTS):
        nearest = number % len(BAYS)
        inner = number < 18
        offset = np.array((0.05, -0.04)) * (0.4 if inner else 1.0 + (number % 4) * 0.9)
        place = _afloat(land, np.array(BAYS[nearest]) + offset, random, 0.03 if inner else 0.07)
        own = {"bay": f"B{nearest + 1}", "bay_zh": f"演示·{nearest + 1}号湾", "bay_en": f"Demo Bay {nearest + 1}"} if inner else {}
        points.append(_sea(number, marked(f"近海{number:02d}号点", f"Sea Point {number:02d}"), place, kind="manual", **own))
    return points


def _sea(number: int, name: Name, place: Lines, **attributes: Any) -> Point:
    control = "national" if number <= 19 else "provincial"
    place = np.round(place, 5)
    return Point(f"SEA-{number:02d}", "sea", name.zh, name.en, "", float(place[0]), float(place[1]), {"control": control, **attributes})


def _afloat(land: list[Area], wanted: Lines, random: np.random.Generator, spread: float) -> Lines:
    """A place near `wanted` that is water: outside every land area."""
    while True:
        drawn = wanted + random.normal(0, spread, (40, 2))
        dry = np.any([area.contains(drawn) for area in land], axis=0)
        if not dry.all():
            return np.asarray(drawn[~dry][0])
        spread *= 1.3


def _spread(districts: list[District], random: np.random.Generator, names: Iterator[Name], what: str) -> list[Point]:
    """Points scattered over the districts as the table says: drinking sources, noise points or wells."""
    points: list[Point] = []
    for district in districts:
        for place in scatter(district.area, getattr(district, what), random, inward=0.5 if what == "noise" else 0.85):
            number = len(points)
            points.append(_MAKERS[what](number, district, place, next(names)))
    return points


def _drinking(number: int, district: District, place: Lines, label: Name) -> Point:
    still = number % 3 != 1
    zh, en = ("水库水源地", "Reservoir Source") if still else ("河流水源地", "River Source")
    level = "city" if number % 4 == 0 else "county"
    name = marked(f"{district.short_zh}{label.zh}{zh}", f"{district.short_en} {label.en} {en}")
    kind = {"section_type": "lake" if still else "river", "source_kind": "reservoir" if still else "river"}
    return _point(f"DW-{number + 1:02d}", "drinking", name, district, place, target_class=2, level=level, **kind)


def _noise(number: int, district: District, place: Lines, label: Name) -> Point:
    zone = ZONES[number % len(ZONES)]
    name = marked(f"{district.short_zh}{label.zh}噪声点", f"{district.short_en} {label.en} Noise Point")
    return _point(f"NZ-{number + 1:02d}", "noise", name, district, place, zone_class=zone)


def _well(number: int, district: District, place: Lines, label: Name) -> Point:
    name = marked(f"{district.short_zh}{label.zh}监测井", f"{district.short_en} {label.en} Well")
    return _point(f"GW-{number + 1:02d}", "groundwater", name, district, place, target_class=3 if number % 5 else 4)


_MAKERS = {"drinking": _drinking, "noise": _noise, "wells": _well}


def _point(code: str, network: str, name: Name, district: District, place: Lines, **attributes: Any) -> Point:
    lon, lat = (float(value) for value in np.round(place, 5))
    return Point(code, network, name.zh, name.en, district.adcode, lon, lat, attributes)
