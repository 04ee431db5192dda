"""From the sentence of a plan to the readings behind its number, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import Running, fits
from tests.journeys.test_field import manage
from tests.web import station_city

Visit = Callable[..., Any]
SENTENCE = "到2030年，空气质量优良天数比例达到97%。"


@pytest.fixture(scope="module")
def promised(running: Running) -> Running:
    """A plan with targets, and six weeks of judged days of a station."""
    station_city.fill(running.store, running.city, ("AIR1",), 42)
    manage(running, "from tests.web import tiny_plans\ntiny_plans.make()")
    return running


def test_from_the_sentence_to_the_readings(
    promised: Running, visit: Visit, accessible: Callable[[Any], None], picture: Callable[..., Any]
) -> None:
    page = visit("/scorecard", person="operator")
    accessible(page)
    assert SENTENCE in page.inner_text("main")
    picture(page, "scorecard", whole=True)

    page.click("main a[href*='/targets/city']:visible")
    page.wait_for_url("**/targets/city*")
    assert SENTENCE in page.inner_text("main") and "82" in page.inner_text("main")
    accessible(page)
    picture(page, "target", whole=True)

    page.click("main a[href*='/indicators/good-days']:visible")
    page.wait_for_url("**/indicators/good-days*")
    accessible(page)
    page.click("main a[href*='/rows']:visible")
    page.wait_for_url("**/rows*")
    page.wait_for_selector("main table tbody tr")
    assert page.locator("main table tbody tr").count() >= 20
    accessible(page)
    picture(page, "rows")

    page.click("main table tbody tr td:last-child a")
    page.wait_for_load_state()
    assert "/rows" not in page.url
    page.wait_for_selector("main h1")
    picture(page, "readings", whole=True)


def test_on_a_phone_everything_fits(promised: Running, visit: Visit, picture: Callable[..., Any]) -> None:
    for path in ("/scorecard", "/targets/city", "/indicators", "/indicators/good-days", "/figures", "/appraisals", "/reports"):
        page = visit(path, person="operator", width=375, height=812, language="en")
        assert fits(page), path
        picture(page, path.strip("/").replace("/", "-"))
