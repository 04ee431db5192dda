"""Pages of scored tables: points worked out by hand, the official grade, the year before, what would raise a grade, who sees what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client

from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, write
from tests.web import tiny
from tests.web.running import Site

ClientOf = Callable[[str], Client]
EQI = "ecological-quality-index"
GIVEN = {"grade": "“绿魂”升华版", "grade_year": 2024}
GOOD = {"households": 100, "refuse": True, "black_odorous": False, "monitored": True, "sewage": "纳管"}


@pytest.fixture(scope="module")
def filled(site: Site) -> None:
    """Three villages, and sheets of the ecological index of two years that rise by 2.5."""
    author = Author.platform("test")
    villages = [
        {"name": "甲村", "district": tiny.INSIDE, "treated_households": 90, **GOOD, **GIVEN},
        {"name": "乙村", "district": tiny.INSIDE, "treated_households": 55, **GOOD, "monitored": False},
        {"name": "丙村", "district": tiny.OUTSIDE, "treated_households": 90, **GOOD, "black_odorous": True},
    ]
    _write("village", villages, author)
    sheets = [
        {
            "name": f"甲区{year}年区域生态质量指数",
            "district": tiny.INSIDE,
            "scheme": EQI,
            "year": year,
            "status": "final",
            "values": [
                {"item": name, "value": 100 - value if name == "stress" else value}
                for name in ("pattern", "function", "biodiversity", "stress")
            ],
        }
        for year, value in ((2024, 60.0), (2025, 62.5))
    ]
    _write("evaluation-sheet", sheets, author)


def _write(register: str, values: list[dict[str, object]], author: Author) -> None:
    outcome = write(register, [Draft(entry) for entry in values], author)
    assert outcome.change is not None, [problem.text("en") for result in outcome.refused for problem in result.problems]


def code(register: str, name: str) -> str:
    return str(Entry.objects.get(register=register, name=name).code)


def plain(response: object) -> str:
    """Text of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))  # type: ignore[attr-defined]


def rows(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(f"{address}{'&' if '?' in address else '?'}export=csv")
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_all_tables_are_listed(filled: None, client_of: ClientOf) -> None:
    text = plain(client_of("viewer").get("/scores"))
    assert "绿盈乡村分级" in text
    assert "区域生态质量指数" in text


def test_villages_stand_in_their_order_with_the_official_grade(filled: None, client_of: ClientOf) -> None:
    found = rows(client_of("viewer"), "/scores/green-village")
    # 乙村: (55 − 20) / (90 − 20) of 35 is 17.5, with 20 + 20 + 15 and nothing for monitoring: 72.5. 丙村 is held at 69.
    told = [(row["名称"], row["名次"], row["得分"]) for row in found]
    assert told == [("甲村", "1", "100.0"), ("乙村", "2", "72.5"), ("丙村", "3", "69.0")]
    assert [row["与测算相比"] for row in found] == ["与测算一致", "", ""]


def test_a_district_sees_its_own(filled: None, client_of: ClientOf) -> None:
    assert {row["名称"] for row in rows(client_of("inside-viewer"), "/scores/green-village")} == {"甲村", "乙村"}
    assert client_of("inside-viewer").get(f"/scores/green-village/{code('village', '丙村')}").status_code == 404
    assert {row["名称"] for row in rows(client_of("viewer"), f"/scores/green-village?district={tiny.OUTSIDE}")} == {"丙村"}


def test_why_names_items_caps_and_what_would_raise_it(filled: None, client_of: ClientOf) -> None:
    client = client_of("viewer")
    text = plain(client.get(f"/scores/green-village/{code('village', '乙村')}"))
    assert "55，下限20得0分、目标90得满分，按直线得50.0%" in text
    assert "还差 7.5 分" in text
    assert "+17.5 仅此一项即可升级" in text
    assert "不高于初级版" in plain(client.get(f"/scores/green-village/{code('village', '丙村')}"))


def test_the_year_before_is_beside_it(filled: None, client_of: ClientOf) -> None:
    client = client_of("viewer")
    # 环监测[2021]99号: a rise of 2 to 4 is 一般变好.
    text = plain(client.get(f"/scores/{EQI}/{code('evaluation-sheet', '甲区2025年区域生态质量指数')}"))
    assert "+2.50 一般变好" in text
    assert "二类" in text
    (row,) = rows(client, f"/scores/{EQI}")
    assert (row["得分"], row["比上年"]) == ("62.5", "2.5")
    (before,) = rows(client, f"/scores/{EQI}?year=2024")
    assert before["得分"] == "60.0"


def test_a_sheet_of_another_table_is_not_found(filled: None, client_of: ClientOf) -> None:
    address = f"/scores/river-health/{code('evaluation-sheet', '甲区2025年区域生态质量指数')}"
    assert client_of("viewer").get(address).status_code == 404
    assert client_of("viewer").get("/scores/moon").status_code == 404


def test_pages_are_there_in_english(filled: None, client_of: ClientOf) -> None:
    client = client_of("viewer")
    address = f"/scores/green-village/{code('village', '乙村')}"
    text = plain(client.get(address, headers={"accept-language": "en"}))
    assert "nothing at 20, all at 90" in text
    assert "What would raise the grade" in text
