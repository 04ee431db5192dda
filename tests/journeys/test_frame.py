"""The frame of every page, as a person meets it in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from bilan.telemetry import clock
from tests.journeys.conftest import Running, drawn, fits
from tests.web import tiny

PAGES = ("/monitoring/air", "/monitoring/surface_water", "/points/AIR1", "/account", "/search?q=演示", "/components")


@pytest.mark.parametrize(("path", "width"), [*((path, width) for path in PAGES for width in (375, 1440)), ("/components", 2560)])
def test_pages_fit_and_are_accessible(path: str, width: int, visit: Any, accessible: Any, picture: Any) -> None:
    page = visit(path, width=width, language="en-US" if width == 1440 else "zh-CN")
    drawn(page)
    assert fits(page)
    accessible(page)
    picture(page, whole=width != 2560)


@pytest.mark.parametrize("width", [375, 1440])
def test_login_is_accessible_and_wrong_passwords_are_told(width: int, visit: Any, accessible: Any, picture: Any) -> None:
    page = visit("/login", person="", width=width)
    accessible(page)
    page.fill("#username", "viewer")
    page.fill("#password", "wrong")
    page.click("main form button")
    page.wait_for_selector("[role=alert]")
    assert "密码错误" in page.inner_text("[role=alert]")
    accessible(page)
    picture(page)


def test_the_wall_is_dark_and_accessible(visit: Any, accessible: Any, picture: Any) -> None:
    page = visit("/components?wall=1", width=1920, height=1080)
    drawn(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 21, 28)"
    accessible(page)
    picture(page)


def test_language_switch_stays_on_the_page(visit: Any) -> None:
    page = visit("/monitoring/air?sort=-name")
    assert page.inner_text("h1") == "环境空气"
    page.click(".languages button")
    page.wait_for_selector("html[lang=en]")
    assert page.inner_text("h1") == "Ambient air"
    assert page.url.endswith("/monitoring/air?sort=-name")
    page.click(".languages button")
    page.wait_for_selector("html[lang=zh-Hans]")


def test_a_point_is_found_with_the_keyboard(visit: Any) -> None:
    page = visit("/monitoring/air")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    page.keyboard.type("RIVER2")
    page.wait_for_selector("#found a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/points/RIVER2")
    assert "乙区演示断面" in page.inner_text("h1")


def test_a_table_filters_sorts_and_is_kept_in_the_address(visit: Any) -> None:
    page = visit("/monitoring/air")
    page.fill("#points-air-q", "甲区")
    page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 1")
    page.wait_for_url("**q=*")
    page.fill("#points-air-q", "")
    page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 3")
    page.click("thead th:first-child a")
    page.wait_for_selector("th[aria-sort=descending]")
    page.click("summary:has-text('列')")
    page.uncheck("input[value=index]")
    page.wait_for_function("() => !document.querySelector('thead').innerText.includes('AQI')")
    page.reload()
    assert "AQI" not in page.inner_text("thead")


@pytest.mark.parametrize("form", ["CSV", "Excel", "Parquet"])
def test_a_table_is_exported(form: str, visit: Any) -> None:
    page = visit("/monitoring/air")
    page.click("summary:has-text('导出')")
    with page.expect_download() as download:
        page.click(f".menu-body a:has-text('{form}')")
    assert download.value.suggested_filename.startswith("points-air.")


def test_a_value_changes_without_reload(visit: Any, running: Running) -> None:
    page = visit("/monitoring/air")
    value = "[data-kind='number'][data-live^='AIR1/a34004/']"
    cell = page.locator(value)
    before = cell.inner_text()
    point = next(point for point in tiny.points() if point.code == "AIR1")
    now = clock.now(running.city.timezone) // clock.HOUR * clock.HOUR
    tiny.report(running.store, point, now, now + clock.HOUR, lift=300)
    page.wait_for_function("([value, before]) => document.querySelector(value).innerText !== before", arg=[value, before])
    assert float(cell.inner_text()) > 300


def test_a_map_opens_a_drawer(visit: Any, picture: Any) -> None:
    page = visit("/components")
    drawn(page, "#map")
    page.evaluate("""() => { const figure = document.getElementById("map"); figure.map.jumpTo({ center: [118.5, 24.85], zoom: 13.5 }); }""")
    page.wait_for_function("() => document.getElementById('map').map.queryRenderedFeatures({layers: ['points']}).length > 0")
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".drawer[open] .chart")
    drawn(page, ".drawer .chart")
    assert "甲区演示站" in page.inner_text(".drawer h2")
    picture(page)
    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer:not([open])", state="attached")


def test_a_person_of_a_district_sees_their_district(visit: Any, picture: Any) -> None:
    page = visit("/monitoring/air", person="inside")
    assert page.locator("tbody tr").count() == 1
    page.goto("/points/AIR2")
    assert re.search("页面不存在", page.inner_text("h1"))
    picture(page)


def test_without_a_server_the_page_says_so(visit: Callable[..., Any]) -> None:
    page = visit("/monitoring/air")
    page.route("**/live?*", lambda route: route.abort())
    page.wait_for_function("() => document.getElementById('live-state').innerText !== ''")
    page.unroute("**/live?*")
    page.wait_for_function("() => document.getElementById('live-state').innerText === ''")
