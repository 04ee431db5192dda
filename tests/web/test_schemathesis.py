"""Whatever programs send, the documented interfaces answer as documented and never with a server error.

Requests are made from the OpenAPI documents as the site serves them: valid ones, ones at the edge of what is allowed, and broken ones.
Names of registers, codes of entries and filters are added to what is generated, so that not everything ends at "not found".
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import CoveragePhaseConfig, GenerationConfig, PhasesConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from bilan.pack.registers import loading
from bilan.registers import filtering
from bilan.web.wsgi import application
from tests.web.running import Site, site_of_process

REGISTERS = ("test-station", "test-outfall", "test-plant", "test-reserve")
KNOWN = {
    "name": REGISTERS,
    "code": ("AIR1", "AIR2", "AIR1%", "none/such"),
    "points": ("AIR1", "AIR1,RIVER1"),
    "method": ("air.hour", "water.month"),
    "place": ("point:118.5,24.85", "118.5,24.85", "line:118.5,24.85;118.6,24.9"),
    "form": ("csv", "xlsx", "parquet"),
    "as_of": ("2026-01-31",),
}
"""Parameter → values that there are."""
EXAMPLES = 15
CALM = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
CHECKS = [not_a_server_error, content_type_conformance, status_code_conformance]


@pytest.fixture(scope="module")
def session(_renewed: None, site: Site) -> dict[str, dict[str, str]]:
    """Headers and cookies of an administrator who has logged in, as a page of the site sends them."""
    client = Client()
    client.force_login(site.person("administrator"))
    client.cookies["csrftoken"] = token = "c" * 32
    return {"headers": {"X-CSRFToken": token}, "cookies": {name: cookie.value for name, cookie in client.cookies.items()}}


def api_schema(site: Site) -> Any:
    """The document of the programming interface, with names and filters that there are."""
    document = served(site, "/api/openapi.json")
    declared = loading.current(site.city.pack).registers
    filters = sorted({name for register in REGISTERS for name in filtering.arguments_of(declared[register])})
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                enrich(parameter)
            if path.endswith(("/entries", "/entries.geojson")) and "requestBody" not in operation:
                operation["parameters"] += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in filters]
    fields = sorted({"name", "geometry", "district", "valid_from", *(name for register in REGISTERS for name in declared[register].fields)})
    for name in ("Item", "Single"):
        document["components"]["schemas"][name]["properties"]["values"]["properties"] = {field: {} for field in fields}
    return schema_of(document)


def ogc_schema(site: Site) -> Any:
    """The document of the map service, with the collections of a few registers."""
    document = served(site, "/ogc/openapi")
    kept = {path: item for path, item in document["paths"].items() if "/collections/" not in path or path.split("/")[2] in REGISTERS[:2]}
    return schema_of(alone({**document, "paths": kept}), base="/ogc")


def alone(value: Any) -> Any:
    """A document without references to other sites: their parameters become texts, and what they say of answers is left out."""
    if isinstance(value, list):
        return [alone(part) for part in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref", "")
    if isinstance(reference, str) and reference.startswith("http"):
        name = reference.rsplit("/", 1)[-1].removesuffix(".yaml")
        if "/parameters/" in reference:
            path = name.endswith("Id")
            return {"name": name, "in": "path" if path else "query", "required": path, "schema": {"type": "string"}}
        return {"description": name} if "/responses/" in reference else {}
    return {key: alone(part) for key, part in value.items()}


def served(site: Site, path: str) -> dict[str, Any]:
    """A document as an administrator gets it."""
    client = Client()
    client.force_login(site.person("administrator"))
    response = client.get(path)
    assert response.status_code == 200, response.content
    document: dict[str, Any] = response.json()
    return document


def enrich(parameter: dict[str, Any]) -> None:
    """Let a parameter also take values that there are."""
    if parameter["name"] in KNOWN:
        parameter["schema"] = {"anyOf": [{"enum": list(KNOWN[parameter["name"]])}, parameter["schema"]]}


def schema_of(document: dict[str, Any], base: str = "") -> Any:
    """A document to make requests from, which the site answers in this process."""
    project = ProjectConfig(
        base_url=f"http://localhost{base}",
        generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True, with_security_parameters=False),
        phases=PhasesConfig(coverage=CoveragePhaseConfig(unexpected_methods=set())),
    )
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig(projects=ProjectsConfig(default=project)))
    schema.app = application
    return schema


api, ogc = api_schema(site_of_process()), ogc_schema(site_of_process())


@api.parametrize()
@CALM
def test_the_programming_interface_never_fails(case: Any, session: dict[str, dict[str, str]]) -> None:
    case.call_and_validate(checks=CHECKS, **session)


@ogc.parametrize()
@CALM
def test_the_map_service_never_fails(case: Any, session: dict[str, dict[str, str]]) -> None:
    case.call_and_validate(checks=[not_a_server_error], **session)


ENTRIES = "/api/registers/test-station/entries"
HOSTILE = ("%00", "nan", "-inf", "1e400", "9" * 30, "0001-01-01", "9999-12-31", "%", "%ff", "a%2Fb", "%ED%A0%80")
ADDRESSES = (
    "/api/points/{}",
    "/api/observations?points=AIR1&end={}",
    "/api/observations?points=AIR1&begin={}",
    "/api/verdicts?method=air.hour&offset={}",
    "/api/registers/{}",
    f"{ENTRIES}/{{}}",
    f"{ENTRIES}?completeness__from={{}}",
    f"{ENTRIES}?q={{}}",
    f"{ENTRIES}?offset={{}}",
    f"{ENTRIES}?as_of={{}}",
    "/registers/test-outfall?completeness__to={}",
    "/ogc/collections/test-station/items?bbox={0},{0},{0},{0}",
)
BODIES = (
    "[" * 100_000,
    b"\xff\xfe",
    '{"reason":"x","values":{"name":"a","height":NaN}}',
    '{"reason":"x","values":{"name":"a","height":1e400}}',
    '{"reason":"x","values":{"name":"\\ud800"}}',
    '{"reason":"x\\u0000","values":{"name":"a"}}',
    '{"reason":"x","values":{"\\ud800":1}}',
    '{"reason":"x","version":1e30,"values":{}}',
    '{"reason":"x","values":{"name":"a","geometry":{"type":[],"coordinates":{}}}}',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_no_generator_thinks_of_in_addresses(text: str, site: Site) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(site.person("administrator"))
    for address in ADDRESSES:
        asked = address.format(text)
        response = client.get(asked)
        assert response.status_code < 500, asked
        if asked.startswith("/api/"):
            assert response["Content-Type"].startswith("application/json"), asked


@pytest.mark.parametrize("body", BODIES)
def test_what_no_generator_thinks_of_in_bodies(body: str | bytes, site: Site) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(site.person("administrator"))
    for address in (ENTRIES, "/api/registers/test-station/batch", "/api/changes/1/undo"):
        response = client.post(address, body, content_type="application/json")
        assert 400 <= response.status_code < 500, address


def test_other_names_may_come_as_one_text(site: Site) -> None:
    client = Client()
    client.force_login(site.person("administrator"))
    sent = {"reason": "x", "values": {"name": "别名站", "aliases": "旧名", "height": 3, "kind": "rain"}, "code": "ALIASED"}
    assert client.post(ENTRIES, sent, content_type="application/json").status_code == 201
    assert client.get(f"{ENTRIES}/ALIASED").json()["aliases"] == ["旧名"]
    sent = {"reason": "x", "values": {"name": "别名站二", "aliases": 7, "height": 3, "kind": "rain"}, "code": "ALIASED2"}
    assert client.post(ENTRIES, sent, content_type="application/json").status_code < 500
