"""Tables on a PDF page: fields that stand below each other."""

from __future__ import annotations

from bilan.plans.reader.columns import shape
from bilan.plans.reader.headings import NOTE, Rank, heading
from bilan.plans.reader.layout import VALUES
from bilan.plans.reader.lines import Cell, Line, Table
from bilan.plans.reader.pdflayout import Field, Placed

FEWEST = 3
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


def arrange(lines: list[Placed], page: int) -> list[Line | Table]:
    """Lines of a page, those below a caption that stand in columns put together to a table."""
    items: list[Line | Table] = []
    place = 0
    while place < len(lines):
        items.append(Line(page, lines[place].text, page))
        place += 1
        if not is_caption(lines[place - 1].text):
            continue
        near = range(place, min(place + NEARBY, len(lines)))
        begin = next((at for at in near if len(lines[at].fields) >= FEWEST), None)
        table, end = _table(lines, begin, page) if begin is not None else (None, place)
        if table is not None:
            items += [*(Line(page, line.text, page) for line in lines[place:begin]), table]
            place = end
    return items


def _table(lines: list[Placed], begin: int, page: int) -> tuple[Table | None, int]:
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
    for at, fields in enumerate(stretch):
        cells = _row(fields, starts, page)
        if at == body or (at > body and _is_row(fields)):
            rows.append(cells)
        else:
            _add(rows[-1], cells)
    return Table(rows, page, page, heads=1), end


def _ends(line: Placed) -> bool:
    """Whether a line stands behind the table."""
    text = line.text
    alone = len(line.fields) == 1
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
