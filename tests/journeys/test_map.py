"""The map in a browser: find a station, read it, filter by level, link to it, without a mouse and on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import drawn, fits

READY = ".map-page[data-shown]"


def opened(visit: Any, path: str = "/map", **options: Any) -> Any:
    """The page of the map once its points are there and drawn."""
    page = visit(path, **options)
    page.wait_for_selector(READY)
    page.wait_for_selector("[data-map][data-drawn]", state="attached")
    return page


@pytest.mark.parametrize(("width", "language"), [(375, "zh-CN"), (1440, "en-US")])
def test_the_map_fits_and_is_accessible(width: int, language: str, visit: Any, accessible: Any, picture: Any) -> None:
    page = opened(visit, width=width, language=language)
    assert page.locator("[data-list] button").count() == 6
    assert fits(page)
    accessible(page)
    picture(page)


def test_a_station_is_found_and_read(visit: Any, accessible: Any, picture: Any) -> None:
    page = opened(visit)
    page.fill("[data-search]", "AIR2")
    page.wait_for_selector(".map-page[data-shown='1']")
    page.keyboard.press("Tab")
    page.focus("[data-list] button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer[open] .map-values")
    drawn(page, ".drawer .chart")
    assert "乙区演示站" in page.inner_text(".drawer h2")
    assert "AQI" in page.inner_text(".drawer")
    assert "point=AIR2" in page.url
    accessible(page)
    picture(page)
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.search.includes('point=')")
    page.goto("/map?point=AIR2")
    page.wait_for_selector(".drawer[open] .map-values")
    page.click(".drawer a.button")
    page.wait_for_url("**/points/AIR2")


def test_a_click_on_a_point_opens_it(visit: Any) -> None:
    page = opened(visit, "/map?layers=air&z=13.5&c=118.5,24.85")
    page.wait_for_function("() => document.querySelector('[data-map]').map.queryRenderedFeatures({layers: ['points']}).length > 0")
    box = page.locator("[data-map] canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".drawer[open] .map-values")
    assert "甲区演示站" in page.inner_text(".drawer h2")


def test_layers_and_levels_filter_and_stand_in_the_address(visit: Any) -> None:
    page = opened(visit)
    page.uncheck("[data-layers] input[value=surface_water]")
    page.wait_for_selector(".map-page[data-shown='3']")
    page.check("[data-layers] input[value=noise]")
    page.wait_for_selector(".map-page[data-shown='6']")
    assert "layers=air,noise" in page.url
    page.click("[data-legend] button >> nth=0")
    page.wait_for_function("() => Number(document.querySelector('.map-page').dataset.shown) < 6")
    shown = page.locator(".map-page").get_attribute("data-shown")
    page.reload()
    page.wait_for_selector(f".map-page[data-shown='{shown}']")
    assert page.locator("[data-legend] button[aria-pressed=true]").count() == 1
    page.click("[data-all]")
    page.wait_for_selector(".map-page[data-shown='6']")


def test_a_person_of_a_district_sees_its_points_only(visit: Any) -> None:
    page = opened(visit, "/map?layers=air,surface_water,noise,source_gas", person="inside")
    assert page.locator(".map-page").get_attribute("data-shown") == "4"
    assert "乙区" not in page.inner_text("[data-list]")


def test_without_layers_the_list_says_so(visit: Any) -> None:
    page = opened(visit, "/map?layers=")
    assert "请选择图层" in page.inner_text("[data-list]")
