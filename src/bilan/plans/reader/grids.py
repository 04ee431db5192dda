"""A table becomes rows whose cells carry the headings of their columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from bilan.plans.reader.columns import place, shape
from bilan.plans.reader.lines import Cell, Table
from bilan.plans.reader.model import JOINT

SERIAL = re.compile(r"^(?:序\s*号|编\s*号|No\.?)$", re.IGNORECASE)
NAME = re.compile(r"指\s*标|名\s*称|项\s*目|任\s*务|内\s*容|工\s*程")
GROUP = re.compile(r"类\s*别|类\s*型|领\s*域|分\s*类|方\s*面")
STRETCH = re.compile(r"(?<=[\u4e00-\u9fff）]) (?=[\u4e00-\u9fff（])")
VALUES = frozenset({"whole", "value", "dash", "nature"})
MOST_HEADS = 4


@dataclass(slots=True)
class Row:
    """A row of a table: its cells by the heading of their column, its text with the places of the cells in it, its line, its group.

    Attributes:
        group: text of the cell that only names the group this row belongs to, given once where the group begins.
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
    rows = [row for row in table.rows if any(cell.text for cell in row)]
    count = table.heads if table.heads is not None else _count_heads(rows)
    if not rows or count >= len(rows):
        return None
    heads = _heads(rows[:count]) if count else [f"{index + 1}" for index in range(max(len(row) for row in rows))]
    body = rows[count:]
    columns = _columns(body, len(heads))
    serial = next((index for index, text in enumerate(heads) if SERIAL.match(text)), None)
    group = next((index for index, text in enumerate(heads) if GROUP.search(text)), None) if serial is None else serial - 1
    if group is not None and (group < 0 or group > 1 or (serial is None and group != 0)):
        group = None
    name = _name_column(heads, serial)
    result = Grid(heads, rows[0][0].line if rows[0] else table.line)
    above: list[list[Cell]] = [[] for _ in heads]
    shared = _shared(columns)
    ragged = _ragged(body, columns)
    for row in body:
        placed: list[list[Cell]] = [[] for _ in heads]
        where = ragged.get(len(row)) or place([[cell.text] for cell in row], columns)
        for cell, column in zip(row, where, strict=True):
            placed[column].append(cell)
        _fill(placed, above, name, serial, shared)
        above = placed
        made = _row(heads, placed, group, name)
        if made is not None:
            made.begins = not result.rows or made.group != result.rows[-1].group
            result.rows.append(made)
    return result


def _count_heads(rows: list[list[Cell]]) -> int:
    """Rows of headings: those before the first that holds a number where headings hold words."""
    for index, row in enumerate(rows[: MOST_HEADS + 1]):
        shapes = [shape(cell.text) for cell in row]
        if index and any(text in VALUES for text in shapes):
            return index
    return 1 if len(rows) > 1 else 0


def _heads(rows: list[list[Cell]]) -> list[str]:
    """Headings of the columns: those of several rows joined from above downwards, each word once; no two are the same."""
    width = max(len(row) for row in rows)
    found: list[str] = []
    for column in range(width):
        words: list[str] = []
        for row in rows:
            text = "".join(row[column].text.split()) if column < len(row) else ""
            if text and text not in words:
                words.append(text)
        text = "".join(words) or f"{column + 1}"
        found.append(text if text not in found else f"{text}{column + 1}")
    return found


def _columns(body: list[list[Cell]], width: int) -> list[Counter[str]]:
    """Shapes each column holds in the rows that have a cell for each column."""
    columns: list[Counter[str]] = [Counter() for _ in range(width)]
    for row in body:
        if len(row) == width:
            for column, cell in zip(columns, row, strict=True):
                if cell.text:
                    column[shape(cell.text)] += 1
    return columns


def _ragged(body: list[list[Cell]], columns: list[Counter[str]]) -> dict[int, list[int]]:
    """Columns of the cells of rows that have more cells than there are headings, for each number of cells."""
    found: dict[int, list[int]] = {}
    for count in {len(row) for row in body if len(row) > len(columns)}:
        rows = [row for row in body if len(row) == count]
        found[count] = place([[row[index].text for row in rows] for index in range(count)], columns)
    return found


def _name_column(heads: list[str], serial: int | None) -> int:
    """The column that names what a row is about."""
    if serial is not None and serial + 1 < len(heads):
        return serial + 1
    return next((index for index, text in enumerate(heads) if NAME.search(text)), min(1, len(heads) - 1))


def _shared(columns: list[Counter[str]]) -> set[int]:
    """Columns of words (not of values), whose empty cells belong to the cell above."""
    return {index for index, column in enumerate(columns) if column and column.most_common(1)[0][0] in {"nature"}}


def _fill(placed: list[list[Cell]], above: list[list[Cell]], name: int, serial: int | None, shared: set[int]) -> None:
    """Give cells that are empty because a cell above reaches down to them that cell's text."""
    own = any(cell.text and not cell.covered for cell in placed[name])
    whole = bool(placed[name]) and all(cell.text for cell in placed[name])
    for column, cells in enumerate(placed):
        empty = not any(cell.text for cell in cells)
        if column == name and own and not whole:
            for index, cell in enumerate(cells):
                if not cell.text and index < len(above[column]):
                    cells[index] = Cell(above[column][index].text, above[column][index].line, covered=True)
        elif empty and (column < name or column in shared or (column == name and not own)):
            if column == serial and own and whole:
                continue
            placed[column] = [Cell(cell.text, cell.line, covered=True) for cell in above[column]]


def _row(heads: list[str], placed: list[list[Cell]], group: int | None, name: int) -> Row | None:
    """Join a row's cells to its text, leaving out the one that names the group."""
    cells = {head: JOINT.join(_flat(cell.text) for cell in column if cell.text) for head, column in zip(heads, placed, strict=True)}
    text, marks = "", []
    for index, column in enumerate(placed):
        for cell in column:
            if index == group or not cell.text:
                continue
            text += JOINT if text else ""
            marks.append((len(text), cell.line))
            text += _flat(cell.text)
    if not text:
        return None
    own = [cell for cell in placed[name] if cell.text and not cell.covered] or [cell for column in placed for cell in column if cell.text]
    row = Row(cells, text, marks, own[-1].line if placed[name] and own else marks[0][1])
    if group is not None and placed[group]:
        row.group, row.group_line = _flat(placed[group][0].text), placed[group][0].line
    return row


def _flat(text: str) -> str:
    """A cell's text in one line, without the spaces that stretch Chinese words."""
    return STRETCH.sub("", " ".join(text.split()))
