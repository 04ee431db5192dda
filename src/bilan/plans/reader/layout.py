"""The headings of a table's columns and what each column is for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from bilan.plans.reader.columns import place, shape
from bilan.plans.reader.lines import Cell, Table

SERIAL = re.compile(r"^(?:序\s*号|编\s*号|No\.?)$", re.IGNORECASE)
NAME = re.compile(r"指\s*标|名\s*称|项\s*目|任\s*务|内\s*容|工\s*程")
GROUP = re.compile(r"类\s*别|类\s*型|领\s*域|分\s*类|方\s*面")
VALUES = frozenset({"whole", "value", "dash", "nature"})
MOST_HEADS = 4
MOST_RAGGED = 300
"""Ways of being ragged that are looked into in one table."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table.

    Attributes:
        heads: headings, no two the same; `body`: the rows below them.
        columns: shapes each column holds in regular rows.
        name: column that names what a row is about; `serial`: column of running numbers; `group`: column that names groups of rows.
        shared: columns of words whose empty cells belong to the cell above.
        ragged: shapes of a row that has more or fewer cells than there are headings → the columns of its cells.
    """

    heads: list[str]
    body: list[list[Cell]]
    columns: list[Counter[str]]
    name: int
    serial: int | None
    group: int | None
    shared: frozenset[int]
    ragged: dict[tuple[str, ...], list[int]]

    def place(self, row: list[Cell]) -> list[list[Cell]]:
        """Put the cells of a row below their headings."""
        known = [min(cell.column, len(self.heads) - 1) for cell in row if cell.column is not None]
        last = len(self.heads) - 1
        where = known or self.ragged.get(_shapes(row)) or [min(index, last) for index in range(len(row))]
        placed: list[list[Cell]] = [[] for _ in self.heads]
        for cell, column in zip(row, where, strict=True):
            placed[column].append(cell)
        return placed

    def is_subtitle(self, row: list[Cell]) -> bool:
        """Whether a row is one cell across the table that names the rows below it."""
        filled = [cell for cell in row if cell.text]
        return len(self.heads) >= 3 and len(filled) == 1 and (len(row) == 1 or filled[0].whole) and shape(filled[0].text) not in VALUES


def layout(table: Table) -> Layout | None:
    """Find out the columns of a table; nothing when it has no row below its headings."""
    rows = [row for row in table.rows if any(cell.text for cell in row)]
    count = table.heads if table.heads is not None else _count_heads(rows)
    if not rows or count >= len(rows):
        return None
    heads = _heads(rows[:count]) if count else [f"{index + 1}" for index in range(max(len(row) for row in rows))]
    body = rows[count:]
    columns = _columns(body, len(heads))
    serial = next((index for index, text in enumerate(heads) if SERIAL.match(text)), None)
    told = any(cell.column is not None for row in body for cell in row)
    shared = frozenset() if told else frozenset(index for index, column in enumerate(columns) if _holds_natures(column))
    return Layout(heads, body, columns, _name(heads, serial), serial, _group(heads, serial), shared, {} if told else _ragged(body, columns))


def _count_heads(rows: list[list[Cell]]) -> int:
    """Rows of headings: those before the first that holds a number where headings hold words."""
    for index, row in enumerate(rows[: MOST_HEADS + 1]):
        if index and any(shape(cell.text) in VALUES for cell in row):
            return index
    return 1 if len(rows) > 1 else 0


def _heads(rows: list[list[Cell]]) -> list[str]:
    """Headings of the columns: those of several rows joined from above downwards, each word once; no two are the same."""
    words: dict[int, list[str]] = {}
    for row in rows:
        for index, cell in enumerate(row):
            column = index if cell.column is None else cell.column
            text = "".join(cell.text.split())
            if text not in words.setdefault(column, []):
                words[column].append(text)
    found: list[str] = []
    for column in range(max(words) + 1):
        text = "".join(words.get(column, [])) or f"{column + 1}"
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


def _ragged(body: list[list[Cell]], columns: list[Counter[str]]) -> dict[tuple[str, ...], list[int]]:
    """Columns of the cells of ragged rows; rows with the same number of cells too many are ragged in the same way."""
    found: dict[tuple[str, ...], list[int]] = {}
    longer: dict[int, list[list[Cell]]] = {}
    for row in body:
        if len(row) > len(columns):
            longer.setdefault(len(row), []).append(row)
        elif len(row) < len(columns) and len(found) < MOST_RAGGED and _shapes(row) not in found:
            found[_shapes(row)] = place([[cell.text] for cell in row], columns)
    for count, rows in list(longer.items())[:MOST_RAGGED]:
        where = place([[row[index].text for row in rows] for index in range(count)], columns)
        found.update({_shapes(row): where for row in rows})
    return found


def _shapes(row: list[Cell]) -> tuple[str, ...]:
    """Shapes of the cells of a row."""
    return tuple(shape(cell.text) for cell in row)


def _name(heads: list[str], serial: int | None) -> int:
    """The column that names what a row is about."""
    if serial is not None and serial + 1 < len(heads):
        return serial + 1
    return next((index for index, text in enumerate(heads) if NAME.search(text)), min(1, len(heads) - 1))


def _group(heads: list[str], serial: int | None) -> int | None:
    """The first column when it names groups of rows: before the running numbers, or headed by a word for groups."""
    if serial is not None:
        return 0 if serial == 1 else None
    return 0 if GROUP.search(heads[0]) and len(heads) >= 3 else None


def _holds_natures(column: Counter[str]) -> bool:
    """Whether a column says what nature the targets have."""
    return bool(column) and column.most_common(1)[0][0] == "nature"
