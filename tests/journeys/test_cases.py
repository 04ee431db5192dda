"""Cases in a browser: finding, moving by form, being overtaken, the board by keyboard, on a phone, for everybody."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.conftest import PASSWORD, ROOT, Running, fits
from tests.web import tiny

Visit = Callable[..., Any]
SEEDS = f"""
from bilan.casework import moving
from bilan.casework.moving import Move, Opening
from bilan.people.models import Person
from bilan.registers.writing import Author, Draft, write
chief = Person.objects.create_user("chief", "{PASSWORD}", role="duty-chief")
officer = Person.objects.create_user("officer", "{PASSWORD}", role="enforcement-officer")
districts = {list(tiny.DISTRICTS)}
plants = [Draft({{"name": f"演示企业{{n}}", "district": districts[n % 3], "trade": "D", "staff": 10,
                 "geometry": {{"type": "Point", "coordinates": [118.5 + n / 1000, 24.8]}}}}, code=f"P{{n}}") for n in range(6)]
assert write("test-plant", plants, Author.platform("made for the journey")).change
for n in range(6):
    case = moving.open_case("alert-order", Opening(title=f"演示企业{{n}} 超标", register="test-plant", entry=f"P{{n}}"), chief)
    if n > 2:
        moving.move(case, "accept", Move(), officer)
"""
PAGES = (
    *("/cases", "/cases/board", "/cases/calendar", "/cases/mine", "/cases/figures", "/cases/new", "/cases/dispatch", "/cases/hand-over"),
    *("/cases/flows", "/cases/flows/alert-order", "/cases/campaigns", "/cases/drawings"),
)


@pytest.fixture(scope="module", autouse=True)
def cases(running: Running) -> Iterator[None]:
    """Six cases in the served city, a chief and an officer."""
    environment = {**os.environ, "BILAN_CITY": str(running.city.folder), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-m", "bilan", "manage", "shell", "-v", "0", "-c", SEEDS], env=environment, check=True)
    yield


@pytest.mark.parametrize("width", [1440, 375])
def test_every_page_fits_and_is_open_to_everybody(
    width: int, visit: Visit, accessible: Callable[[Any], None], picture: Callable[..., Any]
) -> None:
    for path in PAGES:
        page = visit(path, person="chief", width=width)
        assert fits(page), path
        accessible(page)
        picture(page, path.strip("/").replace("/", "-"), whole=True)


def test_a_case_is_handled_from_the_list_to_review(visit: Visit, accessible: Callable[[Any], None], picture: Callable[..., Any]) -> None:
    page = visit("/cases?q=演示企业3", person="officer")
    page.click(".table-scroll tbody a >> nth=1")
    page.wait_for_selector("#now .ways")
    accessible(page)
    picture(page, "case", whole=True)
    page.click("#now .ways .button.primary")
    page.select_option("#f-cause", "false-alarm")
    page.wait_for_selector("#field-measures .must", state="hidden")
    page.click(".form-foot .button.primary")
    page.wait_for_selector("[data-errors]")
    assert page.is_visible("#field-found.field-wrong")
    accessible(page)
    page.fill("#f-found", "探头污染")
    page.set_input_files("input[name='evidence.papers']", files=[{"name": "记录.txt", "mimeType": "text/plain", "buffer": "内容".encode()}])
    page.click(".form-foot .button.primary")
    page.wait_for_selector(".notice-success")
    assert "待审核" in page.inner_text("#now .case-state") and "记录.txt" in page.inner_text("#evidence")
    assert page.is_visible(".why-not")


def test_who_comes_second_is_told_what_happened(visit: Visit, accessible: Callable[[Any], None]) -> None:
    first = visit("/cases?q=演示企业1", person="officer")
    first.click(".table-scroll tbody a >> nth=1")
    first.click("#now .ways .button.primary")
    second = visit(first.url.split("?")[0].replace("http://", "//").split("/", 3)[3].join(["/", ""]), person="administrator")
    for page in (first, second):
        page.wait_for_selector(".move-form")
        page.fill("#f-note", "我来处理")
    first.click(".form-foot .button.primary")
    first.wait_for_selector(".notice-success")
    with second.expect_navigation():
        second.evaluate("document.querySelector('.move-form').submit()")
    assert "我来处理" in second.inner_text("#moved") and second.is_visible("#steps")


def test_the_board_goes_by_keyboard(visit: Visit) -> None:
    page = visit("/cases/board?flow=alert-order", person="chief")
    page.focus("[data-card] >> nth=0")
    before = page.evaluate("document.activeElement.href")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('[data-card]') && document.activeElement.href") != before
    page.keyboard.press("Enter")
    page.wait_for_selector("#now")
