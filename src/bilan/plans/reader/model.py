"""What a plan document consists of once it is read: blocks of clean text, each of which knows where it stands in the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bilan.problems import Problem

JOINT = " | "
"""Stands between the cells of a table row."""


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ROW = "row"
    NOTE = "note"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a table row, a note below a table, or a paragraph within a box.

    Attributes:
        number: place in the document, from 0.
        kind: what it is.
        text: without debris and without line breaks; the cells of a row are joined by ``" | "``.
        line: where the text begins: the line of a text file, the paragraph of a Word file, the page of a PDF, all from 1.
            A row stands where its second cell does, which names the indicator.
        level: of a heading, 1 for the title of the document; else 0.
        page: page of a PDF, else nothing.
        section: name of the section it stands in, such as ``第一章第二节``, ``（六）``, ``专栏二``, ``表2``.
        headings: titles of the headings above it, outermost first.
        cells: of a row, heading of the column → cell; merged cells are repeated in each row they cover.
        marks: (offset in `text`, line of the source) wherever the line changes, first offset 0.
    """

    number: int
    kind: BlockKind
    text: str
    line: int
    level: int = 0
    page: int | None = None
    section: str = ""
    headings: tuple[str, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[tuple[int, int], ...] = ()

    def line_at(self, offset: int) -> int:
        """Line of the source that the character at `offset` of the text stands on.

        Examples:
            >>> Block(0, BlockKind.PARAGRAPH, "到2025年，达到80%。", 7, marks=((0, 7), (8, 9))).line_at(9)
            9
        """
        place = bisect_right(self.marks, offset, key=lambda mark: mark[0])
        return self.marks[place - 1][1] if place else self.line


@dataclass(frozen=True, slots=True)
class Document:
    """A plan document as it was read.

    Attributes:
        title: as printed at its head; the name of the file when none stands there.
        blocks: in the order of the document.
        problems: what was doubtful on the way but did not stop the reading.
        begin, finish: first and last year of the plan, when the document says so; `base`: the year its baselines are of.
    """

    title: str
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()
    begin: int | None = None
    finish: int | None = None
    base: int | None = None
