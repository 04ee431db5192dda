"""The newcomer's journey: a register is written from the documentation while the site runs, filled from a messy Excel file and used."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font

from tests.journeys.conftest import ROOT, Running, fits
from tests.journeys.test_one_map import READY, until

NAME = "odour-source"
WORKERS = 2
"""A register that is written while the site runs is known to each of its processes."""
GUIDE = ROOT / "docs" / "how-to" / "write-a-register.md"
NAMES = ("海味鱼粉厂", "东港橡胶制品", "西山饲料厂", "北岸涂装车间", "南门制革作坊", "甲区食品厂")
HEADS = ("序号", "名称", "所在县区", "责任单位", "类别", "年排放量（吨/年）", "最近检查", "位置", None)
ROWS: tuple[tuple[object, ...], ...] = (
    (1, NAMES[0], "乙区", "海味公司", "饲料鱼粉", "1,234.5", "2026年3月8日", "118°36′00″", "24°51′00″"),
    (2, NAMES[1], "乙区", "东港公司", "橡胶", "很多", "2026.3.9", "118°36′36″E", "24°51′36″N"),
    (3, NAMES[2], "乙区", "西山公司", "feed", 12, "2026年13月5日", "118°37′12″", "24°52′12″"),
    (4, NAMES[3], "乙区", "北岸公司", "不知道", "１２．５", "20260311", "118.63", "24.84"),
    (5, NAMES[4], "350503", "南门公司", "皮革", 3, "2026/3/12", "118.61", "24.83"),
    (6, NAMES[5], "甲区", "甲区食品公司", "food", 1, "2026-03-13", "118.50", "24.85"),
)
"""Rows two, three and four hold a word for a number, a thirteenth month, and a kind that there is not."""
FIXES = {"F": "88", "G": "2026-03-10", "E": "coating"}
"""Column of the sheet → what is put in place of the refused cell."""
AGED = """
from datetime import timedelta
from django.db.models import F
from bilan.registers.models import ChangeSet, Link, Revision
past = timedelta(days=60)
ChangeSet.objects.update(made=F("made") - past)
for model in (Revision, Link):
    model.objects.update(since=F("since") - past)
"""


def test_from_a_file_of_forty_lines_to_a_ledger_in_use(running: Running, visit: Any, picture: Any, accessible: Any, tmp_path: Path) -> None:
    written_from_the_guide(running, visit, picture)
    imported(visit, picture, accessible, messy(tmp_path / "恶臭源台账.xlsx"))
    code = on_the_map(visit, picture)
    manage(running, AGED)
    changed_in_the_form(visit, picture, accessible, code)
    last_month(visit, picture, code)
    taken_away(visit, tmp_path)
    closed_to_others(visit, picture, code)


def written_from_the_guide(running: Running, visit: Any, picture: Any) -> None:
    """Start the file, add the fields of the guide, mistake one word, see what is said, put it right: without a restart."""
    page = visit("/registers", person="administrator")
    assert f"/registers/{NAME}" not in page.content()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "bilan", "pack", "new", "register", NAME, "--city", str(running.city.folder)]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    path = running.city.pack / "registers" / f"{NAME}.yaml"
    text = path.read_text(encoding="utf-8").replace("新台账 · New register", "恶臭源 · Odour sources")
    guide = re.findall(r"^ +- \{name: (\w+),.*\}$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {"kind", "enterprise"} <= set(guide)
    lines = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if re.match(r" +- \{name: (kind|enterprise),", line)]
    owner = next(line for line in text.splitlines() if "{name: owner," in line)
    text = text.replace(owner, "\n".join([owner, *lines]))
    path.write_text(text.replace("of: odour-kind", "of: odor-kind"), encoding="utf-8")
    page.reload()
    said = page.inner_text(".notice-error")
    assert "odor-kind" in said
    assert "odour-kind" in said
    picture(page, "1-mistake")
    path.write_text(text, encoding="utf-8")
    page.reload()
    assert page.locator(".notice-error").count() == 0
    assert "恶臭源" in page.inner_text(f"a[href='/registers/{NAME}']")
    picture(page, "2-in-the-tree")


def messy(path: Path) -> Path:
    """A file as bureaus have it: title and unit lines, merged headings of two rows, a note below."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["演示市恶臭源排查台账（2026年）"])
    sheet.merge_cells("A1:I1")
    sheet["A1"].font = Font(bold=True, size=18)
    sheet.append(["填报单位：大气科　　　填报日期：2026年4月1日"])
    sheet.append(list(HEADS))
    sheet.append([None] * 7 + ["经度", "纬度"])
    sheet.merge_cells("H3:I3")
    for letter in "ABCDEFG":
        sheet.merge_cells(f"{letter}3:{letter}4")
    for row in ROWS:
        sheet.append(list(row))
    sheet.append([])
    sheet.append(["注：年排放量为估算值，联系电话见通讯录。"])
    book.save(path)
    return path


def imported(visit: Any, picture: Any, accessible: Any, path: Path) -> None:
    """Upload, read what is refused and why, put three cells right in the browser, write."""
    page = visit(f"/registers/{NAME}", person="operator")
    page.click("summary:has-text('更多') >> visible=true")
    page.click(f"a[href='/registers/{NAME}/import']")
    page.set_input_files("input[type=file]", path)
    picture(page, "3-upload")
    page.click("main form button.primary")
    page.wait_for_selector("#import-body[data-state=planned]")
    picture(page, "4-dry-run", whole=True)
    assert counts(page) == {"new": "3", "refused": "3"}
    assert "注：年排放量为估算值" in page.locator("details.more").text_content()
    accessible(page)
    page.click("dl.counts a[href*='outcome=refused']")
    told = page.inner_text("table.rows")
    assert all(text in told for text in ("很多", "2026年13月5日", "不知道"))
    assert page.locator("table.rows tbody tr").count() == 3
    for letter, text in FIXES.items():
        page.fill(f"input[name^='fix-'][name$='-{letter}']", text)
    page.click("button:has-text('更正') >> visible=true")
    page.wait_for_selector("#import-body[data-state=planned]")
    assert counts(page) == {"new": "6"}
    page.fill("form.apply input[name=reason]", "年度排查")
    page.click("form.apply button[value=apply]")
    page.wait_for_selector("#import-body[data-state=done]")
    picture(page, "5-written", whole=True)
    page.click("a.button:has-text('列表') >> visible=true")
    listed = page.inner_text("#table-odour-source")
    assert all(name in listed for name in NAMES)
    picture(page, "6-list")


def counts(page: Any) -> dict[str, str]:
    """Outcome → number of rows, where there are any."""
    outcome = "e => [new URL(e.querySelector('a').href).searchParams.get('outcome'), e.querySelector('dd').textContent.trim()]"
    pairs = page.eval_on_selector_all("dl.counts > div", f"found => found.map({outcome})")
    return {name: number for name, number in pairs if number != "0"}


def on_the_map(visit: Any, picture: Any) -> str:
    """All six are drawn from the layer's tiles; the first one's dossier opens from its drawer. Gives its code."""
    page = visit(f"/map?registers={NAME}&z=10.5&c=118.57,24.85", person="operator")
    page.wait_for_selector(READY)
    until(page, NAME, len(ROWS))
    picture(page, "7-map")
    listed = visit(f"/registers/{NAME}?q={NAMES[1]}", person="operator")
    assert listed.locator("tbody tr").count() == 1
    code = str(listed.inner_text("tbody th"))
    page = visit(f"/map?registers={NAME}&entry={NAME}/{code}&z=11&c=118.6,24.85", person="operator")
    page.wait_for_selector(f".drawer[open] h2:has-text('{NAMES[1]}')")
    page.click(f".drawer[open] a.button[href^='/registers/{NAME}/entries/{code}']")
    page.wait_for_selector(".dossier-main")
    said = page.inner_text("main")
    assert NAMES[1] in page.inner_text("h1")
    picture(page, "8-dossier")
    assert all(text in said for text in ("东港公司", "橡胶", "88", "2026-03-09"))
    return code


def changed_in_the_form(visit: Any, picture: Any, accessible: Any, code: str) -> None:
    """Without a reason nothing is saved; with one the dossier shows the value and the history says who and why."""
    page = visit(f"/registers/{NAME}/entries/{code}", person="operator")
    page.click("a.button:has-text('编辑')")
    page.wait_for_selector("form.entry-form")
    accessible(page)
    page.fill("[name=amount]", "321")
    page.click(".form-foot button.primary")
    page.wait_for_selector("[data-errors]")
    assert page.input_value("[name=amount]").startswith("321")
    picture(page, "9-form")
    page.fill("#reason", "核实后更正")
    page.click(".form-foot button.primary")
    page.wait_for_url(lambda address: address.endswith(f"/entries/{code}"))
    assert "321" in page.inner_text("main")
    page.goto(f"/registers/{NAME}/entries/{code}/history")
    told = page.inner_text("main")
    assert all(text in told for text in ("核实后更正", "年度排查", "operator", "88", "321"))
    picture(page, "10-history")


def last_month(visit: Any, picture: Any, code: str) -> None:
    """The list and the dossier of a day before the change hold the old value and say which day it is."""
    page = visit(f"/registers/{NAME}", person="operator")
    day = page.evaluate("() => new Date(Date.now() - 30 * 86400000).toISOString().slice(0, 10)")
    assert "321" in page.inner_text("tbody")
    page.goto(f"/registers/{NAME}?as_of={day}")
    assert day in page.inner_text(".as-of >> nth=0")
    assert "321" not in page.inner_text("tbody")
    assert re.search(r"\b88\b", page.inner_text("tbody"))
    page.click(f"tbody a[href*='{code}']")
    page.wait_for_selector(".dossier-main")
    assert f"as_of={day}" in page.url
    assert day in page.inner_text(".as-of >> nth=0")
    assert "321" not in page.inner_text(".dossier-main")
    picture(page, "11-last-month")


def taken_away(visit: Any, tmp_path: Path) -> None:
    """The list as Excel and as GeoJSON holds what the list shows."""
    page = visit(f"/registers/{NAME}", person="operator")
    saved = {}
    for form in ("xlsx", "geojson"):
        page.click("summary:has-text('导出')")
        with page.expect_download() as download:
            page.click(f"a[download][href*='export={form}']")
        saved[form] = tmp_path / f"taken.{form}"
        download.value.save_as(saved[form])
        page.goto(f"/registers/{NAME}")
    sheet = openpyxl.load_workbook(saved["xlsx"]).active
    assert sheet is not None
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert set(NAMES) <= cells
    assert {321, "2026-03-09"} <= {str(value)[:10] if hasattr(value, "year") else value for value in cells}
    features = json.loads(saved["geojson"].read_text(encoding="utf-8"))["features"]
    found = {feature["properties"].get("name") or feature["properties"]["名称"]: feature for feature in features}
    assert set(found) == set(NAMES)
    lon, lat = found[NAMES[1]]["geometry"]["coordinates"]
    assert abs(lon - 118.61) < 1e-6
    assert abs(lat - 24.86) < 1e-6


def closed_to_others(visit: Any, picture: Any, code: str) -> None:
    """A person of another district finds the one entry of their own and nothing of the rest, on every way there is."""
    page = visit(f"/registers/{NAME}", person="inside", width=375)
    listed = page.inner_text("main")
    assert NAMES[5] in listed
    assert not any(name in listed for name in NAMES[:5])
    assert fits(page)
    picture(page, "12-another-district")

    def asked(path: str) -> tuple[int, str]:
        response = page.request.get(path)
        return response.status, response.body().decode("utf-8", "replace")

    for path in (
        f"/registers/{NAME}/entries/{code}",
        f"/registers/{NAME}/entries/{code}?export=pdf",
        f"/registers/{NAME}/entries/{code}/history",
        f"/registers/{NAME}/entries/{code}/edit",
        f"/api/registers/{NAME}/entries/{code}",
        f"/api/registers/{NAME}/entries/{code}/history",
        f"/ogc/collections/{NAME}/items/{code}",
        f"/map/registers/{NAME}/{code}?part=drawer",
    ):
        status, text = asked(path)
        assert status in {403, 404}, path
        assert not any(name in text for name in NAMES[:5]), path
    for path in (
        f"/registers/{NAME}?q={NAMES[1]}",
        f"/registers/{NAME}?as_of=2999-01-01",
        f"/registers/{NAME}?export=csv",
        f"/registers/{NAME}?export=geojson",
        f"/api/registers/{NAME}/entries?limit=100",
        f"/api/registers/{NAME}/entries.geojson",
        f"/ogc/collections/{NAME}/items",
        f"/search?q={NAMES[1]}",
        "/registers/changes",
    ):
        _status, text = asked(path)
        # The words that were asked for stand in the page that says that nothing was found.
        assert not any(name in text for name in (NAMES[0], *NAMES[2:5])), path
        assert f"/entries/{code}" not in text, path
        assert "321" not in text, path
    assert json.loads(asked(f"/api/registers/{NAME}/entries")[1])["count"] == 1
    opened = visit(f"/map?registers={NAME}&z=10.5&c=118.57,24.85", person="inside")
    opened.wait_for_selector(READY)
    until(opened, NAME, 1)


def manage(running: Running, code: str) -> None:
    """Run a few lines on the city's database: what was imported was so for two months."""
    environment = {**os.environ, "BILAN_CITY": str(running.city.folder), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-m", "bilan", "manage", "shell", "-v", "0", "-c", code], env=environment, check=True)
