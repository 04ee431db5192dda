"""A plan exported to plain text: debris gone, sentences whole, sections named, tables put together again."""

from __future__ import annotations

import csv

import pytest

from bilan.plans.reader import Block, BlockKind, Document, read
from tests.plans.reader.texts import PLAN, reading
from tests.shared import shared_plans


@pytest.fixture
def plan(tmp_path) -> Document:
    return reading(tmp_path, PLAN)


def block(document: Document, words: str) -> Block:
    """The one block of the body that holds some words."""
    (found,) = [block for block in document.blocks if words in block.text and block.section != "目录"]
    return found


def test_title_and_years_come_from_the_document(plan):
    assert (plan.title, plan.begin, plan.finish, plan.base) == ("临泽市“十五五”清洁城市规划", 2026, 2030, 2025)


def test_a_sentence_cut_by_a_page_break_is_whole_and_knows_its_lines(plan):
    whole = block(plan, "优良天数比例为")
    assert whole.text == "2025年，全市优良天数比例为93.1%，建成污水处理厂六座。"
    lines = PLAN.split("\n")
    assert "[bookmark" in lines[whole.line - 1]
    assert lines[whole.line_at(whole.text.index("处理厂")) - 1] == "处理厂六座。"


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("建成污水处理厂六座", "第一章第一节"),
        ("老旧管网尚有120公里", "第一章第二节"),
        ("单位工业增加值能耗", "第二章第一节"),
        ("管住车轮要靠制度", "第二章第二节"),
        ("改造燃煤锅炉40台", "专栏一"),
        ("更新公交车300辆", "专栏一"),
        ("3 | 主要污染物排放量（吨） | 化学需氧量", "表1"),
        ("2025年现状值为初步统计数", "表1"),
    ],
)
def test_each_text_carries_the_name_of_its_section_even_where_the_heading_is_lost(plan, words, section):
    assert block(plan, words).section == section


def test_lost_headings_are_told(plan):
    assert [problem.code for problem in plan.problems] == ["plan.headings_lost"]
    assert plan.problems[0].values == {"value": 2}


def test_cells_of_a_table_broken_into_lines_carry_their_headings(plan):
    assert block(plan, "优良天数比例（%）").cells == {
        "类别": "空气",
        "序号": "1",
        "指标": "优良天数比例（%）",
        "2025年现状值": "93.1",
        "2030年目标值": "≥95",
        "属性": "约束性",
    }


def test_merged_cells_reach_down(plan):
    second = block(plan, "细颗粒物浓度")
    assert (second.cells["类别"], second.cells["属性"]) == ("空气", "约束性")
    nitrogen = block(plan, "氨氮")
    assert nitrogen.text == "3 | 主要污染物排放量（吨） | 氨氮 | 410 | 完成省下达目标 | 预期性"
    assert nitrogen.cells["指标"] == "主要污染物排放量（吨） | 氨氮"
    assert PLAN.split("\n")[nitrogen.line - 1].strip() == "氨 氮"


def test_kinds(plan):
    assert block(plan, "第二章 干净的空气").kind is BlockKind.HEADING
    assert block(plan, "改造燃煤锅炉40台").kind is BlockKind.BOX
    assert block(plan, "目标值以省下达的为准").kind is BlockKind.NOTE
    assert block(plan, "完成锅炉改造40台").kind is BlockKind.PARAGRAPH


def test_articles_counted_anew_in_each_part_carry_the_part(tmp_path):
    text = "一、水\n（一）管网。到2027年新建管网20公里。\n二、气\n（一）锅炉。到2027年淘汰锅炉3台。\n"
    document = reading(tmp_path, text)
    assert [block.section for block in document.blocks if block.kind is BlockKind.PARAGRAPH] == ["一、（一）", "二、（一）"]


@pytest.mark.parametrize("city", ["xiamen", "quanzhou"])
def test_every_annotated_sentence_of_the_real_plans_lies_whole_in_a_block_of_its_section(city):
    gold = shared_plans(f"gold_{city}_part.csv")
    (path,) = gold.parent.glob(f"{city}_*.txt")
    blocks = [("".join(block.text.split()), block) for block in read(path).blocks]
    for row in csv.DictReader(gold.read_text(encoding="utf-8-sig").splitlines()):
        sentence = "".join(row["sentence_zh"].split())
        holding = [block for text, block in blocks if sentence in text and block.section == row["article_or_section"]]
        assert any(int(row["line"]) in [line for _, line in block.marks] for block in holding), row["id"]
