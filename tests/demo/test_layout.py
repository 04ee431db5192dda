from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bilan.demo import layout
from bilan.demo.districts import districts
from bilan.demo.geography import packaged_area
from bilan.pack.vocab import vocabulary
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.store import Store


@pytest.fixture(scope="module")
def plan() -> layout.Layout:
    return layout.plan(seed=1)


def test_the_city_has_the_sizes_of_the_plan_documents(plan: layout.Layout) -> None:
    count = Counter(point.network for point in plan.points)
    assert count["surface_water"] == 39
    assert count["sea"] == 36
    assert count["source_gas"] + count["source_water"] == 1000
    assert len({point.attributes["enterprise"] for point in plan.points if point.network.startswith("source_")}) == 600
    kinds = Counter(point.attributes["kind"] for point in plan.points if point.network == "air")
    assert (kinds["super"], kinds["traffic"]) == (1, 4)
    assert Counter(point.attributes["control"] for point in plan.points if point.network == "surface_water") == {
        "national": 14,
        "provincial": 25,
    }


def test_every_point_lies_in_its_district_and_sea_points_lie_in_the_sea(plan: layout.Layout) -> None:
    areas = {district.adcode: district.area for district in districts()}
    for adcode, area in areas.items():
        places = np.array([(point.lon, point.lat) for point in plan.points if point.district == adcode]).reshape(-1, 2)
        assert area.contains(places).mean() > 0.99 if len(places) else True
    sea = np.array([(point.lon, point.lat) for point in plan.points if point.network == "sea"])
    assert not packaged_area("350500").contains(sea).any()
    assert not packaged_area("350200").contains(sea).any()


def test_names_and_codes_are_unique_and_marked_as_demonstration(plan: layout.Layout) -> None:
    for field in ("code", "name_zh", "name_en"):
        assert len({getattr(point, field) for point in plan.points}) == len(plan.points)
    assert all(point.name_zh.startswith("演示·") and point.name_en.startswith("Demo ") for point in plan.points)
    assert len({device.mn for device in plan.devices}) == len(plan.devices)


def test_every_district_but_jinmen_has_a_city_station(plan: layout.Layout) -> None:
    stations = Counter(point.district for point in plan.points if point.attributes.get("kind") == "city")
    assert len(stations) == 11 and max(stations.values()) <= 3


def test_devices_speak_a_mixture(plan: layout.Layout) -> None:
    assert {device.edition for device in plan.devices} == {"2005", "2017", "2025"}
    assert {device.crc for device in plan.devices} == {"standard", "modbus", "modbus-swapped"}
    assert {device.charset for device in plan.devices} == {"utf-8", "gbk"}
    assert sum(bool(device.sm4_key) for device in plan.devices) == 4
    automatic = {point.code for point in plan.points if point.attributes.get("kind") != "manual"}
    assert {device.point for device in plan.devices} == automatic


def test_everything_measured_is_in_the_vocabulary(plan: layout.Layout) -> None:
    signals = Signals(plan.points)
    codes = {code for point in plan.points for code in signals.parameters(point)}
    known = set(vocabulary().by_code)
    assert codes <= known


def test_a_seed_gives_the_same_city_again() -> None:
    assert layout.plan(seed=4) == layout.plan(seed=4) != layout.plan(seed=5)


def test_made_twice_the_folder_is_the_same(tmp_path: Path) -> None:
    city = layout.make(tmp_path / "quanzhou", seed=1)
    boundaries = (city.folder / "boundaries.geojson").read_bytes()
    store = Store.open(city)
    version = store.catalogue.version()
    assert layout.make(city.folder, seed=1) == city
    assert (city.folder / "boundaries.geojson").read_bytes() == boundaries
    assert store.catalogue.version() == version
    store.close()
    features = json.loads(boundaries)["features"]
    assert Counter(feature["properties"]["level"] for feature in features) == {"city": 1, "district": 12}
    assert city.demo and city.adcode == "350500"
