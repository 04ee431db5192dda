"""The rows below a header, and those among them that are no data."""

from __future__ import annotations

import re

import polars as pl

from bilan.tabular.sheets.header import Header
from bilan.tabular.sheets.model import Grid, Note

_TOTAL = r"^(合计|总计|小计|共计|累计|总和|全市合计|grandtotal|total|subtotal|sum)[:：]?$"
_FOOT = re.compile(
    r"^[（(*※]?\s*(备\s*注|注\s*[:：\d]|注释|说\s*明|填\s*表|填\s*报|制\s*表|审\s*核|审\s*批|复\s*核|校\s*核|经办|负责人|联系人|单位负责人|联系电话|电\s*话|单位\s*[（(]?\s*盖章|"
    r"（?盖章|报送|上报|数据来源|来源|资料来源|统计时间|截止|Notes?\b|Remarks?\b|Source\b|Prepared\b|Filled\b|Signed\b|Contact\b|Checked\b)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"^([（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[IVX]{1,4}[.、])")
_LONG = 25
_TAIL = 60
_EMPTY = pl.Series("row", [], pl.Int64)


def read_body(grid: Grid, header: Header) -> tuple[pl.Series, pl.DataFrame, list[Note]]:
    """Rows of data below `header` with their numbers in the sheet, and the rows that were cut off."""
    cells = _stripped(grid.cells.slice(header.body))
    numbers = pl.int_range(header.body + 1, header.body + 1 + cells.height, eager=True, dtype=pl.Int64).alias("row")
    filled = cells.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32))).to_series() if cells.width else _EMPTY
    first = cells.select(pl.coalesce(pl.all())).to_series() if cells.width else _EMPTY
    width = sum(bool(text) for text in header.lower) or cells.width
    kinds = _kinds(cells, filled, first, width, header, grid)
    notes = _above(grid, header)
    if header.counted is not None:
        notes.append(Note(header.counted + 1, _row_text(grid.cells, header.counted), "numbers"))
    notes += [Note(numbers[at], _row_text(cells, at), kind) for at, kind in sorted(kinds.items())]
    keep = (filled > 0).to_list()
    for at in kinds:
        keep[at] = False
    cells = _filled_down(cells, grid, header.body)
    mask = pl.Series(keep, dtype=pl.Boolean)
    return numbers.filter(mask), cells.filter(mask), notes


def _stripped(cells: pl.DataFrame) -> pl.DataFrame:
    text = cells.with_columns(pl.all().str.strip_chars(" \t\r\n\u3000\u00a0\ufeff"))
    return text.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _kinds(cells: pl.DataFrame, filled: pl.Series, first: pl.Series, width: int, header: Header, grid: Grid) -> dict[int, str]:
    """Position of each row that is no data → its kind."""
    kinds: dict[int, str] = {}
    plain = first.str.replace_all(r"\s", "").str.to_lowercase()
    for at in plain.str.contains(_TOTAL).fill_null(False).arg_true().to_list():
        kinds[at] = "total"
    for texts in (header.lower, header.upper):
        for at in _equal(cells, texts):
            kinds[at] = "repeated"
    for at in _foot(filled, first, width, kinds):
        kinds.setdefault(at, "note")
    if width >= 3:
        wide = {span.top - header.body for span in grid.merged if (span.right - span.left + 1) * 2 >= width and span.top == span.bottom}
        for at in (filled == 1).arg_true().to_list():
            if at in wide or _GROUP.match(first[at]):
                kinds.setdefault(at, "group")
    return kinds


def _equal(cells: pl.DataFrame, texts: tuple[str, ...]) -> list[int]:
    """Rows that say the header once more, as printed sheets do on every page."""
    named = [(name, text) for name, text in zip(cells.columns, texts, strict=True) if text]
    if len(named) < 2:
        return []
    same = cells.select(pl.sum_horizontal((pl.col(name) == text).fill_null(False).cast(pl.Int32) for name, text in named)).to_series()
    return (same * 5 >= len(named) * 4).arg_true().to_list()


def _foot(filled: pl.Series, first: pl.Series, width: int, kinds: dict[int, str]) -> list[int]:
    """Rows from the first remark of the foot to the end of the sheet."""
    sparse = max(1, width // 2)
    begin, end = None, len(filled)
    for at in range(end - 1, max(-1, end - 1 - _TAIL), -1):
        if not filled[at] or at in kinds:
            continue
        if filled[at] > sparse:
            break
        if _FOOT.match(first[at]) or (filled[at] == 1 and width >= 4 and len(first[at]) > _LONG):
            begin = at
        elif filled[at] > max(1, width // 3):
            break
    return [at for at in range(begin, end) if filled[at]] if begin is not None else []


def _above(grid: Grid, header: Header) -> list[Note]:
    above = [Note(at + 1, text, "title") for at in range(header.first) if (text := _row_text(grid.cells, at))]
    return above


def _row_text(cells: pl.DataFrame, at: int) -> str:
    return "  ".join(text.strip() for text in cells.row(at) if text and text.strip())[:500]


def _filled_down(cells: pl.DataFrame, grid: Grid, body: int) -> pl.DataFrame:
    """The value of cells merged over several rows, in each of them."""
    by_column: dict[int, list[tuple[int, int]]] = {}
    for span in grid.merged:
        if span.bottom > span.top >= body and 0 <= span.left < cells.width:
            by_column.setdefault(span.left, []).append((span.top - body, min(span.bottom - body, cells.height - 1)))
    changed = []
    for column, spans in by_column.items():
        values = cells.to_series(column).to_list()
        for top, bottom in spans:
            if top < len(values):
                values[top : bottom + 1] = [values[top]] * (bottom + 1 - top)
        changed.append(pl.Series(cells.columns[column], values, pl.String))
    return cells.with_columns(changed) if changed else cells
