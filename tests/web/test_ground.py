"""Base maps: what the page is told, and tiles out of a file of the city's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.conf import settings
from django.test import Client

from bilan.tabular.places.tiles import tile_of
from tests.web.running import Site

DECLARED: list[dict[str, Any]] = [
    {"name": "影像 · Imagery", "type": "xyz", "url": "https://a.example.org/{z}/{x}/{y}.png", "system": "gcj02"},
    {"name": "离线 · Offline", "type": "pmtiles", "file": "base.pmtiles"},
    {"name": "别处 · Elsewhere", "type": "pmtiles", "file": "../outside.pmtiles"},
]


@pytest.fixture(autouse=True)
def ground(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A city with base maps, and the same archive inside and outside of its folder."""
    monkeypatch.setattr(settings, "CITY", dataclasses.replace(site.city, basemaps=DECLARED))
    archive(site.city.folder / "base.pmtiles")
    archive(site.city.folder.parent / "outside.pmtiles")


def archive(path: Path) -> None:
    if path.is_file():
        return
    places = shapely.points(np.array([[118.5, 24.85], [118.6, 24.9]]))
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(places),
        field_data=[np.arange(2)],
        fields=["n"],
        geometry_type="Point",
        crs="EPSG:4326",
        driver="PMTiles",
        layer="places",
        MINZOOM=0,
        MAXZOOM=8,
    )


def test_the_page_offers_them_and_says_how_far_one_is_off(client_of: Callable[[str], Client]) -> None:
    text = client_of("viewer").get("/map").content.decode()
    assert "https://a.example.org/{z}/{x}/{y}.png" in text
    assert "/map/ground/1/{z}/{x}/{y}" in text
    from bilan.web.areas.map.ground import offered  # noqa: PLC0415 - settings must be there first

    off = [entry["off"] for entry in offered()]
    assert 400 < off[0] < 700
    assert off[1:] == [0, 0]


def test_tiles_come_out_of_the_citys_own_file_only(client_of: Callable[[str], Client]) -> None:
    x, y = tile_of(118.5, 24.85, 8)
    client = client_of("viewer")
    assert client.get(f"/map/ground/1/8/{x}/{y}").status_code == 200
    assert client.get("/map/ground/1/8/0/0").status_code == 404
    assert client.get(f"/map/ground/2/8/{x}/{y}").status_code == 404
    assert client.get(f"/map/ground/0/8/{x}/{y}").status_code == 404
    assert client_of("").get(f"/map/ground/1/8/{x}/{y}").status_code in {302, 401}
