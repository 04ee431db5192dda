"""Tiles of the registers: what is in them, who gets what, and when they are sent again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.test import Client

from bilan.registers.models import Entry
from bilan.registers.writing.model import Author, Draft
from bilan.registers.writing.service import write
from bilan.tabular.places.tiles import tile_of
from bilan.web.areas.tiles import drawing
from tests.web import tiny

Z = 10
X, Y = tile_of(118.5, 24.85, Z)
KINDS = ("municipal", "industrial")
STREAM = {"type": "LineString", "coordinates": [[118.4, 24.8], [118.7, 24.9]]}


@pytest.fixture(scope="module", autouse=True)
def entries(_renewed: None) -> None:
    """Outfalls in two districts, a stream across both, a reserve, and a change that comes later."""
    drafts = [outfall(number, tiny.INSIDE if number % 3 else tiny.OUTSIDE, number) for number in range(1, 31)]
    put("test-outfall", drafts)
    put(
        "test-stream",
        [Draft({"name": "演示溪", "geometry": STREAM}, code="S1")],
    )


def outfall(number: int, district: str, at: int) -> Draft:
    lon, lat = tiny.DISTRICTS[district][2:]
    place = {"type": "Point", "coordinates": [lon + at % 7 / 200, lat + at % 5 / 200]}
    return Draft({"name": f"排口{number}", "kind": KINDS[number % 2], "district": district, "geometry": place}, code=f"O{number}")


def put(register: str, drafts: list[Draft]) -> None:
    outcome = write(register, drafts, Author.platform("test"))
    assert outcome.change is not None, [problem.text("en") for result in outcome.refused for problem in result.problems]


def features(client: Client, path: Path, register: str = "test-outfall", query: str = "", z: int = Z) -> list[dict[str, Any]]:
    """What GDAL reads in a tile."""
    x, y = tile_of(118.5, 24.85, z)
    response = client.get(f"/tiles/{register}/{z}/{x}/{y}.mvt{query}")
    assert response.status_code == 200
    if not response.content:
        return []
    file = path / "tile.mvt"
    file.write_bytes(response.content)
    meta, _, _, columns = pyogrio.raw.read(file, X=str(x), Y=str(y), Z=str(z), CLIP="NO")
    return [dict(zip(meta["fields"], row, strict=True)) for row in zip(*columns, strict=True)]


def test_a_tile_holds_the_entries_with_what_the_map_needs(client_of: Callable[[str], Client], tmp_path: Path) -> None:
    found = {row["code"]: row for row in features(client_of("viewer"), tmp_path)}
    assert set(found) == {f"O{number}" for number in range(1, 31)}
    assert found["O7"]["name"] == "排口7"
    assert found["O7"]["choice"] == Entry.objects.get(register="test-outfall", code="O7").data["kind"]
    [stream] = features(client_of("viewer"), tmp_path, "test-stream")
    assert (stream["code"], stream["name"]) == ("S1", "演示溪")


def test_a_person_of_a_district_gets_nothing_of_another(client_of: Callable[[str], Client], tmp_path: Path) -> None:
    found = {row["code"] for row in features(client_of("inside-viewer"), tmp_path)}
    assert found == {f"O{number}" for number in range(1, 31) if number % 3}
    response = client_of("").get(f"/tiles/test-outfall/{Z}/{X}/{Y}.mvt")
    assert response.status_code in {302, 401}


@pytest.mark.parametrize("address", ["none/10/1/1", "test-permit/10/1/1", "test-outfall/2/4/0", "test-outfall/30/1/1"])
def test_there_is_no_such_tile(client_of: Callable[[str], Client], address: str) -> None:
    assert client_of("viewer").get(f"/tiles/{address}.mvt").status_code == 404


def test_filters_are_those_of_the_list(client_of: Callable[[str], Client], tmp_path: Path) -> None:
    client = client_of("viewer")
    assert {row["code"] for row in features(client, tmp_path, query="?kind=industrial")} == {f"O{number}" for number in range(1, 31, 2)}
    assert {row["code"] for row in features(client, tmp_path, query="?q=排口7")} == {"O7"}
    assert client.get(f"/tiles/test-outfall/{Z}/{X}/{Y}.mvt?flow__from=much").status_code == 400


def test_an_unchanged_tile_is_not_sent_again_and_a_change_sends_it(client_of: Callable[[str], Client], tmp_path: Path) -> None:
    client, other = client_of("viewer"), client_of("inside-viewer")
    address = f"/tiles/test-outfall/{Z}/{X}/{Y}.mvt"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert other.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert client.get(f"{address}?kind=industrial", headers={"If-None-Match": tag}).status_code == 200
    put("test-outfall", [outfall(99, tiny.INSIDE, 3)])
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert "O99" in {row["code"] for row in features(client, tmp_path)}
    assert features(client, tmp_path, query="?as_of=2020-01-01") == []
    put("test-outfall", [Draft(code="O99", archived=True)])
    assert "O99" not in {row["code"] for row in features(client, tmp_path)}


def test_a_crowd_becomes_counts_that_lose_nobody(
    client_of: Callable[[str], Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "FULL", 5)
    client = client_of("viewer")
    for zoom in (6, 9, 11):
        found = features(client, tmp_path, z=zoom)
        groups = [row for row in found if row.get("count", 0) > 0]
        singles = [row for row in found if not row.get("count", 0) > 0]
        whole = sum(int(row["count"]) for row in groups) + len(singles)
        assert whole == len(features_at(client, tmp_path, zoom, monkeypatch))


def features_at(client: Client, path: Path, zoom: int, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    with monkeypatch.context() as patched:
        patched.setattr(drawing, "FULL", 10_000)
        return features(client, path, z=zoom)
