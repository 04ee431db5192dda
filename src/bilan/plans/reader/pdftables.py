"""Tables on a PDF page: fields that stand below each other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bilan.plans.reader.columns import shape
from bilan.plans.reader.debris import is_page_mark
from bilan.plans.reader.headings import NOTE, Rank, heading
from bilan.plans.reader.layout import SERIAL, VALUES
from bilan.plans.reader.lines import Cell, Line, Table
from bilan.plans.reader.pdflayout import Field, Placed

FEWEST = 3
FOOT = 4
"""Lines at the foot and at the head of a page among which a table that goes on is looked for."""
LEADING = 0.9
"""Least distance of two lines of one cell [font sizes]."""
ROOM = 1.12
"""How many times the distance of two lines of one cell rows stand apart at least, where they do."""
NEARBY = 6
"""Lines below a caption within which the headings must begin."""


def is_caption(text: str) -> bool:
    """Whether a line announces a table.

    Examples:
        >>> is_caption("表 2 主要指标"), is_caption("（详见表2）。")
        (True, False)
    """
    found = heading(text.strip().removeprefix("续"))
    return found is not None and found.rank is Rank.TABLE


@dataclass(slots=True)
class Open:
    """A table that reaches the foot of a page: where its columns begin [points] and the words of its headings."""

    table: Table
    starts: list[float]


def continues(lines: list[Placed]) -> bool:
    """Whether a page ends in the columns of a table, its last two lines left aside as they may hold the page's number."""
    return any(len(line.fields) >= FEWEST for line in lines[-FOOT:])


def arrange(lines: list[Placed], page: int, before: Open | None = None) -> tuple[list[Line | Table], Open | None]:
    """Lines of a page, those below a caption that stand in columns put together to a table.

    Args:
        before: the table that the page before ended in; its rows go on when this page begins with columns.

    Returns:
        What stands on the page, and the table it ends in.
    """
    items: list[Line | Table] = []
    place = _go_on(before, lines, page) if before is not None else 0
    open_table = before if place and place >= len(lines) - 1 else None
    while place < len(lines):
        items.append(Line(page, lines[place].text, page))
        place += 1
        if not is_caption(lines[place - 1].text):
            continue
        near = range(place, min(place + NEARBY, len(lines)))
        begin = next((at for at in near if len(lines[at].fields) >= FEWEST), None)
        found, end = _table(lines, begin, page) if begin is not None else (None, place)
        if found is not None:
            items += [*(Line(page, line.text, page) for line in lines[place:begin]), found.table]
            place = end
            open_table = found if place >= len(lines) - 1 else None
    return items, open_table


def _go_on(before: Open, lines: list[Placed], page: int) -> int:
    """Add rows to the table that the page before ended in; returns the line behind them."""
    place = next((at for at, line in enumerate(lines[:FOOT]) if len(line.fields) >= FEWEST), None)
    if place is None:
        return 0
    end = place
    while end < len(lines) and not _ends(lines[end]):
        end += 1
    heads = [cell.text for cell in before.table.rows[0]]
    serial = next((index for index, head in enumerate(heads) if SERIAL.match(head)), None)
    first = True
    for line, begins in zip(lines[place:end], _beginnings(lines[place:end]), strict=True):
        cells = _row(line.fields, before.starts, page)
        if all(cell.text in head for cell, head in zip(cells, heads, strict=True)):
            continue
        cut = first and serial is not None and not cells[serial].text
        if begins and not cut:
            before.table.rows.append(cells)
        else:
            _add(before.table.rows[-1], cells)
        first = False
    return end


def _table(lines: list[Placed], begin: int, page: int) -> tuple[Open | None, int]:
    """The table whose headings begin on a line, and the line behind it."""
    end = begin
    while end < len(lines) and not _ends(lines[end]):
        end += 1
    stretch = [line.fields for line in lines[begin:end]]
    body = next((at for at, fields in enumerate(stretch) if at and _is_row(fields)), None)
    if body is None:
        return None, begin
    starts = [field.at for field in max(stretch[:body], key=len)]
    rows = [_row([], starts, page)]
    beginnings = _beginnings(lines[begin:end])
    while body > 1 and not beginnings[body]:
        body -= 1
    for at, fields in enumerate(stretch):
        cells = _row(fields, starts, page)
        if at == body or (at > body and beginnings[at]):
            rows.append(cells)
        else:
            _add(rows[-1], cells)
    return Open(Table(rows, page, page, heads=1), starts), end


def _beginnings(lines: list[Placed]) -> list[bool]:
    """Which lines begin a row: those with more room above than lines of one cell have; where all stand alike, those with a value."""
    gaps = [above.height - below.height for above, below in pairwise(lines)]
    sizes = [field.size for line in lines for field in line.fields]
    own = [gap for gap in gaps if gap >= LEADING * min(sizes, default=0.0)]
    roomy = ROOM * min(own, default=0.0)
    if any(gap > roomy for gap in gaps):
        return [True, *(gap > roomy for gap in gaps)]
    return [_is_row(line.fields) for line in lines]


def _ends(line: Placed) -> bool:
    """Whether a line stands behind the table."""
    text = line.text
    alone = len(line.fields) == 1
    if is_page_mark(text):
        return True
    return bool(NOTE.match(text)) or is_caption(text) or (alone and (text.endswith("。") or heading(text) is not None))


def _is_row(fields: list[Field]) -> bool:
    """Whether a line begins a row: at least one of its fields holds a value."""
    return len(fields) >= FEWEST - 1 and any(shape(field.text) in VALUES for field in fields)


def _row(fields: list[Field], starts: list[float], page: int) -> list[Cell]:
    """Put fields below the headings they stand nearest to."""
    cells = [Cell("", page, column=column) for column in range(len(starts))]
    for field in fields:
        column = min(range(len(starts)), key=lambda at: abs(starts[at] - field.at))
        cells[column].text += field.text
    return cells


def _add(cells: list[Cell], more: list[Cell]) -> None:
    """Add a further line to the cells of a row."""
    for cell, other in zip(cells, more, strict=True):
        cell.text += other.text
