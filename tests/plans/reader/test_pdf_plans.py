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


LONG_TABLE = """
#set text(font: "Noto Serif CJK SC", size: 11pt)
#set page(paper: "a5", header: [临泽市清洁城市规划], numbering: "— 1 —")
表1 主要指标
#table(columns: 5, table.header([序号],[指标],[2025年现状值],[2030年目标值],[属性]),
..range(1, 60).map(i => ([#i], [第#(i)项指标的完成比例（%）], [#(i + 10)], [≥95], [约束性])).flatten())
注：以省下达为准。
"""


def printed(folder: Path, source: str) -> Path:
    """Set a sheet as PDF."""
    sheet = folder / "plan.typ"
    sheet.write_text(source, encoding="utf-8")
    path = folder / "规划.pdf"
    path.write_bytes(typst.compile(sheet, root=folder))
    if "临泽" not in pypdf.PdfReader(path).pages[0].extract_text():
        pytest.skip("no font with Chinese characters is installed")
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return printed(tmp_path_factory.mktemp("pdf"), SHEET.replace("200辆，\n", "200辆，"))


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


def test_a_table_goes_on_over_pages(tmp_path):
    blocks = read(printed(tmp_path, LONG_TABLE)).blocks
    rows = [block for block in blocks if block.kind is BlockKind.ROW]
    assert ["".join(row.cells["指标"].split()) for row in rows] == [f"第{number}项指标的完成比例（%）" for number in range(1, 60)]
    assert len({row.line for row in rows}) > 2
    assert (blocks[-1].kind, blocks[-1].section) == (BlockKind.NOTE, "表1")


def test_pages_without_text_are_told(file, tmp_path):
    writer = pypdf.PdfWriter(clone_from=file)
    writer.add_blank_page(width=300, height=400)
    path = tmp_path / "part.pdf"
    writer.write(path)
    (problem,) = read(path).problems
    assert (problem.code, problem.values["pages"]) == ("plan.some_scanned", [5])


def test_title(plan):
    assert plan.title == "临泽市清洁城市规划"


def test_a_long_document_is_read(file, tmp_path):
    writer = pypdf.PdfWriter()
    pages = pypdf.PdfReader(file).pages
    for _ in range(100):
        for page in pages[1:]:
            writer.add_page(page)
    path = tmp_path / "long.pdf"
    writer.write(path)
    document = read(path)
    assert sum("绿色工厂" in block.text for block in document.blocks) == 100
