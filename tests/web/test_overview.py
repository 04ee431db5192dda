"""The start page: one digest, the whole answer, and only what the reader may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.translation import override

from bilan.web.areas.overview import hand, words
from bilan.web.areas.overview.sparkline import sparkline
from tests.web import tiny, years
from tests.web.running import Site
from tests.web.test_walk import CODES_OUTSIDE, NAMES_OUTSIDE


@pytest.fixture(scope="module", autouse=True)
def computed(site: Site) -> int:
    return years.fill(site.store, site.city)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_city_sees_every_district(client_of: Callable[[str], Client]) -> None:
    page = text(client_of("viewer"), "/overview")
    assert "当前空气" in page or "暂无最新空气数据" in page
    for name, _en, _lon, _lat in tiny.DISTRICTS.values():
        assert name in page
    assert page.count("data-day") >= 14


def test_a_part_that_has_not_changed_is_not_sent(client_of: Callable[[str], Client], computed: int) -> None:
    client = client_of("viewer")
    assert client.get(f"/overview?part=1&since={computed}").status_code == 204
    part = client.get(f"/overview?part=1&since={computed - 1}")
    assert part.status_code == 200
    assert b"<html" not in part.content


@pytest.mark.parametrize(
    "address", ["/overview", "/overview?part=1", "/overview/why/water", "/overview/why/devices", "/ranking", "/ranking?of=sections"]
)
def test_a_person_of_a_district_sees_nothing_of_another(address: str, client_of: Callable[[str], Client]) -> None:
    page = text(client_of("inside-viewer"), address)
    assert not NAMES_OUTSIDE.findall(page)
    assert not CODES_OUTSIDE.findall(page)


def test_a_person_of_a_district_sees_the_numbers_of_that_district(client_of: Callable[[str], Client]) -> None:
    # PM2.5 of the first district is 25 µg/m³ on every day, of the city 30.
    assert "25.0" in text(client_of("inside-viewer"), "/overview")
    assert "30.0" in text(client_of("viewer"), "/overview")
    assert "25.0" in text(client_of("viewer"), f"/overview?district={tiny.INSIDE}")


@pytest.mark.parametrize("kind", ["air", "pm25", "o3", "water", "devices"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_number_says_why(kind: str, language: str, client_of: Callable[[str], Client]) -> None:
    client = client_of("viewer")
    client.cookies["language"] = language
    page = text(client, f"/overview/why/{kind}?part=1")
    assert "<html" not in page
    assert 'class="rules"' in page


def test_an_unknown_number_is_not_found(client_of: Callable[[str], Client]) -> None:
    assert client_of("viewer").get("/overview/why/weather").status_code == 404


def test_the_sentence_of_the_day() -> None:
    digest = {
        "air": {"now": {"area": {"grade": 2, "value": 54.0, "main": "PM10,O3", "start": 0}, "hours": []}},
        "water": {"sections": 39, "targeted": 39, "met": 36},
        "online": {"devices": 1152, "silent_total": 2},
    }
    with override("zh-hans"):
        assert words.lead(digest) == "当前空气良（AQI 54，首要污染物 PM10、O₃），39 个断面中 3 个未达目标，2 台设备静默。"
    with override("en"):
        said = "Air now Good (AQI 54, primary pollutant PM10, O₃); 3 of 39 sections are below target; 2 devices are silent."
        assert words.lead(digest) == said


def test_what_needs_a_hand_stands_in_the_order_of_urgency() -> None:
    digest = {
        "air": {"now": {"polluted": [{"point": "AIR1", "name_zh": "站", "grade": 3, "value": 120.0, "main": "O3"}]}},
        "water": {"failing": [{"point": "RIVER1", "name_zh": "断面", "grade": 6, "target": 3, "main": "TP"}]},
        "online": {"silent_total": 0},
        "gateway": {"claims": 1, "quarantine": 0, "fault": 100},
    }
    assert [item["tone"] for item in hand.items(digest)] == ["bad", "bad", "risk", "info"]


def test_a_sparkline_needs_two_values() -> None:
    assert sparkline([1.0], "x") == ""
    assert 'points="3.0,21.0 117.0,3.0"' in sparkline([1.0, 2.0], "x")
