"""Tables of a Word file: which cell covers which columns and rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bilan.plans.reader.lines import Cell, Table
from bilan.plans.reader.numbering import W

WIDEST = 200
MOST_HEADS = 4


@dataclass(slots=True)
class _Span:
    """A cell: its node, its first column and one behind its last; `down` when it goes on a cell from above."""

    node: Any
    begin: int
    end: int
    down: bool


class Grids:
    """A table node taken apart into spans, row by row."""

    def __init__(self, node: Any) -> None:
        self.rows = [_spans(row) for row in node.iter(f"{W}tr") if _nearest(row, "tbl") is node]
        self.rows = [row for row in self.rows if row]
        self.width = max((row[-1].end for row in self.rows), default=1)
        self.marked = _marked_heads(node)

    def table(self, text: Callable[[Any], tuple[str, int]]) -> Table:
        """Make the table, asking `text` for the text of a cell and where it stands."""
        texts = [[text(span.node) for span in row] for row in self.rows]
        heads = self.marked or self._depth()
        columns = self._columns(max(heads, 1))
        above: dict[int, Cell] = {}
        rows: list[list[Cell]] = []
        for index, (row, words) in enumerate(zip(self.rows, texts, strict=True)):
            cells: list[Cell] = []
            for span, (word, line) in zip(row, words, strict=True):
                over = above.get(span.begin)
                cell = Cell(over.text, over.line, covered=True) if span.down and over is not None else Cell(word, line)
                for at in range(span.begin, span.end):
                    above[at] = cell
                covered = sorted({columns[at] for at in range(span.begin, span.end)})
                for column in covered if index < heads else covered[:1]:
                    cells.append(Cell(cell.text, cell.line, cell.covered, column, whole=len(covered) == columns[-1] + 1))
            rows.append(cells)
        return Table(rows, texts[0][0][1], heads=heads or None)

    def _depth(self) -> int:
        """Rows of headings: as many as the tallest cell of the first row covers; nothing when it covers one."""
        tallest = 1
        for span in self.rows[0]:
            tall = 1
            for row in self.rows[1 : MOST_HEADS + 1]:
                if not any(other.down and other.begin == span.begin for other in row):
                    break
                tall += 1
            tallest = max(tallest, tall)
        return tallest if 1 < tallest < len(self.rows) else 0

    def _columns(self, heads: int) -> list[int]:
        """Heading that each column of the grid belongs to: columns below the very same heading cells are one."""
        keys = []
        for at in range(self.width):
            spans = [next((index for index, span in enumerate(row) if span.begin <= at < span.end), -1) for row in self.rows[:heads]]
            keys.append(tuple(spans))
        columns = [0]
        for before, after in pairwise(keys):
            columns.append(columns[-1] + (before != after))
        return columns


def _nearest(node: Any, tag: str) -> Any | None:
    """The table or row that a node stands in, the innermost of nested ones."""
    parent = node.getparent()
    while parent is not None and parent.tag != f"{W}{tag}":
        parent = parent.getparent()
    return parent


def _spans(row: Any) -> list[_Span]:
    """Cells of a row."""
    properties = row.find(f"{W}trPr")
    at = _count(properties, "gridBefore", 0)
    spans: list[_Span] = []
    for cell in row.iter(f"{W}tc"):
        if _nearest(cell, "tr") is not row:
            continue
        own = cell.find(f"{W}tcPr")
        merge = own.find(f"{W}vMerge") if own is not None else None
        wide = _count(own, "gridSpan", 1)
        if at + wide > WIDEST:
            break
        spans.append(_Span(cell, at, at + wide, merge is not None and merge.get(f"{W}val", "continue") == "continue"))
        at += wide
    return spans


def _count(properties: Any | None, tag: str, default: int) -> int:
    """A number among the properties of a row or a cell."""
    found = properties.find(f"{W}{tag}") if properties is not None else None
    value = found.get(f"{W}val", "") if found is not None else ""
    return int(value) if value.isdecimal() else default


def _marked_heads(node: Any) -> int:
    """Rows that the document itself repeats as headings on each page."""
    count = 0
    for row in node.iter(f"{W}tr"):
        properties = row.find(f"{W}trPr")
        if properties is None or properties.find(f"{W}tblHeader") is None:
            break
        count += 1
    return min(count, MOST_HEADS)
