"""What holds of any text: nothing visible is lost or doubled, and each character knows its line."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.plans.reader import Block, BlockKind, Document, read_text
from bilan.plans.reader.debris import is_page_mark, strip

CLAUSES = st.sampled_from(
    [
        "到2030年",
        "全市优良天数比例达到95%以上",
        "新建管网20公里",
        "推进治理",
        "（PM2.5）",
        "“清洁河道”",
        "?o?Y湖",
        "单位GDP能耗",
        "12.5万吨/日",
    ]
)
SENTENCE = st.builds(lambda parts, end: "，".join(parts) + end, st.lists(CLAUSES, min_size=1, max_size=6), st.sampled_from("。；："))
HEADING = st.sampled_from(
    ["第一章 打好基础", "第二节 管住烟囱", "一、总体要求", "（三）治水。到2027年完成。", "专栏一：工程", "注：说明。", "1.建设"]
)
DEBRIS = st.sampled_from(["", "", "[bookmark: _Toc1]", "[image: 图 1]", "— 3 —", " "])
HALVES = st.builds(lambda text, at: text[: at % len(text)] + "\n\n" + text[at % len(text) :], SENTENCE, st.integers(1, 40))
LINES = st.lists(st.one_of(SENTENCE, HEADING, DEBRIS, HALVES), min_size=1, max_size=25)


def visible(text: str) -> str:
    """Characters of a text that are neither white space nor debris."""
    kept = [line for line in (strip(raw) for raw in text.split("\n")) if not is_page_mark(line)]
    return "".join("".join(kept).split())


def squeezed(document: Document) -> str:
    return "".join("".join(block.text.split()) for block in document.blocks)


@given(LINES)
@settings(max_examples=200, deadline=None)
def test_every_visible_character_stands_in_one_block_in_its_order(lines):
    text = "到2030年，本市建成清洁城市。\n" + "\n".join(lines)
    assert squeezed(read_text(text)) == visible(text)


@given(LINES)
@settings(max_examples=200, deadline=None)
def test_every_character_stands_on_the_line_it_says(lines):
    text = "到2030年，本市建成清洁城市。\n" + "\n".join(lines)
    sources = [strip(line) for line in text.split("\n")]
    for block in read_text(text).blocks:
        _check(block, sources)


def _check(block: Block, sources: list[str]) -> None:
    """Each stretch between two marks stands as it is on the line that the mark names."""
    bounds = [*(offset for offset, _ in block.marks), len(block.text)]
    for (offset, line), end in zip(block.marks, bounds[1:], strict=True):
        assert block.text[offset:end].strip() in sources[line - 1]
        assert block.line_at(offset) == block.line_at(max(offset, end - 1)) == line


NAMES = st.sampled_from(["优良天数比例（%）", "森林覆盖率（%）", "细颗粒物浓度（μg/m3）", "生活污水集中收集率（%）"])
VALUES = st.sampled_from(["93.1", "≥95", "/", "完成省下达目标", "100"])
NATURES = st.sampled_from(["约束性", "预期性"])
TABLE = st.lists(st.tuples(NAMES, VALUES, VALUES, NATURES), min_size=2, max_size=12)


@given(TABLE, st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_table_comes_out_the_same_however_it_was_broken(rows, tabbed):
    heads = ["序号", "指标", "2025年现状值", "2030年目标值", "属性"]
    whole = [heads, *([str(number), *row] for number, row in enumerate(rows, start=1))]
    if tabbed:
        lines = []
        for row in whole:
            lines += [*(f"\t{cell}" for cell in row), ""]
    else:
        lines = ["\t".join(row) for row in whole]
    document = read_text("到2030年，本市建成清洁城市。\n\n表1 主要指标\n" + "\n".join(lines) + "\n注：以省下达为准。\n")
    found = [list(block.cells.values()) for block in document.blocks if block.kind is BlockKind.ROW]
    assert found == whole[1:]


@given(TABLE)
@settings(max_examples=100, deadline=None)
def test_a_table_of_bare_lines_is_put_together_by_its_running_numbers(rows):
    heads = ["序号", "指标", "2025年", "现状值", "2030年", "目标值", "属性"]
    lines = [*heads, *(cell for number, row in enumerate(rows, start=1) for cell in [str(number), *row])]
    document = read_text("到2030年，本市建成清洁城市。\n\n表1 主要指标\n" + "\n".join(lines) + "\n注：以省下达为准。\n")
    found = [list(block.cells.values()) for block in document.blocks if block.kind is BlockKind.ROW]
    assert found == [[str(number), *row] for number, row in enumerate(rows, start=1)]


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_reader(text):
    document = read_text("到2030年，全市优良天数比例达到九成五以上，清洁城市全面建成。\n" * 8 + text)
    assert document.blocks
