"""The start page in a browser: read the day, ask why, walk the calendar, see it change, put it on the wall."""

from __future__ import annotations

from typing import Any

import pytest

from bilan.evaluation import summary
from bilan.pack.areas import areas
from tests.journeys.conftest import Running, drawn, fits
from tests.web import years


@pytest.fixture(scope="module", autouse=True)
def computed(running: Running) -> int:
    return years.fill(running.store, running.city)


@pytest.mark.parametrize(("width", "language"), [(375, "zh-CN"), (1440, "zh-CN"), (1440, "en-US")])
@pytest.mark.parametrize("path", ["/overview", "/ranking?period=year", "/ranking?of=sections&period=year"])
def test_pages_fit_and_are_accessible(path: str, width: int, language: str, visit: Any, accessible: Any, picture: Any) -> None:
    page = visit(path, width=width, language=language)
    drawn(page)
    assert fits(page)
    accessible(page)
    picture(page, whole=True)


def test_the_wall_shows_the_day_in_the_dark(visit: Any, accessible: Any, picture: Any) -> None:
    page = visit("/overview?wall=1", width=2560, height=1440)
    assert fits(page)
    accessible(page)
    picture(page)


def test_a_number_says_why(visit: Any, accessible: Any, picture: Any) -> None:
    page = visit("/overview")
    page.locator("#part-cards a").first.click()
    page.wait_for_selector(".drawer[open] .rules")
    assert "HJ 633" in page.inner_text(".drawer")
    accessible(page)
    picture(page)
    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer:not([open])", state="attached")


def test_the_calendar_is_one_stop_and_leads_to_the_day(visit: Any) -> None:
    page = visit("/overview")
    page.wait_for_selector("[data-day][tabindex='0']")
    assert page.locator("[data-day][tabindex='0']").count() == 1
    page.focus("[data-day][tabindex='0']")
    before = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") != before
    page.keyboard.press("Enter")
    page.wait_for_url("**/ranking?of=districts&period=day&at=*")
    assert page.locator("tbody tr").count() == 4


def test_a_new_evaluation_appears_without_reload(visit: Any, running: Running, computed: int) -> None:
    page = visit("/overview")
    page.evaluate("window.stayed = true")
    assert page.locator("#part-lead").get_attribute("data-computed") == str(computed)
    summary.refresh(running.store, areas(running.city), computed + 60)
    page.wait_for_function("computed => document.getElementById('part-lead').dataset.computed === computed", arg=str(computed + 60))
    assert page.evaluate("window.stayed")


def test_districts_are_sorted_exported_and_chosen(visit: Any) -> None:
    page = visit("/overview")
    page.click("#table-districts thead th:first-child a")
    page.wait_for_selector("#table-districts th[aria-sort=ascending] >> text=区县")
    page.click("#table-districts summary:has-text('导出')")
    with page.expect_download() as download:
        page.click("#table-districts .menu-body a:has-text('Excel')")
    assert download.value.suggested_filename == "districts.xlsx"
    page.goto("/overview")
    page.click("#table-districts tbody a >> nth=0")
    page.wait_for_url("**district=*")
    assert page.locator("#table-districts").count() == 0


def test_a_person_of_a_district_starts_with_that_district(visit: Any, picture: Any) -> None:
    page = visit("/", person="inside")
    page.wait_for_url("**/overview")
    assert "甲区" in page.inner_text("#part-lead")
    assert "乙区" not in page.inner_text("main")
    picture(page, whole=True)


def test_a_ranking_is_moved_through_time_and_ranked_by_another_measure(visit: Any) -> None:
    page = visit("/ranking?period=year")
    page.select_option("select[name=by]", "pm25")
    page.wait_for_url("**by=pm25*")
    page.click(".segments a:has-text('日')")
    page.wait_for_url("**period=day*")
    assert "by=pm25" in page.url
    page.click("a[rel=prev]")
    page.wait_for_url("**at=*")
    page.click("a[href='#rules']")
    assert page.locator("#rules li").count() > 5
