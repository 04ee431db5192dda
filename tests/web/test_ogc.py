"""OGC API – Features: the abstract tests of core and GeoJSON (OGC 17-069r4, annex A), and a client that nobody here wrote."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.test.testcases import LiveServerThread, _StaticFilesHandler

from bilan.people.models import Token
from bilan.registers.writing import Author, Draft, write
from bilan.web.ogc.service import CONFORMANCE
from tests.web.running import Site

ITEMS = "/ogc/collections/test-station/items"
AUTHOR = Author.platform("test")


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("viewer")


def read(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    found: dict[str, Any] = response.json()
    return found


def links(document: dict[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in document["links"]}


def test_the_landing_page_leads_to_description_conformance_and_data(client: Client) -> None:
    found = links(read(client, "/ogc/"))
    for rel in ("service-desc", "conformance", "data"):
        assert client.get(found[rel].removeprefix("http://testserver")).status_code == 200, rel


def test_the_conformance_declaration_names_core_and_geojson(client: Client) -> None:
    assert read(client, "/ogc/conformance")["conformsTo"] == list(CONFORMANCE)


def test_the_description_is_openapi_and_holds_every_address(client: Client) -> None:
    response = client.get("/ogc/openapi")
    assert response["Content-Type"].startswith("application/vnd.oai.openapi+json;version=3.0")
    document = response.json()
    assert document["openapi"].startswith("3.0")
    assert {"/collections/test-station", "/collections/test-station/items"} <= set(document["paths"])


def test_every_collection_is_listed_with_what_the_standard_asks(client: Client) -> None:
    document = read(client, "/ogc/collections")
    names = {entry["id"] for entry in document["collections"]}
    assert {"test-station", "test-outfall", "test-stream", "test-reserve"} <= names
    for entry in document["collections"]:
        assert entry["title"]
        assert len(entry["extent"]["spatial"]["bbox"][0]) == 4
        assert any(link["rel"] == "items" and link["type"] == "application/geo+json" for link in entry["links"]), entry["id"]
    assert read(client, "/ogc/collections/test-station")["id"] == "test-station"


def test_items_are_geojson_with_counts_and_links(client: Client) -> None:
    response = client.get(ITEMS)
    assert response["Content-Type"] == "application/geo+json"
    document = response.json()
    assert document["type"] == "FeatureCollection"
    assert document["numberReturned"] == len(document["features"]) == 3
    assert document["numberMatched"] == 3
    assert "timeStamp" in document
    assert {"self", "collection"} <= set(links(document))
    assert {feature["id"] for feature in document["features"]} == {"AIR1", "AIR2", "AIR3"}


def test_pages_lead_to_each_other_until_all_is_seen(client: Client) -> None:
    seen, address = [], f"{ITEMS}?limit=2"
    while address:
        document = read(client, address)
        seen += [feature["id"] for feature in document["features"]]
        address = links(document).get("next", "").removeprefix("http://testserver")
    assert seen == ["AIR1", "AIR2", "AIR3"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bbox=118.49,24.84,118.51,24.86", {"AIR1"}),
        ("bbox=118.49,24.84,0,118.51,24.86,100", {"AIR1"}),
        ("bbox=0,0,1,1", set()),
        ("bbox=170,-10,-170,10", set()),
        ("datetime=2020-01-01T00:00:00Z", {"AIR1", "AIR2", "AIR3"}),
        ("datetime=../2020-01-01T00:00:00Z", {"AIR1", "AIR2", "AIR3"}),
        ("kind=rain", {"AIR1", "AIR2", "AIR3"}),
        ("kind=municipal", set()),
        ("name=甲区演示站", {"AIR1"}),
        ("q=乙区", {"AIR2"}),
    ],
)
def test_filters_keep_what_they_say(client: Client, query: str, found: set[str]) -> None:
    assert {feature["id"] for feature in read(client, f"{ITEMS}?{query}")["features"]} == found


def test_validity_decides_what_a_moment_shows(client: Client) -> None:
    write("test-station", [Draft({"valid_to": "2021-12-31"}, code="AIR3")], AUTHOR)
    assert "AIR3" in {feature["id"] for feature in read(client, f"{ITEMS}?datetime=2021-06-01T00:00:00Z")["features"]}
    assert "AIR3" not in {feature["id"] for feature in read(client, f"{ITEMS}?datetime=2023-06-01T00:00:00Z")["features"]}
    write("test-station", [Draft({"valid_to": None}, code="AIR3")], AUTHOR)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "bbox=1,2,3", "bbox=a,b,c,d", "datetime=yesterday", "colour=red", "offset=-1"])
def test_what_the_standard_forbids_is_a_bad_request(client: Client, query: str) -> None:
    assert client.get(f"{ITEMS}?{query}").status_code == 400


def test_one_item_has_its_links(client: Client) -> None:
    response = client.get(f"{ITEMS}/AIR1")
    assert response["Content-Type"] == "application/geo+json"
    document = response.json()
    assert (document["type"], document["id"], document["geometry"]["type"]) == ("Feature", "AIR1", "Point")
    assert {"self", "collection"} <= set(links(document))
    assert client.get(f"{ITEMS}/AIR9").status_code == 404
    assert client.get("/ogc/collections/no-such-register/items").status_code == 404


def test_no_answer_leads_to_pages_that_are_not_ours(client: Client) -> None:
    for address in ("/ogc/", "/ogc/collections", "/ogc/collections/test-station", ITEMS, f"{ITEMS}/AIR1"):
        document = read(client, address)
        for link in document["links"]:
            assert link["type"] != "text/html", address
            assert link["href"].startswith("http://testserver/ogc"), (address, link)


def test_a_person_of_a_district_finds_its_features_only(client_of: Callable[[str], Client]) -> None:
    client = client_of("inside-viewer")
    assert {feature["id"] for feature in read(client, ITEMS)["features"]} == {"AIR1"}
    assert client.get(f"{ITEMS}/AIR2").status_code == 404
    assert client.get("/ogc/collections/test-station").status_code == 200


def test_a_token_opens_what_its_owner_sees_and_changes_nothing(site: Site, client_of: Callable[[str], Client]) -> None:
    secret, client = Token.issue(site.person("inside-clerk"), "QGIS"), client_of("")
    basic = base64.b64encode(f"inside-clerk:{secret}".encode()).decode()
    for header in (f"Bearer {secret}", f"Basic {basic}"):
        document = client.get(ITEMS, headers={"authorization": header}).json()
        assert [feature["id"] for feature in document["features"]] == ["AIR1"]
        assert client.post(ITEMS, headers={"authorization": header}).status_code == 401
    for header in ("Bearer wrong", "Basic wrong", "Basic " + base64.b64encode(b"a:b").decode(), "Basic 汉"):
        assert client.get(ITEMS, headers={"authorization": header.encode().decode("latin-1")}).status_code == 401


READ = """
import json, sys
import pyogrio
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BASIC", "GDAL_HTTP_USERPWD": sys.argv[2], "GDAL_HTTP_TIMEOUT": "30"})
layers = sorted(name for name, _kind in pyogrio.list_layers(sys.argv[1]))
meta, _ids, geometry, fields = pyogrio.raw.read(sys.argv[1], layer="test-station")
codes = sorted(dict(zip(meta["fields"], fields))["code"])
print(json.dumps({"layers": layers, "codes": codes, "places": len(geometry), "crs": meta["crs"]}))
"""


def test_gdal_reads_a_layer_over_http(site: Site) -> None:
    server = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    try:
        secret = Token.issue(site.person("viewer"), "GDAL")
        call = [sys.executable, "-c", READ, f"OAPIF:http://127.0.0.1:{server.port}/ogc", f"viewer:{secret}"]
        done = subprocess.run(call, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
    finally:
        server.terminate()
    assert {"test-station", "test-stream"} <= set(found["layers"])
    assert found["codes"] == ["AIR1", "AIR2", "AIR3"]
    assert found["places"] == 3
    assert "CRS84" in found["crs"] or "4326" in found["crs"]
