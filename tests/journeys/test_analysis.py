"""The analysis workbench in a browser: an analysis is chosen, drawn, looked at on a phone, kept and taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bilan.pack.vocab import by_column
from bilan.telemetry import clock
from bilan.telemetry.model import Reading, SeriesKey
from tests.journeys.conftest import Running, fits

Visit = Callable[..., Any]
DAYS = 12


@pytest.fixture(scope="module")
def windy(running: Running) -> None:
    """Twelve days of wind and of SO2 that comes from the east."""
    columns = ("wind_dir", "wind_speed", "so2")
    keys = [SeriesKey("AIR1", by_column(name).code, "mean", "hour") for name in columns]
    numbers = running.store.catalogue.series_ids(keys, [by_column(name).unit for name in columns])
    end = clock.now(running.city.timezone) // clock.DAY * clock.DAY
    readings = []
    for at, start in enumerate(range(end - DAYS * clock.DAY, end, clock.HOUR)):
        direction = 10.0 * (at * 7 % 36)
        values = (direction, 1.0 + at % 5, 60.0 if 70 <= direction <= 110 else 6.0)
        readings += [Reading(series, start, clock.HOUR, value) for series, value in zip(numbers, values, strict=True)]
    running.store.write("hour", readings, arrived=end, mark=False)


def drawn(page: Any) -> None:
    page.wait_for_selector(".result[data-state=drawn] .canvas[data-drawn]")


def test_choose_draw_keep_and_take_away(
    windy: None, visit: Visit, accessible: Callable[[Any], None], picture: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit("/analysis", person="operator")
    # Two days of PM2.5 are too few for sectors: that is said.
    page.click(".kinds a:has-text('条件概率')")
    page.wait_for_selector(".result[data-state=error] .state-error")
    picture(page, "too-few")
    with page.expect_navigation():
        page.select_option("[name=parameter]", label="SO2")
    drawn(page)
    page.fill("[name=percentile]", "80")
    with page.expect_navigation():
        page.click(".draw")
    drawn(page)
    # All of it stands in the address.
    assert "percentile=80" in page.url
    assert page.inner_text(".fact:has-text('概率最高的来向') dd").startswith("90")
    accessible(page)
    picture(page, "cpf", whole=True)

    # Drawing and numbers as files.
    with page.expect_download() as got:
        page.click(".analysis-figure button:has-text('SVG')")
    got.value.save_as(tmp_path / "figure.svg")
    assert (tmp_path / "figure.svg").read_text(encoding="utf-8").startswith("<svg")
    with page.expect_download() as got:
        page.click(".analysis-figure button:has-text('PNG')")
    assert got.value.suggested_filename.endswith(".png")
    page.click(".files summary")
    with page.expect_download() as got:
        page.click(".files a:has-text('CSV')")
    got.value.save_as(tmp_path / "numbers.csv")
    assert (tmp_path / "numbers.csv").read_text(encoding="utf-8-sig").startswith("扇区（°）,概率")

    # Kept under a name, found again.
    page.click("summary:has-text('已存')")
    page.fill(".saved-new [name=name]", "东风")
    with page.expect_navigation():
        page.click(".saved-new .button")
    drawn(page)
    page.click("summary:has-text('已存')")
    assert page.locator(".saved-line a:has-text('东风')").count() == 1


def test_a_phone_and_english(windy: None, visit: Visit, accessible: Callable[[Any], None], picture: Callable[..., Any]) -> None:
    page = visit("/analysis?of=pollution-rose&points=AIR1&parameter=so2", width=375, height=800, language="en")
    drawn(page)
    fits(page)
    accessible(page)
    picture(page, "rose", whole=True)


def test_what_cannot_be_drawn_is_said_and_what_takes_long_waits_for_a_word(windy: None, visit: Visit, picture: Callable[..., Any]) -> None:
    page = visit("/analysis?of=pmf&points=AIR1")
    page.wait_for_selector(".result[data-state=error] .state-error:has-text('至少需要 3 个')")
    picture(page, "too-few-species")
    page = visit("/analysis?of=normalise&points=AIR1&parameter=so2")
    page.wait_for_selector(".result[data-state=waiting] .button.primary")
    picture(page, "waiting")
