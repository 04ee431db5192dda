"""Every registered address with every role: what lies outside a person's districts never shows, and nobody does more than they may."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import polars as pl
import pytest
from django.test import Client
from django.urls import get_resolver

from bilan.people.models import Token
from bilan.people.roles import Action, Role
from bilan.people.visibility import scope_of
from bilan.web.api import api
from bilan.web.registry import SAFE, Page, page_of, pages
from tests.web import tiny
from tests.web.running import PERSONS, Site

VALUES = {
    "code": "AIR{n}",
    "report": "air-monthly",
    "standard": "air_limits",
    "appraisal": "three-in-one",
    "year": "2026",
    "period": "2026-10",
    "network": "air",
    "mn": "MN-AIR{n}",
    "district": "{district}",
    "kind": "air",
    "method": "air.hour",
    "format": "csv",
    "number": "1",
    "change": "1",
    "register": "test-station",
    "field": "papers",
    "name": "test-station",
    "rule": "test-key-plants",
    "z": "10",
    "x": "849",
    "y": "438",
    "index": "0",
    "id": "1",
    "vocabulary": "test-kind",
    "indicator": "good-days",
    "document": "decision",
    "flow": "alert-order",
    "transition": "accept",
    "plan": "tiny",
    "table": "air_days",
    "score": "test-score",
}
"""Argument of a route → an example, with {n} for the number of a district's points and {district} for its code."""
QUERIES = (
    "",
    "q=演示",
    "points=AIR{n}&parameters=pm25&method=air.hour&codes=AIR{n}&q=演示",
    "points=AIR1,AIR2,AIR3&parameters=pm25&method=air.hour&q=演示",
    "q=演示&part=1&method=air.hour&points=AIR2&latest=true",
    "method=air.day&points=AIR1,AIR2&form=csv&parameters=pm25&export=csv",
    "export=xlsx",
    "export=parquet",
)
NAMES_OUTSIDE = re.compile(r"(?:乙区|丙市)演示|(?:Second District|Third City) (?:station|section|noise|outlet)")
CODES_OUTSIDE = re.compile(r"(?:MN-)?(?:AIR|RIVER|NOISE|GAS)[23]\b|MN-NEW")
get_resolver().url_patterns  # noqa: B018  # loading the addresses is what registers the pages
NAMES = [page.name for page in pages()]
READS = {page.route: page.reads for page in pages()}
WITHOUT_ENTRIES = {
    "/api/registers",
    "/api/registers/{name}",
    "/api/registers/{name}/batch",
    "/api/changes",
    "/api/changes/{change}/undo",
    "/api/zones/check",
    "/api/alerts/{number}",
}
"""Addresses that tell of declarations or change sets, or that only take."""
PROGRAMS = {page.route for page in pages() if page.programs}
API = sorted(api.get_openapi_schema()["paths"])


def address(route: str, number: int, district: str) -> str:
    """A route with its arguments filled in; a new kind of argument needs an example in `VALUES`."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1).split(":")[-1]
        assert name in VALUES, f"add an example for the argument {name} of {route} to VALUES"
        return VALUES[name].format(n=number, district=district)

    return "/" + re.sub(r"[<{]([\w:]+)[>}]", value, route).lstrip("/")


def text_of(response: object) -> str:
    """All text in a response: streamed or not, in an archive, in a Parquet file, in its headers."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    if content.startswith(b"PAR1"):
        content = str(pl.read_parquet(io.BytesIO(content)).to_dicts()).encode()
    return content.decode("utf-8", "replace") + response.headers.get("Content-Disposition", "") + response.headers.get("Location", "")


def said_outside(response: object, query: str) -> list[str]:
    """What a response says about points outside the first district; a code that was asked for may be repeated as unknown."""
    text = text_of(response)
    return NAMES_OUTSIDE.findall(text) + [code for code in CODES_OUTSIDE.findall(text) if code not in query]


def routes() -> list[str]:
    return [page.route for page in pages()] + API


def only_sends(route: str) -> bool:
    """Whether an address of the API answers nothing but what is sent to it."""
    return route in API and "get" not in api.get_openapi_schema()["paths"][route]


@pytest.mark.parametrize("route", routes())
@pytest.mark.parametrize("username", ["inside-viewer", "inside-operator"])
def test_points_outside_the_districts_never_show(route: str, username: str, client_of: Callable[[str], Client]) -> None:
    client = client_of(username)
    # An operator is shown all that a viewer is and more, so the viewer asks only the plainest and the widest.
    for query in QUERIES if username == "inside-operator" else (QUERIES[0], QUERIES[3]):
        response = client.get(f"{address(route, 1, tiny.INSIDE)}?{query.format(n=1)}")
        assert response.status_code < 500, query
        assert not said_outside(response, query), query


def test_the_walk_would_notice(client_of: Callable[[str], Client]) -> None:
    client = client_of("viewer")
    noticed = {
        route
        for route in routes()
        if any(said_outside(client.get(f"{address(route, 1, tiny.INSIDE)}?{query.format(n=1)}"), "") for query in QUERIES)
    }
    assert {
        "monitoring/<slug:network>",
        "search",
        "live",
        *(path for path in API if "{code}" not in path and path not in WITHOUT_ENTRIES),
    } <= noticed
    for form in ("csv", "xlsx", "parquet"):
        assert said_outside(client.get(f"/monitoring/air?export={form}&columns=name,code"), ""), form
        assert said_outside(client.get(f"/api/observations?points=AIR2&parameters=pm25&form={form}"), ""), form


@pytest.mark.parametrize("route", [route for route in routes() if "{code}" in route or ":code>" in route or "mn" in route])
@pytest.mark.parametrize("username", ["inside-viewer", "inside-operator"])
def test_what_lies_outside_is_not_found(route: str, username: str, client_of: Callable[[str], Client]) -> None:
    response = client_of(username).get(address(route, 2, tiny.OUTSIDE))
    allowed = scope_of([PERSONS[username][0]]).can(READS.get(route, Action.SEE))
    assert response.status_code == (404 if allowed else 403)
    assert not NAMES_OUTSIDE.findall(text_of(response))


@pytest.mark.parametrize("route", routes())
def test_nobody_gets_nothing(route: str, client_of: Callable[[str], Client]) -> None:
    client = client_of("")
    where = address(route, 1, tiny.INSIDE)
    response = client.post(where) if only_sends(route) else client.get(where)
    if route in API:
        assert response.status_code == 401
        assert response.json()["code"] == "web.not_authenticated"
    elif route in PROGRAMS:
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Basic")
    else:
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/login")


@pytest.mark.parametrize("page", pages(), ids=NAMES)
@pytest.mark.parametrize("username", PERSONS)
def test_roles_reach_what_they_may(page: Page, username: str, client_of: Callable[[str], Client]) -> None:
    scope = scope_of([PERSONS[username][0]])
    client = client_of(username)
    where = address(page.route, 1, tiny.INSIDE)
    if page.name == "start" and not scope.can(page.reads):
        assert client.get(where).headers["Location"] == "/people/audit"
        return
    refused = client.get(where).status_code == 403
    # A role may reach some registers and not the one of the example.
    assert refused == (not scope.can(page.reads)) or (refused and "<slug:register>" in page.route)
    if not scope.can(page.writes):
        assert client.post(where).status_code == 403


def test_a_viewer_may_send_only_to_what_is_their_own() -> None:
    """And questions too long for an address: what lies inside a shape, what applies there, which columns a template shall have."""
    open_to_viewers = {page.name for page in pages() if scope_of([Role.VIEWER]).can(page.writes)}
    own = {"account", "account-second-factor", "register-views", "notices", "notices-push", "analysis-saved"}
    own |= {"analysis-start", "analysis-cancel", "analysis-tables"}  # they read what the person may see, and change nothing that others see
    assert open_to_viewers <= own | {"register-template", "map-inside", "zones"}


def test_every_view_is_registered(site: Site) -> None:
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "app_name", None) == "ninja":
            continue
        assert page_of(pattern.callback) or getattr(pattern.callback, "bilan_public", False), pattern


def test_every_address_of_the_api_asks_who_is_calling() -> None:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            assert operation.get("security"), (method, path)


def test_a_token_reads_and_never_writes(site: Site, client_of: Callable[[str], Client]) -> None:
    secret = Token.issue(site.person("inside-operator"), "test")
    client = client_of("")
    headers = {"authorization": f"Bearer {secret}"}
    found = client.get("/api/points", headers=headers).json()
    assert {item["district"] for item in found["items"]} == {tiny.INSIDE}
    assert client.get("/api/points", headers={"authorization": "Bearer wrong"}).status_code == 401
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            if method.upper() not in SAFE:
                assert client.generic(method.upper(), address(path, 1, tiny.INSIDE), headers=headers).status_code == 403


@pytest.mark.parametrize("path", [path for path in API if "{" not in path])
def test_whoever_owes_a_new_password_reads_nothing_by_program_either(path: str, site: Site, client_of: Callable[[str], Client]) -> None:
    person = site.person("viewer")
    type(person).objects.filter(pk=person.pk).update(must_change=True)
    try:
        assert client_of("viewer").get(path).status_code == 401
    finally:
        type(person).objects.filter(pk=person.pk).update(must_change=False)
