"""The main job: recorded hours go in over TCP, and what the site shows equals what the authorities published."""

from __future__ import annotations

import http.cookiejar
import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bilan.demo import build
from bilan.demo.ports import free_port
from bilan.demo.verification import Verified, replay_city, verify
from bilan.demo.verification_report import write
from bilan.demo.welcome import wait_for_site
from bilan.pack.city import City
from bilan.people.demo import ACCOUNTS
from bilan.telemetry import clock
from bilan.telemetry.simulator import recorded
from tests.shared import shared_data


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    shared_data("aqi_hourly_stations")
    return replay_city(tmp_path_factory.mktemp("verification") / "city")


@pytest.fixture(scope="module")
def verified(city: City) -> Verified:
    return verify(city, shared_data())


def test_every_telegram_is_acknowledged_and_every_reading_stored(verified):
    assert verified.outcome.telegrams > 18_000
    assert verified.outcome.acknowledged == verified.outcome.telegrams
    assert verified.stored == verified.outcome.readings


def test_air_and_water_equal_the_official_results_in_every_hour(verified):
    air, water = verified.compared
    assert air.published > 600 and air.equal == air.published, air.differences[:5]
    assert water.published > 18_000 and water.equal == water.published, water.differences[:5]


def test_the_report_says_so(verified, tmp_path):
    write(tmp_path / "verification.md", verified)
    text = (tmp_path / "verification.md").read_text(encoding="utf-8")
    assert f"| readings stored | {verified.stored:,} |" in text
    assert "equal the official ones in every hour" in text


def test_the_site_shows_the_official_aqi(city, verified):
    build.prepare(city)
    official = {}
    for recording in recorded.read(shared_data()):
        if recording.network == "air":
            for row in recording.official.drop_nulls("aqi").iter_rows(named=True):
                official[f"{row['city']}{row['name']}", clock.moment(row["start"]).isoformat(timespec="minutes")] = int(row["aqi"])
    with site(city) as fetch:
        points = {point["code"]: point["name_zh"] for point in fetch("/api/points?network=air&limit=100")["items"]}
        shown = {}
        for code, name in points.items():
            rows = fetch(f"/api/verdicts?method=air.hour&points={code}&begin=2020-01-01T00:00&end=2020-12-31T00:00&limit=1000")["items"]
            shown |= {(name, row["time"][:16]): row["value"] for row in rows if row["value"] is not None}
    assert official
    assert {key: shown.get(key) for key in official} == official


@contextmanager
def site(city: City) -> Iterator:
    port = free_port(8300, set())
    command = [sys.executable, "-m", "bilan", "web", "--city", str(city.folder), "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "BILAN_CITY": str(city.folder)})
    try:
        address = wait_for_site(city, port=port)
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        opener.open(f"{address}/login/").read()
        token = next(cookie.value for cookie in jar if "csrf" in cookie.name)
        form = {"username": ACCOUNTS[0].username, "password": ACCOUNTS[0].password, "csrfmiddlewaretoken": token}
        opener.open(urllib.request.Request(f"{address}/login/", urllib.parse.urlencode(form).encode(), {"Referer": address})).read()
        yield lambda path: json.load(opener.open(address + path))
    finally:
        server.terminate()
        server.wait()


def test_a_folder_that_is_something_else_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Exception, match="not a demo city"):
        replay_city(tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"
