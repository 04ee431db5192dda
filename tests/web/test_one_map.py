"""What the map answers about registers: the tree, what lies inside, what flows where, and to whom."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from django.test import Client

from bilan.registers.writing.model import Author, Draft
from bilan.registers.writing.service import write
from tests.web import tiny

SQUARE = {"type": "Polygon", "coordinates": [[[118.4, 24.6], [118.8, 24.6], [118.8, 25.0], [118.4, 25.0], [118.4, 24.6]]]}
STREAM = {"type": "LineString", "coordinates": [[118.45, 24.85], [118.66, 24.86]]}
RESERVE = {"type": "Polygon", "coordinates": [[[118.48, 24.84], [118.52, 24.84], [118.52, 24.87], [118.48, 24.87], [118.48, 24.84]]]}


@pytest.fixture(scope="module", autouse=True)
def entries(_renewed: None) -> None:
    """Two streams, one into the other, outfalls of two districts into them, plants behind the outfalls, a reserve."""
    put("test-stream", [Draft({"name": "下溪", "geometry": STREAM}, code="S2")])
    put("test-stream", [Draft({"name": "上溪", "into": "S2", "geometry": STREAM}, code="S1")])
    for district, (_, _, lon, lat) in list(tiny.DISTRICTS.items())[:2]:
        inside = district == tiny.INSIDE
        plant = {"name": "甲厂" if inside else "乙厂", "trade": "C26", "district": district, "geometry": point(lon, lat)}
        code = put("test-plant", [Draft(plant)])
        outfall = {"name": "甲口" if inside else "乙口", "kind": "rain", "district": district, "plant": code, "stream": "S1"}
        put("test-outfall", [Draft({**outfall, "geometry": point(lon + 0.001, lat)}, code="O1" if inside else "O2")])
    put("test-reserve", [Draft({"name": "保护区", "level": 1, "geometry": RESERVE}, code="Z1")])


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def put(register: str, drafts: list[Draft]) -> str:
    outcome = write(register, drafts, Author.platform("test"))
    assert outcome.change is not None, [problem.text("en") for result in outcome.refused for problem in result.problems]
    return outcome.results[0].code


def inside(client: Client, query: str = "", **asked: Any) -> dict[str, Any]:
    response = client.post(f"/map/inside{query}", json.dumps(asked), content_type="application/json")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def names(found: dict[str, Any]) -> set[str]:
    return {row["name"] for part in found["found"] for row in part["rows"]}


def test_the_tree_counts_what_the_reader_may_see(client_of: Callable[[str], Client]) -> None:
    whole = {layer["name"]: layer for layer in client_of("viewer").get("/map/registers.json").json()["layers"]}
    part = {layer["name"]: layer for layer in client_of("inside-viewer").get("/map/registers.json").json()["layers"]}
    assert (whole["test-outfall"]["count"], part["test-outfall"]["count"]) == (2, 1)
    assert whole["test-outfall"]["title"] == "测试排口"
    assert "test-permit" not in whole
    past = client_of("viewer").get("/map/registers.json?as_of=2020-01-01").json()["layers"]
    assert all(layer["count"] == 0 for layer in past)


def test_a_layer_tells_its_colours_and_filters(client_of: Callable[[str], Client]) -> None:
    layer = client_of("viewer").get("/map/registers/test-outfall.json").json()
    assert {choice["code"]: choice["colour"] for choice in layer["choices"]}["industrial"] == "#b45309"
    assert [entry["name"] for entry in layer["filters"]][:2] == ["status", "kind"]
    assert layer["tiles"] == "/tiles/test-outfall/{z}/{x}/{y}.mvt"
    assert client_of("viewer").get("/map/registers/test-permit.json").status_code == 404


def test_the_drawer_of_an_entry(client_of: Callable[[str], Client]) -> None:
    text = client_of("viewer").get("/map/registers/test-outfall/O1?part=drawer").content.decode()
    assert "雨洪排口" in text
    assert "甲厂" in text
    assert client_of("inside-viewer").get("/map/registers/test-outfall/O2?part=drawer").status_code == 404


def test_what_lies_inside_a_polygon(client_of: Callable[[str], Client]) -> None:
    found = inside(client_of("viewer"), geometry=SQUARE, networks=["air"])
    assert {"甲口", "乙口", "甲厂", "乙厂", "保护区", "上溪", "下溪"} <= names(found)
    assert {part["register"]: part["count"] for part in found["found"] if "register" in part}["test-stream"] == 2
    assert sum(part["count"] for part in found["found"] if part.get("network") == "air") == 3
    assert found["square_metres"] > 1e9
    assert names(inside(client_of("viewer"), geometry=SQUARE, registers=["test-reserve"])) == {"保护区"}
    assert inside(client_of("viewer"), "?as_of=2020-01-01", geometry=SQUARE)["total"] == 0


def test_what_lies_around_a_place_and_along_a_stream(client_of: Callable[[str], Client]) -> None:
    lon, lat = tiny.DISTRICTS[tiny.INSIDE][2:]
    around = ["test-plant", "test-outfall", "test-reserve"]
    found = inside(client_of("viewer"), geometry=point(lon, lat), metres=300, registers=around)
    assert names(found) == {"甲厂", "甲口", "保护区"}
    assert found["square_metres"] == pytest.approx(3.1416 * 300**2, rel=0.01)
    along = inside(client_of("viewer"), register="test-stream", code="S1", metres=2000)
    assert {"甲口", "乙口"} <= names(along)


def test_a_person_of_a_district_finds_nothing_of_another(client_of: Callable[[str], Client]) -> None:
    found = inside(client_of("inside-viewer"), geometry=SQUARE, networks=["air", "noise"])
    assert not {"乙口", "乙厂"} & names(found)
    assert sum(part["count"] for part in found["found"] if part.get("network") == "air") == 1
    response = client_of("inside-viewer").post(
        "/map/inside", json.dumps({"register": "test-outfall", "code": "O2", "metres": 5}), content_type="application/json"
    )
    assert response.status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        '{"geometry": null}',
        "[]",
        "{",
        '{"geometry": {"type": "Point", "coordinates": [1, 2]}}',
        '{"geometry": {"type": "Point", "coordinates": [1, 2]}, "metres": 1e9}',
    ],
)
def test_a_question_that_makes_no_sense_is_answered_in_words(client_of: Callable[[str], Client], asked: str) -> None:
    response = client_of("viewer").post("/map/inside", asked, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["message"]


@pytest.mark.parametrize("form", ["xlsx", "csv", "geojson", "shapefile", "gpkg", "kml"])
def test_what_lies_inside_leaves_as_a_file(client_of: Callable[[str], Client], form: str) -> None:
    asked = {"format": form, "question": json.dumps({"geometry": SQUARE, "registers": ["test-outfall"]})}
    response = client_of("inside-operator").post("/map/inside", asked)
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert len(response.content) > 90
    if form == "xlsx":
        frame = pl.read_excel(io.BytesIO(response.content))
        assert frame["code"].to_list() == ["O1"]
    assert "乙口".encode() not in response.content
    assert client_of("viewer").post("/map/inside", {**asked, "format": "exe"}).status_code in {400, 403}


def trace(client: Client, address: str) -> tuple[set[str], list[tuple[str, str]]]:
    response = client.get(f"/map/trace/{address}")
    assert response.status_code == 200
    found = response.json()
    nodes = [node["name"] for node in found["nodes"]]
    return set(nodes), [(nodes[a], nodes[b]) for a, b in found["edges"]]


def test_a_trace_follows_the_flow_over_registers(client_of: Callable[[str], Client]) -> None:
    nodes, edges = trace(client_of("viewer"), "test-outfall/O1?direction=down")
    assert nodes == {"甲口", "上溪", "下溪"}
    assert set(edges) == {("甲口", "上溪"), ("上溪", "下溪")}
    nodes, edges = trace(client_of("viewer"), "test-stream/S2?direction=up")
    assert nodes == {"下溪", "上溪", "甲口", "乙口", "甲厂", "乙厂"}
    assert ("乙厂", "乙口") in edges


def test_a_trace_ends_where_the_reader_may_not_see(client_of: Callable[[str], Client]) -> None:
    nodes, _ = trace(client_of("inside-viewer"), "test-stream/S2?direction=up")
    assert nodes == {"下溪", "上溪", "甲口", "甲厂"}
    assert client_of("inside-viewer").get("/map/trace/test-outfall/O2").status_code == 404
    assert client_of("viewer").get("/map/trace/test-outfall/O2?direction=sideways").status_code == 400
