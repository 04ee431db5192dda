"""Tables in plain text: a cell a line, a row a line, or columns held apart by bars or tabs."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from bilan.plans.reader.headings import NOTE, Rank, entry, heading
from bilan.plans.reader.lines import Cell, Line, Table

BAR = re.compile(r"[|｜]")
DIVIDER = re.compile(r"^[\s|:\-—+]*$")
LONGEST_CELL = 60
USUAL_CELL = 30
FEWEST = 8
YEAR = re.compile(r"^(?:\d{4}年|“?十[一二三四五六]五”?|现状|目标|完成|指标|[（(].{1,12}[）)])$")


def find(lines: list[Line]) -> list[Line | Table]:
    """Replace the lines that make up tables by those tables; all other lines stay as they are."""
    items: list[Line | Table] = []
    place = 0
    while place < len(lines):
        end, table = _at(lines, place)
        if table is None:
            end = max(end, place + 1)
            items += lines[place:end]
        else:
            items.append(table)
        place = end
    return items


def _at(lines: list[Line], place: int) -> tuple[int, Table | None]:
    """The table that begins at a line, and the line behind it."""
    line = lines[place]
    if line.level is not None:
        return place, None
    if line.cell:
        return _tabbed(lines, place)
    if _split(line.text) is not None:
        return _ruled(lines, place)
    if place and _after_caption(lines, place):
        return _stacked(lines, place)
    return place, None


def _after_caption(lines: list[Line], place: int) -> bool:
    """Whether the last line with text before `place` is the caption of a table."""
    before = next((line for line in reversed(lines[max(0, place - 6) : place]) if line.text.strip()), None)
    found = heading(before.text.strip()) if before else None
    return bool(lines[place].text.strip()) and found is not None and found.rank is Rank.TABLE


def _tabbed(lines: list[Line], place: int) -> tuple[int, Table | None]:
    """A table with one cell a line, each begun by a tab; a blank line ends a row, lines without a tab go on in their cell."""
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    end = at = place
    while at < len(lines):
        line = lines[at]
        text = line.text.strip()
        if line.cell:
            row.append(Cell(text, line.number))
        elif not text and not row and at > end + 2:
            break
        elif not text:
            if row:
                rows.append(row)
            row = []
        elif row and len(text) <= LONGEST_CELL and not NOTE.match(text):
            row[-1].text += text
        else:
            break
        at += 1
        end = at if line.cell or text else end
    if row:
        rows.append(row)
    lengths = sorted(len(cell.text) for row in rows for cell in row)
    if len(rows) < 2 or max(len(row) for row in rows) < 2 or lengths[len(lengths) // 2] > USUAL_CELL:
        return end, None
    return end, Table(rows, lines[place].number, lines[place].page)


def _split(text: str) -> list[str] | None:
    """Cells of a line that holds a whole row, or nothing."""
    text = text.strip()
    if entry(text) is not None:
        return None
    if len(BAR.findall(text)) >= 2:
        return [part.strip() for part in BAR.split(text.strip("|｜"))]
    parts = [part.strip() for part in text.split("\t")]
    return parts if len(parts) >= 3 else None


def _ruled(lines: list[Line], place: int) -> tuple[int, Table | None]:
    """A table with a row a line, its cells held apart by bars or tabs."""
    rows: list[list[Cell]] = []
    at = end = place
    while at < len(lines) and at <= end + 1:
        text = lines[at].text
        cells = _split(text)
        if cells is not None:
            if not DIVIDER.match(text):
                rows.append([Cell(cell, lines[at].number) for cell in cells])
            end = at + 1
        elif text.strip():
            break
        at += 1
    return (end, Table(rows, lines[place].number, lines[place].page)) if len(rows) >= 2 else (place, None)


def _stacked(lines: list[Line], place: int) -> tuple[int, Table | None]:
    """A table below a caption whose cells are lines of their own without any mark: the running numbers tell the rows apart."""
    cells: list[Cell] = []
    end = place
    for at in range(place, len(lines)):
        text = lines[at].text.strip()
        if not text:
            continue
        found = heading(text)
        if len(text) > LONGEST_CELL or text.endswith("。") or NOTE.match(text) or lines[at].cell or lines[at].level is not None:
            break
        if found is not None and found.rank is not Rank.ARTICLE:
            break
        cells.append(Cell(text, lines[at].number))
        end = at + 1
    rows = _rows_by_number(cells) if len(cells) >= FEWEST else None
    return (end, Table(rows, lines[place].number, lines[place].page, heads=1)) if rows else (place, None)


def _rows_by_number(cells: list[Cell]) -> list[list[Cell]] | None:
    """Cut a run of cells into rows at the running numbers 1, 2, 3 …; the first row holds the headings."""
    serial = next((index for index, cell in enumerate(cells[:8]) if re.fullmatch(r"序\s*号|编\s*号", cell.text)), None)
    if serial is None:
        return None
    starts = _running(cells, serial)
    if len(starts) < 2:
        return None
    spans = [after - start for start, after in pairwise(starts)]
    usual = min(Counter(spans).items(), key=lambda item: (-item[1], item[0]))[0]
    heads = _merge_heads(cells[: starts[0] - serial], serial + usual)
    rows = [heads]
    for index, start in enumerate(starts):
        after = starts[index + 1] if index + 1 < len(starts) else len(cells)
        extra = cells[start - serial : start] if index == 0 or start - starts[index - 1] > usual else []
        last = after - serial if index + 1 < len(starts) and after - start > usual else after
        blank = [Cell("", cells[start].line) for _ in range(serial - len(extra))]
        rows.append([*blank, *extra, *cells[start:last]])
    return rows


def _running(cells: list[Cell], serial: int) -> list[int]:
    """Places of the running numbers, each at least two cells behind the one before."""
    starts: list[int] = []
    for index in range(serial + 1, len(cells)):
        if cells[index].text.rstrip(".．、") == str(len(starts) + 1) and (not starts or index - starts[-1] >= 3):
            starts.append(index)
    return starts


def _merge_heads(cells: list[Cell], width: int) -> list[Cell]:
    """Join headings that stand on two lines until there are as many as columns."""
    heads = [Cell(cell.text, cell.line) for cell in cells]
    while len(heads) > width:
        pairs = range(len(heads) - 1)
        index = next((at for at in pairs if YEAR.match(heads[at].text) or heads[at + 1].text.startswith(("（", "("))), len(heads) - 2)
        heads[index : index + 2] = [Cell(heads[index].text + heads[index + 1].text, heads[index].line)]
    return heads
