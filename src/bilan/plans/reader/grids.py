"""A table becomes rows whose cells carry the headings of their columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bilan.plans.reader.layout import Layout, layout
from bilan.plans.reader.lines import Cell, Table
from bilan.plans.reader.model import JOINT

STRETCH = re.compile(r"(?<=[\u4e00-\u9fff）]) (?=[\u4e00-\u9fff（])")


@dataclass(slots=True)
class Row:
    """A row of a table.

    Attributes:
        cells: heading of the column → cell; `text`: the cells joined, without the one that names the group.
        marks: (offset in `text`, line of the source) of each cell; `line`: where the cell stands that names what the row is about.
        group: what the group is called that the row belongs to, and where that stands; `begins`: whether it is the group's first row.
    """

    cells: dict[str, str]
    text: str
    marks: list[tuple[int, int]]
    line: int
    group: str = ""
    group_line: int = 0
    begins: bool = False


@dataclass(slots=True)
class Grid:
    """A table once its headings are known."""

    heads: list[str]
    head_line: int
    rows: list[Row] = field(default_factory=list)


def grid(table: Table) -> Grid | None:
    """Find the headings of a table, put each cell under one, and fill in cells that are merged downwards."""
    plan = layout(table)
    if plan is None:
        return None
    result = Grid(plan.heads, table.rows[0][0].line if table.rows[0] else table.line)
    above: list[list[Cell]] = [[] for _ in plan.heads]
    group, group_line = "", 0
    for row in plan.body:
        if plan.is_subtitle(row):
            cell = next(cell for cell in row if cell.text)
            group, group_line = flat(cell.text), cell.line
            continue
        placed = plan.place(row)
        _fill(plan, placed, above)
        above = placed
        made = _row(plan, placed)
        if made is not None:
            if plan.group is None:
                made.group, made.group_line = group, group_line
            made.begins = not result.rows or made.group != result.rows[-1].group
            result.rows.append(made)
    return result if result.rows else None


def _fill(plan: Layout, placed: list[list[Cell]], above: list[list[Cell]]) -> None:
    """Give cells that are empty because a cell above reaches down to them that cell's text."""
    own = any(cell.text and not cell.covered for cell in placed[plan.name])
    whole = bool(placed[plan.name]) and all(cell.text for cell in placed[plan.name])
    for column, cells in enumerate(placed):
        empty = not any(cell.text for cell in cells)
        if column == plan.name and own and not whole:
            for index, cell in enumerate(cells):
                if not cell.text and index < len(above[column]):
                    cells[index] = Cell(above[column][index].text, above[column][index].line, covered=True)
        elif empty and (column < plan.name or column in plan.shared or (column == plan.name and not own)):
            if column == plan.serial and own and whole:
                continue
            placed[column] = [Cell(cell.text, cell.line, covered=True) for cell in above[column]]


def _row(plan: Layout, placed: list[list[Cell]]) -> Row | None:
    """Join a row's cells to its text, leaving out the one that names the group."""
    cells = {head: JOINT.join(flat(cell.text) for cell in column if cell.text) for head, column in zip(plan.heads, placed, strict=True)}
    text = ""
    marks: list[tuple[int, int]] = []
    for cell in (cell for index, column in enumerate(placed) if index != plan.group for cell in column if cell.text):
        text += JOINT if text else ""
        marks.append((len(text), cell.line))
        text += flat(cell.text)
    if not text:
        return None
    own = [cell.line for cell in placed[plan.name] if cell.text and not cell.covered]
    row = Row(cells, text, marks, own[-1] if own else marks[0][1])
    if plan.group is not None and placed[plan.group]:
        row.group, row.group_line = flat(placed[plan.group][0].text), placed[plan.group][0].line
    return row


def flat(text: str) -> str:
    """A cell's text in one line, without the spaces that stretch Chinese words.

    Examples:
        >>> flat("氨    氮  （吨）\\n单位 GDP 能耗")
        '氨氮（吨）单位 GDP 能耗'
    """
    return STRETCH.sub("", " ".join(text.split()))
