"""Registers in a browser: finding entries, entering one, conditions while typing, changing many, by keyboard and on a phone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.conftest import ROOT, Running, fits
from tests.web import tiny

Visit = Callable[..., Any]
CASES = json.loads((ROOT / "tests/web/registers/expressions.json").read_text(encoding="utf-8"))
SEEDS = f"""
from bilan.registers.writing import Author, Draft, write
districts = {list(tiny.DISTRICTS)}
plants = [Draft({{"name": f"演示企业{{n}}", "district": districts[n % 3], "trade": "C26" if n % 2 else "D", "staff": 10 + n,
                 "geometry": {{"type": "Point", "coordinates": [118.5 + n / 1000, 24.8]}}}}) for n in range(70)]
outcome = write("test-plant", plants, Author.platform("made for the journey"))
assert outcome.change, outcome.refused[:1]
"""


@pytest.fixture(scope="module", autouse=True)
def entries(running: Running) -> Iterator[None]:
    """Seventy plants in the served city."""
    environment = {**os.environ, "BILAN_CITY": str(running.city.folder), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-m", "bilan", "manage", "shell", "-v", "0", "-c", SEEDS], env=environment, check=True)
    yield


def test_a_list_is_narrowed_and_its_address_says_how(visit: Visit, accessible: Callable[[Any], None], picture: Callable[..., Any]) -> None:
    page = visit("/registers/test-plant", person="administrator")
    assert "70" in page.inner_text(".count")
    page.select_option("#test-plant-trade", "D")
    page.wait_for_function("() => document.querySelector('.count').textContent.includes('35')")
    assert "trade=D" in page.url and "topics=" not in page.url
    page.click(".further summary")
    page.fill("#test-plant-staff__from", "40")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chips a")
    assert "staff__from=40" in page.url
    accessible(page)
    picture(page, "narrowed")
    page.click(".chips a")
    page.wait_for_function("() => document.querySelector('.count').textContent.includes('35')")


def test_ticked_rows_are_changed_together(visit: Visit, accessible: Callable[[Any], None], picture: Callable[..., Any]) -> None:
    page = visit("/registers/test-plant?trade=D", person="administrator")
    page.check("[data-pick-page]")
    page.wait_for_selector("[data-picked]:not([hidden])")
    page.click("[data-picked] .button")
    page.wait_for_url("**/bulk?**")
    assert "35" in page.inner_text("h1")
    page.fill("#f-staff", "44")
    assert page.is_checked("[name=field][value=staff]")
    page.fill("#reason", "年度核查")
    page.click(".form-foot .button.primary")
    page.wait_for_selector(".preview ins")
    accessible(page)
    picture(page, "preview")


def test_an_entry_is_typed_in_with_conditions_and_comes_back_whole(
    visit: Visit, accessible: Callable[[Any], None], picture: Callable[..., Any]
) -> None:
    page = visit("/registers/test-plant/new", person="administrator")
    assert page.is_visible("#field-limits")
    page.select_option("#f-trade", "D")
    page.wait_for_selector("#field-limits", state="hidden")
    page.select_option("#f-trade", "C26")
    page.wait_for_selector("#field-limits", state="visible")
    assert page.is_hidden("#field-remark .must")
    page.fill("#f-staff", "600")
    page.select_option("#f-key", "true")
    page.wait_for_selector("#field-remark .must", state="visible")
    page.fill("#f-staff", "999999")
    page.wait_for_selector("#field-staff [data-told]")
    page.fill("#f-staff", "600")
    combo = page.locator("#field-limits .combo-text").first
    combo.fill("氨氮")
    page.wait_for_selector("#field-limits .combo-list li[id]")
    combo.press("ArrowDown")
    combo.press("Enter")
    assert page.input_value("#field-limits input[name='limits[0].parameter']") == "w21003"
    page.fill("#field-lines input[name='lines[0].label']", "一号线")
    page.click("#field-lines [data-add]")
    page.keyboard.type("二号线")
    page.click("#field-lines tbody tr:last-child [data-up]")
    page.fill("#f-geometry", "118°30′36″E 24°51′36″N")
    page.set_input_files("#f-papers", files=[{"name": "记录.txt", "mimeType": "text/plain", "buffer": "内容".encode()}])
    page.wait_for_selector("#field-papers input[type=hidden][name=papers]", state="attached")
    page.click(".form-foot .button.primary")
    page.wait_for_selector("[data-errors]")
    assert page.is_visible("#field-name.field-wrong") and page.is_visible("#field-remark.field-wrong")
    assert page.input_value("#field-lines input[name='lines[0].label']") == "二号线"
    assert page.is_visible("#field-papers >> text=记录.txt")
    page.wait_for_selector("#field-geometry canvas")
    accessible(page)
    picture(page, "errors", whole=True)
    page.fill("#f-name", "键入的企业")
    page.fill("#f-remark", "大户")
    page.click(".form-foot .button.primary")
    page.wait_for_selector(".notice-success")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_on_a_phone_everything_fits(language: str, visit: Visit, picture: Callable[..., Any]) -> None:
    for path in ("/registers", "/registers/test-plant", "/registers/test-plant/new", "/registers/test-plant/bulk?all=1", "/search?q=演示"):
        page = visit(path, person="administrator", width=375, height=812, language=language)
        assert fits(page), path
        picture(page, path.strip("/").split("?")[0].replace("/", "-") + language)


def test_search_goes_by_keyboard(visit: Visit, accessible: Callable[[Any], None]) -> None:
    page = visit("/registers", person="viewer")
    accessible(page)
    page.keyboard.press("/")
    page.keyboard.type("演示企业6")
    page.wait_for_selector("#found a")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('#found') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registers/test-plant/entries/**")
    accessible(visit("/search?q=演示", person="viewer"))


EVALUATE = """
async cases => {
  const base = document.querySelector('script[src*="bilan/app.mjs"]').src.replace(/app.mjs.*$/, '');
  const { expression } = await import(`${base}registers/expressions.mjs`);
  return cases.map(({ text, values }) => {
    try { return { gives: expression(text)(values) ?? null }; } catch (error) { return { wrong: String(error) }; }
  });
}
"""


def test_conditions_mean_in_the_browser_what_they_mean_on_the_server(visit: Visit) -> None:
    page = visit("/registers/test-plant/new", person="administrator")
    found = page.evaluate(EVALUATE, CASES)
    assert not [(case, gives) for case, gives in zip(CASES, found, strict=True) if gives != {"gives": case["gives"]}]
    refused = ["a.b", "__import__('os')", "a[0]", "lambda: 1", "1 +", "open('x')", "a = 1", "f'{a}'"]
    assert all("wrong" in entry for entry in page.evaluate(EVALUATE, [{"text": text, "values": {}} for text in refused]))
