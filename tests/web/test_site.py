"""Headers, language, districts, live values and errors, over the whole stack."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bilan.telemetry import clock
from bilan.web.secret import secret_key
from bilan.web.settings import _database
from bilan.web.versions import assets_version
from tests.web import tiny
from tests.web.running import Site

MakeClient = Callable[[str], Client]


def test_nothing_may_come_from_elsewhere(client_of: MakeClient) -> None:
    response = client_of("viewer").get("/monitoring/air")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "unsafe-eval" not in policy
    assert b"http://" not in response.content.replace(b"http://www.w3.org/", b"")
    assert b"https://" not in response.content


def test_pages_are_never_kept_by_what_lies_between(client_of: MakeClient) -> None:
    assert "private" in client_of("viewer").get("/monitoring/air").headers["Cache-Control"]


def test_chinese_is_the_default_and_the_switch_returns(client_of: MakeClient, site: Site) -> None:
    client = client_of("viewer")
    assert "环境空气" in client.get("/monitoring/air").content.decode()
    response = client.post("/language", {"language": "en", "next": "/monitoring/air?sort=-name"})
    assert response.headers["Location"] == "/monitoring/air?sort=-name"
    assert "Ambient air" in client.get("/monitoring/air").content.decode()
    assert site.person("viewer").language == "en"
    client.post("/language", {"language": "zh-hans", "next": "/"})


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_no_way_leads_out_of_the_site(target: str, client_of: MakeClient) -> None:
    assert client_of("viewer").post("/language", {"language": "en", "next": target}).headers["Location"] == "/"
    assert client_of("viewer").get("/login", {"next": target}).headers["Location"] == "/"


def test_a_chosen_district_stays_and_only_ones_own_can_be_chosen(client_of: MakeClient) -> None:
    client = client_of("viewer")
    assert client.get(f"/monitoring/air?district={tiny.OUTSIDE}").content.decode().count('<th scope="row">') == 1
    assert "乙区演示站" in client.get("/monitoring/air").content.decode()
    assert client.get("/monitoring/air?district=").content.decode().count('<th scope="row">') == 3
    client = client_of("inside-viewer")
    assert "甲区演示站" in client.get(f"/monitoring/air?district={tiny.OUTSIDE}").content.decode()


def test_live_says_nothing_when_nothing_changed(client_of: MakeClient, site: Site) -> None:
    client = client_of("viewer")
    first = client.get("/live?points=GAS1&since=0")
    answer = first.json()
    assert {value["point"] for value in answer["values"]} == {"GAS1"}
    assert client.get(f"/live?points=GAS1&since={answer['version']}", headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    point = next(point for point in tiny.points() if point.code == "GAS1")
    now = clock.now(site.city.timezone) // clock.HOUR * clock.HOUR + clock.HOUR
    tiny.report(site.store, point, now, now + clock.HOUR)
    changed = client.get(f"/live?points=GAS1&since={answer['version']}", headers={"if-none-match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["version"] > answer["version"]


def test_a_problem_of_the_api_is_said_in_the_readers_language(client_of: MakeClient) -> None:
    client = client_of("viewer")
    address = "/api/observations?points=AIR1&begin=2026-03-02&end=2026-03-01"
    assert "早于" in client.get(address, headers={"accept-language": "zh-hans"}).json()["message"]
    assert "is not before" in client.get(address, headers={"accept-language": "en"}).json()["message"]
    assert client.get("/api/observations?points=AIR1&begin=yesterday").json()["code"] == "value.not_a_time"
    assert client.get("/api/observations").json()["code"] == "web.unreadable_request"
    assert client.get("/api/observations?points=NOWHERE").status_code == 404


def test_observations_are_the_same_reduced_or_not(client_of: MakeClient, site: Site) -> None:
    client = client_of("viewer")
    answer = client.get("/api/observations?points=RIVER1&parameters=do").json()
    drawn = answer["series"][0]
    assert drawn["name"] == "DO"
    assert drawn["unit"] == "mg/L"
    lines = (
        b"".join(client.get("/api/observations?points=RIVER1&parameters=do&form=csv").streaming_content).decode("utf-8-sig").splitlines()
    )
    values = [float(line.split(",")[8]) for line in lines[1:]]
    assert values == [item[1] for item in drawn["data"]]
    assert len(values) == tiny.HOURS


def test_pages_of_the_api_hold_together(client_of: MakeClient) -> None:
    client = client_of("viewer")
    everything = client.get("/api/points").json()
    halves = [client.get(f"/api/points?limit=6&offset={offset}").json()["items"] for offset in (0, 6)]
    assert halves[0] + halves[1] == everything["items"]
    assert everything["count"] == len(tiny.points())


def test_the_map_has_the_official_level_of_each_point(client_of: MakeClient) -> None:
    features = client_of("viewer").get("/api/points.geojson?network=air").json()["features"]
    assert {feature["properties"]["kind"] for feature in features} == {"aqi"}
    assert all(1 <= feature["properties"]["grade"] <= 6 for feature in features)


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    first = secret_key(path)
    assert len(first) >= 50
    assert secret_key(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (settings.CITY.data / "secret.key").read_text(encoding="ascii") == settings.SECRET_KEY


def test_the_address_of_the_files_changes_with_them(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}", encoding="utf-8")
    before = assets_version(tmp_path)
    (tmp_path / "a.css").write_text("b{}", encoding="utf-8")
    assert assets_version(tmp_path) != before


def test_options_of_the_database_follow_its_address() -> None:
    described = _database("postgresql://u:p%40ss@db.example:5433/city?sslmode=verify-full&sslrootcert=/etc/ssl/a.pem")
    assert described["ENGINE"] == "django.db.backends.postgresql"
    assert (described["NAME"], described["PASSWORD"], described["PORT"]) == ("city", "p@ss", "5433")
    assert described["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ssl/a.pem"}
