"""A plan written in Word: headings, automatic numbers, merged cells, frames, text boxes, tracked deletions."""

from __future__ import annotations

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bilan.plans.reader import BlockKind, Document, read

CELLS = {"类别": "空气", "序号": "2", "指标": "排放量（吨） | 氨氮", "全市2025年": "410", "全市2030年": "完成省下达目标", "属性": "预期性"}
TEXT_BOX = (
    "<w:p {}><w:r><w:t>到2029年，建成湿地公园2个。</w:t></w:r><w:r><mc:AlternateContent "
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>专栏二 湿地工程</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>到2029年，恢复湿地800亩。</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>专栏二 湿地工程</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r></w:p>"
)
TRACKED = (
    "<w:p {}><w:r><w:t>到2030年，新建管网</w:t></w:r><w:del><w:r><w:delText>30</w:delText></w:r></w:del>"
    "<w:ins><w:r><w:t>20</w:t></w:r></w:ins><w:r><w:t>公里。</w:t></w:r></w:p>"
)


def merged_table(document) -> None:
    """A table with two rows of headings and cells merged both ways."""
    table = document.add_table(rows=5, cols=7)
    texts = [
        ("类别", "序号", "指标", "", "全市", "", "属性"),
        ("", "", "", "", "2025年", "2030年", ""),
        ("空气", "1", "优良天数比例（%）", "", "93.1", "≥95", "约束性"),
        ("", "2", "排放量（吨）", "化学需氧量", "5120", "完成省下达目标", "预期性"),
        ("", "", "", "氨  氮", "410", "完成省下达目标", ""),
    ]
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            table.cell(row, column).text = text
    spans = [((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (1, 3)), ((0, 4), (0, 5)), ((0, 6), (1, 6)), ((2, 2), (2, 3))]
    for first, last in [*spans, ((2, 0), (4, 0)), ((3, 1), (4, 1)), ((3, 2), (4, 2)), ((3, 6), (4, 6))]:
        text = table.cell(*first).text
        table.cell(*first).merge(table.cell(*last)).text = text


@pytest.fixture
def plan(tmp_path) -> Document:
    document = docx.Document()
    document.add_paragraph("临泽市清洁城市规划", style="Title")
    document.add_heading("第一章 打好基础", 1)
    document.add_heading("第一节 回顾", 2)
    document.add_paragraph("2025年，全市优良天数比例为93.1%，建成污水")
    document.add_paragraph("处理厂六座。")
    document.add_paragraph("表1 主要指标")
    merged_table(document)
    document.add_paragraph("注：以省下达为准。")
    frame = document.add_table(rows=2, cols=1)
    frame.cell(0, 0).text = "专栏一 清洁空气工程"
    frame.cell(1, 0).text = "到2027年，改造燃煤锅炉40台。"
    for text in ("推进治理。到2027年新建站点5座。", "加强监管。到2028年新建站点3座。"):
        document.add_paragraph(text, style="List Number")
    for xml in (TEXT_BOX, TRACKED):
        document.element.body.insert(-1, parse_xml(xml.format(nsdecls("w"))))
    path = tmp_path / "规划.docx"
    document.save(path)
    return read(path)


def places(plan: Document) -> dict[str, tuple[str, str]]:
    return {block.text: (block.kind, block.section) for block in plan.blocks}


def test_headings_sections_and_the_sentence_cut_in_two(plan):
    assert plan.title == "临泽市清洁城市规划"
    whole = next(block for block in plan.blocks if "优良天数比例为" in block.text)
    assert (whole.text, whole.section) == ("2025年，全市优良天数比例为93.1%，建成污水处理厂六座。", "第一章第一节")
    assert whole.line_at(len(whole.text) - 1) == whole.line + 1


def test_merged_cells_stand_below_their_headings(plan):
    rows = [block for block in plan.blocks if block.kind is BlockKind.ROW]
    assert [row.text.split(" | ")[0] for row in rows] == ["1", "2", "2"]
    assert dict(rows[2].cells) == CELLS
    assert rows[0].cells["指标"] == "优良天数比例（%）"
    assert {row.section for row in rows} == {"表1"}


@pytest.mark.parametrize(
    ("text", "kind", "section"),
    [
        ("注：以省下达为准。", BlockKind.NOTE, "表1"),
        ("到2027年，改造燃煤锅炉40台。", BlockKind.BOX, "专栏一"),
        ("1.推进治理。到2027年新建站点5座。", BlockKind.PARAGRAPH, "第一章第一节"),
        ("2.加强监管。到2028年新建站点3座。", BlockKind.PARAGRAPH, "第一章第一节"),
        ("到2029年，恢复湿地800亩。", BlockKind.BOX, "专栏二"),
        ("到2030年，新建管网20公里。", BlockKind.PARAGRAPH, "第一章第一节"),
    ],
)
def test_frames_boxes_automatic_numbers_and_tracked_changes(plan, text, kind, section):
    assert places(plan)[text] == (kind, section)


def test_a_text_box_is_read_once_though_word_keeps_it_twice(plan):
    assert sum(block.text == "专栏二 湿地工程" for block in plan.blocks) == 1
