"""A plan as PDF: paragraphs over pages, running heads gone, a table told by where its fields stand."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
import typst

from bilan.plans.reader import BlockKind, Document, read

SHEET = """
#set text(font: "Noto Serif CJK SC", size: 11pt)
#set page(paper: "a5", header: [临泽市清洁城市规划], numbering: "— 1 —")
临泽市清洁城市规划

第一章 打好基础

第一节 回顾

表1 主要指标
#table(columns: 6, [类别],[序号],[指标],[2025年现状值],[2030年目标值],[属性],
table.cell(rowspan: 2)[空气],[1],[优良天数比例（%）],[93.1],[≥95],[约束性],[2],[细颗粒物浓度（μg/m3）],[24],[≤20],[约束性],
[水],[3],[断面优良比例（%）],[85],[完成省下达目标],[预期性])
注：以省下达为准。
#pagebreak()
第二章 推进治理

到2030年，全市单位工业增加值能耗比2025年下降12%，建成一批绿色工厂，完成燃煤锅炉改造42台，新增清洁能源公交车200辆，
#pagebreak()
#h(0pt)更新老旧管网56公里，农村生活污水治理率达到75%以上。
#pagebreak()
第三章 落实责任

各县每年报告一次。
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    sheet = folder / "plan.typ"
    sheet.write_text(SHEET.replace("200辆，\n", "200辆，"), encoding="utf-8")
    path = folder / "规划.pdf"
    path.write_bytes(typst.compile(sheet, root=folder))
    if "临泽" not in pypdf.PdfReader(path).pages[0].extract_text():
        pytest.skip("no font with Chinese characters is installed")
    return path


@pytest.fixture(scope="module")
def plan(file) -> Document:
    return read(file)


def test_a_sentence_over_two_pages_is_whole_and_running_heads_are_gone(plan):
    (whole,) = [block for block in plan.blocks if "绿色工厂" in block.text]
    assert "更新老旧管网" in whole.text
    assert "临泽市" not in whole.text
    assert (whole.section, whole.page) == ("第二章", 2)
    assert whole.line_at(whole.text.index("更新")) == 3


def test_rows_of_the_table(plan):
    rows = [block for block in plan.blocks if block.kind is BlockKind.ROW]
    assert [list(row.cells.values()) for row in rows] == [
        ["空气", "1", "优良天数比例（%）", "93.1", "≥95", "约束性"],
        ["空气", "2", "细颗粒物浓度（μg/m3）", "24", "≤20", "约束性"],
        ["水", "3", "断面优良比例（%）", "85", "完成省下达目标", "预期性"],
    ]
    assert {row.section for row in rows} == {"表1"}
    assert list(rows[0].cells)[3:5] == ["2025年现状值", "2030年目标值"]


def test_title(plan):
    assert plan.title == "临泽市清洁城市规划"


def test_five_hundred_pages_are_read(file, tmp_path):
    writer = pypdf.PdfWriter()
    pages = pypdf.PdfReader(file).pages
    for _ in range(167):
        for page in pages[1:]:
            writer.add_page(page)
    path = tmp_path / "long.pdf"
    writer.write(path)
    document = read(path)
    assert sum("绿色工厂" in block.text for block in document.blocks) == 167
