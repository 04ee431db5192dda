"""The page that says what applies at a place, its files and its address for programs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from urllib.parse import urlencode

import pypdf
import pytest
from django.conf import settings
from django.test import Client
from docx import Document

from bilan.problems import BilanError
from bilan.web.areas.zones.asking import read_place
from tests.registers.test_zones import line, source_zone, square, zone
from tests.web.running import Site

INSIDE_ALL = "118.505,24.905"
NO_SUCH = "118.9,25.4"


@pytest.fixture(autouse=True)
def _zones(site: Site) -> None:
    site.renew()
    source_zone("second", square(size=2), district="350502", name="甲水源二级")
    source_zone("first", square(), district="350503", name="乙水源一级")
    zone("noise-function-zone", square(size=3), **{"class": "2"})
    zone(
        "control-unit",
        square(size=4),
        code="ZH35050220001",
        kind="key",
        access=[{"verdict": "forbidden", "words": "印染", "text": "禁止印染"}],
    )


def page(client: Client, **asked: object) -> str:
    """The page for a question."""
    response = client.get("/zones/check", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_place_it_invites_to_ask(client_of: Callable[[str], Client]) -> None:
    text = page(client_of("clerk"))
    assert "尚未提问" in text and "zone-form" in text
    assert "file=pdf" not in text


def test_the_answer_names_verdict_clause_confidence_and_limits(client_of: Callable[[str], Client]) -> None:
    text = page(client_of("clerk"), place=INSIDE_ALL, activity="tourism")
    assert "一级保护区内禁止网箱养殖、旅游" in text
    assert "生态环境法典" in text and "未核实" in text
    assert "昼间限值" in text and "60 dB(A)" in text


def test_zones_outside_the_reach_are_told_of_but_not_shown(client_of: Callable[[str], Client]) -> None:
    text = page(client_of("inside-clerk"), place=INSIDE_ALL, activity="tourism")
    assert "乙水源一级" not in text and "甲水源二级" in text
    assert "另有您无权查看的分区" in text
    assert "另有您无权查看的分区" not in page(client_of("clerk"), place=INSIDE_ALL, activity="tourism")


def test_the_day_decides_which_law_is_cited(client_of: Callable[[str], Client]) -> None:
    text = page(client_of("clerk"), place=INSIDE_ALL, activity="tourism", on="2026-08-14")
    assert "水污染防治法 第六十五条" in text and "经一个来源核对" in text
    assert "生态环境法典 饮用水水源" not in text


def test_words_and_a_drawn_area(client_of: Callable[[str], Client]) -> None:
    polygon = "polygon:118.50,24.90;118.54,24.90;118.54,24.94;118.50,24.94"
    text = page(client_of("clerk"), place=polygon, description="新建印染车间")
    assert "禁止印染" in text and "分区自有条款" in text
    assert "100 %" in text and "6.3 %" in text


def test_where_no_zone_lies_it_says_so_and_that_this_is_no_permission(client_of: Callable[[str], Client]) -> None:
    text = page(client_of("clerk"), place=NO_SUCH, activity="tourism")
    assert "没有分区作出规定" in text and "不等于许可" in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"place": "nowhere"}, "nowhere"),
        ({"place": "{"}, "GeoJSON"),
        ({"place": "polygon:1,2;x"}, "1,2;x"),
        ({"place": INSIDE_ALL, "on": "gestern"}, "gestern"),
        ({"place": INSIDE_ALL, "activity": "new-projekt"}, "new-project"),
        ({"place": INSIDE_ALL, "industry": "26"}, "26"),
    ],
)
def test_what_cannot_be_understood_is_said_on_the_page(client_of: Callable[[str], Client], asked: dict[str, str], said: str) -> None:
    text = page(client_of("clerk"), **asked)
    assert 'role="alert"' in text and said in text.split('role="alert"')[1]


def test_it_speaks_both_languages(client_of: Callable[[str], Client]) -> None:
    client = client_of("clerk")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = page(client, place=INSIDE_ALL, activity="tourism")
    assert "What applies here?" in text and "No cage culture or tourism" in text and "Forbidden" in text
    assert "这里适用什么" not in text


def test_the_opinion_is_a_pdf_and_a_word_file_with_the_clauses(client_of: Callable[[str], Client]) -> None:
    client, asked = client_of("clerk"), {"place": INSIDE_ALL, "activity": "tourism", "description": "#eval(1) *粗* 农家乐"}
    made = client.get("/zones/check", {**asked, "file": "pdf"})
    assert made["Content-Type"] == "application/pdf"
    text = "".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(made.content)).pages)
    assert "生态环境分区研判意见" in text and "#eval(1)" in text and "禁止" in text
    word = Document(io.BytesIO(client.get("/zones/check", {**asked, "file": "docx"}).content))
    said = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "一级保护区内禁止网箱养殖" in said and "生态环境法典" in said
    assert "甲水源二级" in "".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)


def test_an_opinion_without_a_place_or_of_another_kind_is_refused(client_of: Callable[[str], Client]) -> None:
    assert client_of("clerk").get("/zones/check?file=pdf").status_code == 400
    assert client_of("clerk").get("/zones/check", {"place": INSIDE_ALL, "file": "exe"}).status_code == 400


def test_programs_get_the_same_answer(client_of: Callable[[str], Client]) -> None:
    query = urlencode([("place", INSIDE_ALL), ("activity", "tourism"), ("activity", "swimming"), ("on", "2026-11-21")])
    body = client_of("inside-clerk").get(f"/api/zones/check?{query}").json()
    assert (body["verdict"], body["hidden"], body["on"]) == ("limited", True, "2026-11-21")
    assert {row["code"] for row in body["touched"]} >= {"ZH35050220001"}
    assert body["findings"][0]["clause"] and body["findings"][0]["deciding"] is True
    assert client_of("clerk").get("/api/zones/check?place=nowhere").status_code == 400
    assert client_of("").get(f"/api/zones/check?{query}").status_code in {401, 403}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("118.5, 24.9", "Point"),
        ("东经118°30′00″ 北纬24°54′00″", "Point"),
        ("point:118.5,24.9", "Point"),
        ("line:118.5,24.9;118.6,24.9", "LineString"),
        ("polygon:118.5,24.9;118.6,24.9;118.6,25", "Polygon"),
        (json.dumps({"type": "Feature", "properties": {}, "geometry": line((0, 0), (1, 1))}), "LineString"),
    ],
)
def test_a_place_is_understood_in_any_spelling(written: str, kind: str) -> None:
    assert read_place(written)["type"] == kind


@pytest.mark.parametrize(
    "written", ["", "point:", "line:118,24", "polygon:1,1;1,1;1,1", "point:nan,1", "point:1e999,1", "[" * 5000, "{" + "[" * 9000]
)
def test_hostile_places_are_refused(written: str) -> None:
    with pytest.raises(BilanError):
        read_place(written)
