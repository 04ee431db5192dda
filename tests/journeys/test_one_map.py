"""One map in a browser: layers of registers, filters, days, shapes, traces, swipe, permalink, print, on a desk and on a phone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import ROOT, Running, fits

READY = ".map-page[data-ready]"
ENTRIES = """
from datetime import timedelta
from django.utils import timezone
from bilan.registers.writing.model import Author, Draft
from bilan.registers.writing.service import write
line = {"type": "LineString", "coordinates": [[118.45, 24.85], [118.5, 24.87], [118.66, 24.86]]}
ring = [[118.48, 24.84], [118.52, 24.84], [118.52, 24.87], [118.48, 24.87], [118.48, 24.84]]
past = Author.platform("before", at=timezone.now() - timedelta(days=200))
recent = Author.platform("lately", at=timezone.now() - timedelta(days=10))
def put(register, author, *drafts):
    outcome = write(register, list(drafts), author)
    assert outcome.change, [problem.text("en") for result in outcome.refused for problem in result.problems]
    return outcome.results[0].code
put("test-stream", past, Draft({"name": "下溪"}, code="S2"))
put("test-stream", past, Draft({"name": "上溪", "into": "S2", "geometry": line}, code="S1"))
put("test-reserve", past, Draft({"name": "保护区", "level": 1, "geometry": {"type": "Polygon", "coordinates": [ring]}}, code="Z1"))
for at, (district, lon) in enumerate((("350502", 118.50), ("350503", 118.62))):
    point = lambda x, y: {"type": "Point", "coordinates": [x, y]}
    plant = put("test-plant", past, Draft({"name": f"{'甲乙'[at]}厂", "trade": "C26", "district": district, "geometry": point(lon, 24.85)}))
    for number in range(12):
        kind = ("industrial", "municipal", "rain")[number % 3]
        values = {"name": f"{'甲乙'[at]}口{number}", "kind": kind, "district": district, "plant": plant, "stream": "S1"}
        place = point(lon + number % 4 / 300, 24.84 + number % 5 / 300)
        put("test-outfall", past if number < 6 else recent, Draft({**values, "geometry": place}, code=f"O{at}{number:02}"))
"""


@pytest.fixture(scope="module", autouse=True)
def entries(running: Running) -> None:
    """Streams, a reserve, plants, and outfalls half of which came ten days ago."""
    environment = {**os.environ, "BILAN_CITY": str(running.city.folder), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-m", "bilan", "manage", "shell", "-v", "0", "-c", ENTRIES], env=environment, check=True)


def opened(visit: Any, path: str = "/map", **options: Any) -> Any:
    page = visit(path, **options)
    page.wait_for_selector(READY)
    page.wait_for_selector("[data-map][data-drawn]", state="attached")
    return page


def rendered(page: Any, register: str, kind: str = "point") -> int:
    """How many features of a register are drawn once the map is still."""
    count = """([register, kind]) => new Promise((done) => {
      const { map } = document.querySelector('[data-map]');
      const tell = () => {
        const id = `register:${register}:${kind}`;
        const found = map.getLayer(id) ? map.queryRenderedFeatures({ layers: [id] }) : [];
        done(new Set(found.map((feature) => feature.properties.code)).size);
      };
      if (map.loaded() && map.areTilesLoaded()) tell(); else map.once('idle', tell);
      map.triggerRepaint();
    })"""
    return int(page.evaluate(count, [register, kind]))


def until(page: Any, register: str, wanted: int, kind: str = "point") -> None:
    """Wait until that many features are drawn."""
    found = -1
    for _ in range(100):
        found = rendered(page, register, kind)
        if found == wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{register}: {found} drawn, {wanted} wanted")


HERE = "z=11.3&c=118.56,24.85"


@pytest.mark.parametrize(("width", "language"), [(375, "zh-CN"), (1440, "en-US"), (1440, "zh-CN")])
def test_it_fits_is_accessible_and_shows_registers(width: int, language: str, visit: Any, accessible: Any, picture: Any) -> None:
    here = HERE if width > 900 else "z=10.2&c=118.56,24.85"
    page = opened(visit, f"/map?registers=test-outfall,test-stream,test-reserve&{here}", width=width, height=800, language=language)
    until(page, "test-outfall", 24)
    until(page, "test-stream", 1, "line")
    until(page, "test-reserve", 1, "fill")
    assert fits(page)
    accessible(page)
    picture(page)
    if width == 375:
        page.click("[data-sheet]")
        page.wait_for_selector("[data-tree] input >> visible=true")
        picture(page, "sheet")


def test_a_layer_is_chosen_filtered_and_stands_in_the_address(visit: Any, picture: Any) -> None:
    page = opened(visit, f"/map?{HERE}")
    page.evaluate("() => document.querySelectorAll('[data-tree] details').forEach((branch) => { branch.open = true; })")
    page.check("[data-tree] input[value=test-outfall]")
    until(page, "test-outfall", 24)
    page.click(".map-key summary")
    page.select_option(".map-key select >> nth=1", "rain")
    until(page, "test-outfall", 8)
    picture(page)
    page.goto(page.url)
    page.wait_for_selector(READY)
    until(page, "test-outfall", 8)
    page.select_option("[data-tree-by]", "department")
    assert "tree=department" in page.url


def test_looking_back_and_swiping_between_two_days(visit: Any, picture: Any) -> None:
    page = opened(visit, f"/map?registers=test-outfall&{HERE}")
    until(page, "test-outfall", 24)
    day = page.evaluate("() => new Date(Date.now() - 60 * 86400000).toISOString().slice(0, 10)")
    page.fill("[data-moment] input[type=date] >> nth=0", day)
    page.wait_for_function("(day) => location.search.includes(`as_of=${day}`)", arg=day)
    until(page, "test-outfall", 12)
    page.click("[data-now]")
    until(page, "test-outfall", 24)
    page.fill("[data-compare]", day)
    page.wait_for_selector(".map-page[data-compared]")
    page.wait_for_timeout(800)
    picture(page)
    assert f"compare={day}" in page.url
    page.click("[data-compare-end]")
    page.wait_for_selector(".map-second", state="detached")


def test_what_lies_inside_a_circle_is_listed_and_saved(visit: Any, picture: Any) -> None:
    page = opened(visit, f"/map?registers=test-outfall&{HERE}", person="operator")
    until(page, "test-outfall", 24)
    page.click("[data-tool=circle]")
    box = page.locator("[data-map] canvas.maplibregl-canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*middle)
    page.mouse.move(middle[0] + 150, middle[1])
    page.mouse.click(middle[0] + 200, middle[1])
    page.wait_for_selector(".map-page[data-answered]")
    assert "测试排口" in page.inner_text("[data-results]")
    assert "circle=" in page.url
    picture(page)
    with page.expect_download() as saved:
        page.click("[data-results] form button")
    assert saved.value.suggested_filename == "inside.xlsx"
    page.goto(page.url)
    page.wait_for_selector(".map-page[data-answered]")


def test_measuring_a_distance(visit: Any) -> None:
    page = opened(visit, f"/map?{HERE}")
    page.click("[data-tool=distance]")
    box = page.locator("[data-map] canvas.maplibregl-canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    page.mouse.click(x + 100, y)
    page.keyboard.press("Enter")
    assert re.search(r"\d km|\d m", page.inner_text("[data-said]"))


def test_an_entry_leads_along_the_stream_and_down_it(visit: Any, picture: Any, accessible: Any) -> None:
    start = f"/map?registers=test-outfall,test-stream&entry=test-stream/S1&{HERE}"
    page = opened(visit, start)
    page.wait_for_selector(".drawer[open] [data-near]")
    assert page.inner_text(".drawer h2") == "上溪"
    accessible(page)
    page.fill("[data-near] input", "3000")
    page.click("[data-near] button")
    page.wait_for_selector(".map-page[data-answered]")
    assert "测试排口" in page.inner_text("[data-results]")
    assert "around=test-stream,S1,3000" in page.url
    page.goto(start)
    page.wait_for_selector(".drawer[open] [data-trace=up]")
    page.click(".drawer [data-trace=up]")
    page.wait_for_selector(".map-page[data-traced=up]")
    picture(page)
    assert "甲厂" in page.inner_text("[data-results]")


def test_the_map_is_printed_as_picture_and_sheet(visit: Any, tmp_path: Path) -> None:
    page = opened(visit, f"/map?registers=test-outfall,test-stream&{HERE}")
    until(page, "test-outfall", 24)
    for form, beginning in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
        with page.expect_download() as saved:
            page.click(f"[data-print={form}]")
        path = tmp_path / f"map.{form}"
        saved.value.save_as(path)
        content = path.read_bytes()
        assert content.startswith(beginning)
        assert len(content) > 30_000
    (ROOT / "artifacts" / "screenshots").mkdir(parents=True, exist_ok=True)
    (ROOT / "artifacts" / "screenshots" / "printed-map.png").write_bytes((tmp_path / "map.png").read_bytes())


def test_a_person_of_a_district_sees_its_own_only(visit: Any) -> None:
    page = opened(visit, f"/map?registers=test-outfall&circle=118.56,24.85,20000&{HERE}", person="inside")
    until(page, "test-outfall", 12)
    page.wait_for_selector(".map-page[data-answered]")
    assert "乙" not in page.inner_text("[data-results]")
