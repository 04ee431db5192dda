"""A person looks at a station: its chart, its days, why it was judged as it was, its values and where they came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bilan.telemetry import clock
from tests.journeys.conftest import Running, fits
from tests.web import station_city, tiny

DAYS = 400


@pytest.fixture(scope="module")
def filled(running: Running) -> int:
    """More than a year of history of one station and one section, and one telegram; gives the end of the history."""
    end = station_city.fill(running.store, running.city, ("AIR1", "RIVER1"), DAYS)
    station_city.telegram(running.store, running.city, "AIR1", end - 5 * clock.HOUR, 61.5)
    station_city.digest(running.store, running.city)
    return end


def shown(page: Any, chart: str = "#point-chart") -> None:
    """Wait until a chart stands and nothing is on its way."""
    page.wait_for_selector(f"{chart}[data-drawn]:not([aria-busy])")


def test_from_search_to_reason_to_file_to_the_other_language(filled: int, visit: Any, picture: Any, tmp_path: Path) -> None:
    page = visit("/monitoring/air")
    page.keyboard.press("/")
    page.keyboard.type("甲区演示站")
    page.wait_for_selector("#found a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/points/AIR1")
    shown(page)
    assert page.get_attribute("#point-chart", "data-seconds") == "3600"
    page.click("[data-range='1y']")
    page.wait_for_function("() => document.getElementById('point-chart').dataset.seconds === '21600'")
    assert "range=1y" in page.url
    picture(page, "year")
    page.click(f".calendar a[href*='{clock.moment(filled - 9 * clock.DAY):%Y-%m-%d}']")
    page.wait_for_selector(".drawer[open] .reasons .decides")
    assert "HJ 633-2026" in page.inner_text(".drawer")
    picture(page, "why")
    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer:not([open])", state="attached")
    page.click(".controls summary:has-text('导出')")
    with page.expect_download() as download:
        page.click(".controls [data-form=parquet]")
    file = tmp_path / "year.parquet"
    download.value.save_as(file)
    assert pl.read_parquet(file)["point"].unique().to_list() == ["AIR1"]
    page.click(".languages button")
    page.wait_for_selector("html[lang=en]")
    shown(page)
    assert "range=1y" in page.url
    assert page.get_attribute("[data-range='1y']", "aria-pressed") == "true"
    assert "First District station" in page.inner_text("h1")


def test_zooming_fetches_finer_values(filled: int, visit: Any) -> None:
    page = visit("/points/AIR1?range=all")
    shown(page)
    coarse = int(page.get_attribute("#point-chart", "data-seconds"))
    page.evaluate("document.getElementById('point-chart').chart.drawn.dispatchAction({ type: 'dataZoom', start: 50, end: 52 })")
    page.wait_for_function("before => Number(document.getElementById('point-chart').dataset.seconds) < before", arg=coarse)
    assert page.get_attribute("#point-chart", "data-seconds") == "3600"
    page.evaluate("document.getElementById('point-chart').chart.drawn.dispatchAction({ type: 'dataZoom', start: 0, end: 100 })")
    page.wait_for_function("before => Number(document.getElementById('point-chart').dataset.seconds) === before", arg=coarse)


def test_what_is_chosen_stands_in_the_address(filled: int, visit: Any) -> None:
    page = visit("/points/AIR1")
    shown(page)
    page.click("[data-parameter=a21026]")
    page.select_option("select[aria-label='坐标轴']", "each")
    page.fill("input[aria-label='首日']", f"{clock.moment(filled - 20 * clock.DAY):%Y-%m-%d}")
    page.wait_for_function("() => location.search.includes('begin=')")
    page.reload()
    shown(page)
    assert page.get_attribute("[data-parameter=a21026]", "aria-pressed") == "true"
    assert page.evaluate("document.getElementById('point-chart').chart.drawn.getOption().grid.length") == 3


def test_the_chart_has_a_table_limits_and_shapes(filled: int, visit: Any) -> None:
    page = visit("/points/AIR1?range=1y&parameters=a05024")
    shown(page)
    kinds = page.evaluate(
        "document.getElementById('point-chart').chart.drawn.getOption().series.map(s => [s.id, s.markLine?.data?.length ?? 0])"
    )
    assert ["line-0", 1] in kinds
    assert any(name == "mark-0" for name, _count in kinds)
    page.click("#point-chart .chart-tools button:has-text('表格')")
    page.wait_for_selector("#point-chart table")
    assert "O3" in page.inner_text("#point-chart thead")


def test_an_operator_sees_the_frame_and_amends(filled: int, running: Running, visit: Any, accessible: Any, picture: Any) -> None:
    begin, end = (f"{clock.moment(filled + hours * clock.HOUR):%Y-%m-%dT%H:%M}" for hours in (-6, -3))
    page = visit(f"/points/AIR1/data?begin={begin}&end={end}&parameters=pm25", person="operator")
    page.click("td a:has-text('62')")
    page.wait_for_selector(".drawer[open] .frame-text")
    assert "a34004-Avg=61.5" in page.inner_text(".drawer")
    accessible(page)
    picture(page, "proof")
    page.keyboard.press("Escape")
    page.click(".amend summary")
    page.check(".amend input[name=series]")
    page.fill("#why", "零点校准")
    picture(page, "amend", whole=True)
    page.click(".amend .button.primary")
    page.wait_for_url("**/quality#amendments")
    assert "已审核 3 个值" in page.inner_text(".notice")
    assert "零点校准" in page.inner_text("#amendments")
    page.goto(f"/points/AIR1/data?begin={begin}&end={end}&parameters=pm25")
    assert page.locator("td .doubt").count() == 3
    page.goto(f"/points/AIR1/data?begin={begin}&end={end}&parameters=pm25&level=raw")
    assert page.locator("td .doubt").count() == 0


def test_a_viewer_is_not_offered_what_they_may_not_do(filled: int, visit: Any) -> None:
    page = visit("/points/AIR1/data", person="viewer")
    assert page.locator(".amend").count() == 0
    assert page.locator("td a").count() == 0


def test_the_station_follows_what_arrives(filled: int, running: Running, visit: Any) -> None:
    page = visit("/points/AIR3")
    tile = page.locator(".tile [data-live^='AIR3/a34004/'].big")
    before = tile.inner_text()
    point = next(point for point in tiny.points() if point.code == "AIR3")
    now = clock.now(running.city.timezone) // clock.HOUR * clock.HOUR
    tiny.report(running.store, point, now, now + clock.HOUR, lift=500)
    page.wait_for_function("before => document.querySelector(\".tile [data-live^='AIR3/a34004/'].big\").innerText !== before", arg=before)
    assert float(tile.inner_text()) > 500


def test_series_are_compared(filled: int, visit: Any, accessible: Any, picture: Any) -> None:
    page = visit("/explorer?series=AIR1:pm25&range=1y")
    shown(page, "#explorer-chart")
    page.fill(".finder input", "甲区 O3")
    page.wait_for_selector(".finder .found button")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.querySelectorAll('.chips .chip').length === 2")
    assert "AIR1%3Aa05024" in page.url
    page.click("[data-view=scatter]")
    page.wait_for_function("() => document.querySelector('.explorer-told').innerText.includes('r =')")
    picture(page, "scatter")
    page.click("[data-view=profile]")
    page.wait_for_selector("select[aria-label='变化规律']:not([hidden])")
    shown(page, "#explorer-chart")
    picture(page, "profile")
    page.click("[data-view=lines]")
    page.click("button:has-text('与上年同期对比')")
    page.wait_for_function("() => document.getElementById('explorer-chart').chart.data?.series?.length === 4")
    accessible(page)
    page.reload()
    page.wait_for_function("() => document.getElementById('explorer-chart').chart?.data?.series?.length === 4")
    picture(page, "shifted")


def test_the_explorer_begins_empty(visit: Any) -> None:
    page = visit("/explorer")
    page.wait_for_selector("#explorer-chart .state-empty")
    assert "搜索点位" in page.inner_text("#explorer-chart .state-empty")


PAGES = (
    "/points/AIR1",
    "/points/RIVER1",
    "/points/AIR1/days",
    "/points/RIVER1/days",
    "/points/AIR1/data",
    "/points/AIR1/quality",
    "/points/NOISE1",
    "/verdicts/air.hour/AIR1",
    "/verdicts/water.hour/RIVER1",
    "/explorer?series=AIR1,RIVER1",
    "/monitoring/air",
)


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_and_are_accessible(path: str, width: int, filled: int, visit: Any, accessible: Any, picture: Any) -> None:
    page = visit(path, person="operator", width=width, language="en-US" if width == 1440 else "zh-CN")
    page.wait_for_function("() => !document.querySelector('[aria-busy], .state-loading')")
    assert fits(page)
    accessible(page)
    picture(page, whole=True)
