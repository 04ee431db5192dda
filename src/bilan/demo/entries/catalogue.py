"""Entries that follow from the telemetry catalogue: what is measured in the demo city is the same thing in its registers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bilan.demo.entries import shapes
from bilan.demo.entries.places import Places
from bilan.demo.layout_ambient import BAYS, RIVER_LINES
from bilan.demo.names import Name, marked
from bilan.pack.vocab import parameters
from bilan.telemetry.model import Device, Point

Given = dict[str, Any]
MOUTH = 0.35
"""Share of tributaries whose source lies in hills far from the river."""
SHORELINES = {2: 87.0, 4: 55.63}
"""Shoreline [km] of two bays, as the city's plan gives them; the others are made up."""
TOWN_CAPACITY = 116.0
"""Capacity of all town sewage plants [10 000 t/d], as the city's plan gives it."""
SERVED = {"city": (180_000, 900_000), "county": (40_000, 200_000)}
"""People that a source of a level serves."""
LITRES = 260
"""Water a person needs a day [L]."""
LARGE_BOILERS = 11
"""Coal boilers of 65 t/h and more, as the city's plan counts them."""
STATION = {"drinking": "intake", "groundwater": "well", "noise": "function-zone", "source_gas": "stack", "source_water": "discharge"}
DEVICE = {
    "air": "air-station",
    "surface_water": "surface-water",
    "drinking": "surface-water",
    "sea": "sea-buoy",
    "groundwater": "groundwater",
    "noise": "noise",
    "source_gas": "cems",
    "source_water": "wastewater",
}


@dataclass(frozen=True)
class Catalogue:
    """What the telemetry store knows, and what draws the rest."""

    points: Sequence[Point]
    devices: Sequence[Device]
    places: Places
    names: Iterator[Name]
    random: np.random.Generator

    def network(self, *networks: str) -> list[Point]:
        """Points of some networks, in their order."""
        return [point for point in self.points if point.network in networks]


def monitoring_points(known: Catalogue, _count: int) -> Iterator[Given]:
    """Every point of the catalogue under its own code."""
    for point in known.points:
        held = point.attributes
        given: Given = {
            **_placed(point),
            "network": point.network,
            "kind": _station(point),
            "control": held.get("control") or ("city" if not point.network.startswith("source") else "none"),
            "mode": "manual" if held.get("kind") == "manual" else "automatic",
            "target_class": str(held["target_class"]) if "target_class" in held else None,
            "noise_class": held.get("zone_class"),
            "body": {"lake": "reservoir", "river": "river"}.get(str(held.get("section_type"))),
            "enterprise": held.get("enterprise"),
            "river": held.get("river") if held.get("section_type") == "river" and point.network == "surface_water" else None,
            "bay": held.get("bay"),
            "in_mean": held.get("kind") == "city" if point.network == "air" else None,
            "items": limits_of(held),
        }
        yield _clear(given)


def monitoring_devices(known: Catalogue, _count: int) -> Iterator[Given]:
    """Every logger of the catalogue at its point."""
    points = {point.code: point for point in known.points}
    for device in known.devices:
        point = points.get(device.point)
        if point:
            name = f"{point.name_zh}数采仪"
            given = {"name": name[:80], "district": point.district, "point": point.code, "mn": device.mn, "edition": device.edition}
            yield {**given, "kind": DEVICE[point.network], "status": "running", "serial_number": f"SN{device.mn[-12:]}"}


def outlets(known: Catalogue, _count: int) -> Iterator[Given]:
    """Every monitored outlet of a source."""
    for point in known.network("source_gas", "source_water"):
        held = point.attributes
        gas = point.network == "source_gas"
        yield {
            **_placed(point),
            "enterprise": held["enterprise"],
            "number": held["outlet"],
            "kind": "gas-main" if gas else "water-total",
            "destination": "air" if gas else ("surface" if held["industry"] in {"sewage", "park_sewage"} else "city-plant"),
            "monitoring": "both",
            "status": "in-use",
            "points": [point.code],
            "limits": limits_of(held),
        }


def rivers(known: Catalogue, count: int) -> Iterator[Given]:
    """The rivers that carry sections, and tributaries that run into them."""
    titles = {str(point.attributes["river"]): point for point in known.network("surface_water") if "river_zh" in point.attributes}
    mains = []
    for number, (begin, end) in enumerate(RIVER_LINES, start=1):
        code = f"R{number}"
        line = shapes.between(begin, end, known.random)
        mains.append((code, line))
        held = titles[code].attributes if code in titles else {"river_zh": f"演示·{number}号溪", "river_en": f"Demo Creek {number}"}
        gap = np.hypot(*(np.array(BAYS) - np.array(end)).T)
        bay = {"bay": f"B{int(gap.argmin()) + 1}"} if gap.min() < 0.25 else {}
        basin = held["river_zh"].removeprefix("演示·").removesuffix("溪") + "流域"
        named = {"name": held["river_zh"], "aliases": [held["river_en"]], "basin": basin}
        yield {"code": code, "geometry": line, "district": known.places.holding(shapes.centre(line)), "grade": 1, **named, **bay}
    for number in range(len(RIVER_LINES) + 1, count + 1):
        parent, line = mains[number % len(mains)]
        joined = line["coordinates"][int(known.random.integers(2, len(line["coordinates"]) - 2))]
        adcode = known.places.holding((joined[0], joined[1]))
        source = known.places.near((joined[0], joined[1]), "", 12_000.0 if known.random.random() < MOUTH else 6_000.0)
        label = marked(*(text + ending for text, ending in zip(next(known.names), ("溪", " Brook"), strict=True)))
        shape = shapes.between(source, (joined[0], joined[1]), known.random)
        yield {
            "code": f"R{number}",
            "name": label.zh,
            "aliases": [label.en],
            "geometry": shape,
            "district": adcode,
            "parent": parent,
            "grade": 2,
        }


def lakes(known: Catalogue, count: int) -> Iterator[Given]:
    """The reservoirs that carry points, and some more."""
    for point in known.network("surface_water"):
        if point.attributes.get("section_type") == "lake":
            shape = shapes.blot((point.lon or 0.0, point.lat or 0.0), 900.0, known.random)
            named = {"name": point.name_zh.removesuffix("库心"), "aliases": [point.name_en.removesuffix(" Centre")]}
            linked = {"points": [point.code], "target_class": "2", "kind": "reservoir", "joint_dispatch": True}
            yield {"code": str(point.attributes["river"]), "geometry": shape, "district": point.district, **named, **linked}
            count -= 1
    for number in range(count):
        yield {"code": f"L{101 + number}", "kind": "reservoir", "joint_dispatch": True}


def bays(known: Catalogue, _count: int) -> Iterator[Given]:
    """The five bays with their points."""
    points: dict[str, list[Point]] = defaultdict(list)
    for point in known.network("sea"):
        if point.attributes.get("bay"):
            points[str(point.attributes["bay"])].append(point)
    for number, middle in enumerate(BAYS, start=1):
        code = f"B{number}"
        first = points[code][0].attributes
        shape = shapes.bay(known.places, middle, 8_500.0, known.random)
        goal = {"shoreline": SHORELINES[number], "goal": "building", "goal_year": 2025} if number in SHORELINES else {"goal": "improving"}
        named = {"name": first["bay_zh"], "aliases": [first["bay_en"]], "points": [point.code for point in points[code]]}
        yield {"code": code, "geometry": shape, "district": known.places.holding(middle), **named, **goal}


def sections(known: Catalogue, _count: int) -> Iterator[Given]:
    """The thirty-nine sections, each with its point."""
    for point in known.network("surface_water"):
        held = point.attributes
        still = held["section_type"] == "lake"
        where = {"lake": held["river"]} if still else {"river": held["river"], "order": held["order"]}
        judged = {"control": held["control"], "target_class": str(held["target_class"]), "points": [point.code]}
        yield {**_placed(point), "status": "appraised", **where, **judged}


def water_sources(known: Catalogue, count: int) -> Iterator[Given]:
    """The sources that are measured, then smaller ones."""
    for point in known.network("drinking"):
        held = point.attributes
        people = round(float(known.random.uniform(*SERVED[str(held["level"])])), -3)
        supplied = {"population": int(people), "supply": people * LITRES / 1000, "delimited": True}
        judged = {"scale": held["level"], "kind": held["source_kind"], "status": "in-use", "points": [point.code]}
        yield {**_placed(point, code=""), **judged, **supplied}
        count -= 1
    yield from ({} for _ in range(count))


def wells(known: Catalogue, count: int) -> Iterator[Given]:
    """The wells that are measured, then others."""
    for point in known.network("groundwater"):
        judged = {"target_class": str(point.attributes["target_class"]), "points": [point.code], "purpose": "quality"}
        yield {**_placed(point, code=""), "status": "in-use", **judged}
        count -= 1
    yield from ({} for _ in range(count))


def boilers(known: Catalogue, count: int) -> Iterator[Given]:
    """The large coal boilers stand in power stations and cogeneration plants, one in each; the others anywhere."""
    burning = [point for point in known.network("source_gas") if point.attributes["industry"] in {"power", "heat"}]
    plants = list(dict.fromkeys(str(point.attributes["enterprise"]) for point in burning))[:LARGE_BOILERS]
    for plant in plants:
        yield {"enterprise": plant, "status": "in-use"}
    yield from ({} for _ in range(count - len(plants)))


def sewage_plants(known: Catalogue, _count: int) -> Iterator[Given]:
    """The town sewage plants among the sources; together they have the capacity that the plan gives."""
    plants = [point for point in known.network("source_water") if point.attributes["industry"] == "sewage"]
    weights = known.random.lognormal(0, 0.7, len(plants))
    for point, share in zip(plants, weights / weights.sum(), strict=True):
        held = point.attributes
        named = {"name": held["enterprise_zh"], "aliases": [held["enterprise_en"]], "enterprise": held["enterprise"]}
        size = {
            "kind": "town-plant",
            "capacity": round(max(TOWN_CAPACITY * float(share), 0.1), 2),
            "points": [point.code],
            "status": "running",
        }
        yield {"district": point.district, "geometry": shapes.point((point.lon or 0.0, point.lat or 0.0)), **named, **size}


def _placed(point: Point, code: str | None = None) -> Given:
    place: Given = {"geometry": shapes.point((point.lon, point.lat))} if point.lon is not None and point.lat is not None else {}
    named = {"name": point.name_zh, "aliases": [point.name_en] if point.name_en else [], "district": point.district}
    return {"code": point.code, **named, **place} if code is None else {**named, **place}


def _station(point: Point) -> str:
    if point.network in {"air", "sea"}:
        return str(point.attributes["kind"])
    if point.network == "surface_water":
        return "lake" if point.attributes["section_type"] == "lake" else "section"
    return STATION[point.network]


def limits_of(held: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Limits that a point's attributes name, as a field of parameters holds them; None for none."""
    limits = held.get("limits") or {}
    known = parameters()
    return [
        {"parameter": code, "limit": limit, "unit": known[code].emission_unit} for code, limit in limits.items() if limit is not None
    ] or None


def _clear(given: Given) -> Given:
    return {name: value for name, value in given.items() if value is not None}


ANCHORS: dict[str, Callable[[Catalogue, int], Iterator[Given]]] = {
    "monitoring-point": monitoring_points,
    "monitoring-device": monitoring_devices,
    "outlet": outlets,
    "river": rivers,
    "lake-reservoir": lakes,
    "bay": bays,
    "river-section": sections,
    "water-source": water_sources,
    "groundwater-well": wells,
    "boiler": boilers,
    "sewage-plant": sewage_plants,
}
"""Registers whose entries, or the first of them, follow from the catalogue."""
