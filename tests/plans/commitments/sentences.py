"""Short documents for the grammar, written in the style of plans."""

from __future__ import annotations

from bilan.plans.commitments import Read, commitments
from bilan.plans.reader import Block, BlockKind, Document

JOINT = " | "


def paragraph(text: str, *headings: str, kind: BlockKind = BlockKind.PARAGRAPH) -> Block:
    """One paragraph below headings."""
    return Block(1, kind, text, 1, section="第一章", headings=headings)


def document(*blocks: Block, title: str = "某市“十四五”规划", begin: int = 2021, finish: int = 2025) -> Document:
    """A document of the fourteenth five-year plan."""
    return Document(title, blocks, begin=begin, finish=finish, base=begin - 1)


def read(text: str, *headings: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[Read]:
    """Everything read from one paragraph."""
    return commitments(document(paragraph(text, *headings, kind=kind)))


def numbers(text: str, *headings: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[Read]:
    """The commitments with a number read from one paragraph."""
    return [one for one in read(text, *headings, kind=kind) if one.value is not None]


def row(**cells: str) -> Block:
    """One row of a table."""
    return Block(1, BlockKind.ROW, JOINT.join(cells.values()), 1, section="表1", headings=("表1主要指标",), cells=cells)
