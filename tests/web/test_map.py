"""Layers of the map: what a reader may see, made once for many, sent once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest
from django.test import Client

from bilan.telemetry import clock
from bilan.web.areas.map import layers
from bilan.web.remember import Remembered
from tests.web import tiny
from tests.web.running import Site


def layer(client: Client, network: str) -> list[dict]:
    response = client.get(f"/map/layers/{network}.geojson")
    assert response.status_code == 200
    return [feature["properties"] for feature in json.loads(response.content)["features"]]


def test_points_carry_their_official_level_and_state(client_of: Callable[[str], Client]) -> None:
    found = {row["code"]: row for row in layer(client_of("viewer"), "air")}
    assert set(found) == {"AIR1", "AIR2", "AIR3"}
    assert found["AIR2"]["kind"] == "aqi"
    assert found["AIR2"]["state"] in layers.STATES


def test_a_network_without_verdicts_has_states(client_of: Callable[[str], Client]) -> None:
    assert {row["state"] for row in layer(client_of("viewer"), "noise")} <= set(layers.STATES)
    assert not any("grade" in row for row in layer(client_of("viewer"), "noise"))


def test_a_person_of_a_district_gets_that_district(client_of: Callable[[str], Client]) -> None:
    layer(client_of("viewer"), "air")
    assert [row["district"] for row in layer(client_of("inside-viewer"), "air")] == [tiny.INSIDE]


def test_an_unchanged_layer_is_not_sent_again(client_of: Callable[[str], Client]) -> None:
    client = client_of("viewer")
    tag = client.get("/map/layers/air.geojson").headers["ETag"]
    assert client.get("/map/layers/air.geojson", headers={"If-None-Match": tag}).status_code == 304
    packed = client.get("/map/layers/air.geojson", headers={"Accept-Encoding": "gzip"})
    assert len(json.loads(gzip.decompress(packed.content))["features"]) == 3


def test_an_old_verdict_does_not_colour_a_point(site: Site, monkeypatch: pytest.MonkeyPatch, client_of: Callable[[str], Client]) -> None:
    later = clock.now() + clock.DAY
    monkeypatch.setattr(layers.clock, "now", lambda _zone: later)
    monkeypatch.setattr(layers, "_kept", Remembered(0))
    assert not any("grade" in row for row in layer(client_of("viewer"), "air"))


def test_the_drawer_tells_values_and_leads_to_the_page(client_of: Callable[[str], Client]) -> None:
    client = client_of("viewer")
    part = client.get("/map/points/AIR1?part=drawer").content.decode()
    assert "<html" not in part
    assert "/api/observations?points=AIR1" in part
    assert 'data-live="AIR1/a34004/mean/hour"' in part
    assert client.get("/map/points/AIR1").headers["Location"].endswith("/points/AIR1")


def test_unknown_networks_and_points_are_not_found(client_of: Callable[[str], Client]) -> None:
    client = client_of("viewer")
    assert client.get("/map/layers/weather.geojson").status_code == 404
    assert client.get("/map/points/NONE?part=drawer").status_code == 404


def test_a_remembered_value_is_made_once_a_key() -> None:
    kept: Remembered[int] = Remembered(60, most=2)
    made: list[str] = []

    def make(key: str) -> int:
        return kept.get(key, lambda: made.append(key) or len(made))

    assert [make("a"), make("b"), make("a"), make("c"), make("b"), make("a")] == [1, 2, 1, 3, 4, 5]
