"""Where a sheet's header stands: below title rows, over one or two rows, with units or counted columns beneath."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from bilan.tabular.sheets.model import Grid, Heading, Span, letter
from bilan.tabular.sheets.words import REASONS, ROW, is_required, is_unit, normal, one_line, split_unit

LOOK = 40
"""The header stands in the first so many rows."""
_NUMERIC = re.compile(r"^[<＜≤≥>+-]?\s*[\d.,]+(e[-+]?\d+)?\s*%?$|^\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?(\s+[\d:]+)?$", re.IGNORECASE)
_COUNT_LETTERS = "甲乙丙丁戊己庚辛壬癸"
_LONG = 40
_VALUE_WORDS = {"名称", "数值", "值", "内容"}


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet.

    Attributes:
        first, last: rows of headings, from 0.
        body: first row below header, units and counted columns.
        texts: the lower row as written, and the upper one.
        units: row of units as written; empty texts without one.
        counted: whether a row that only counts the columns stands below.
        hits: how many headings are known.
        score: how much like a header it is.
    """

    first: int
    last: int
    body: int
    upper: tuple[str, ...]
    lower: tuple[str, ...]
    units: tuple[str, ...]
    counted: int | None
    hits: int
    score: float


def find_header(grid: Grid, known: Collection[str] = ()) -> Header | None:
    """Find the header among the first rows; None when no row can be one.

    Args:
        known: headings that are looked for, as `normal` writes them.
    """
    rows = _rows(grid)
    found = [header for at in range(min(LOOK, len(rows))) for header in _headers_at(rows, at, grid, known)]
    if not found:
        return None
    best = max(header.score for header in found)
    most = max(header.hits for header in found)
    good = [header for header in found if header.score >= 0.7 * best and header.hits * 2 >= most]
    first = min(header.first for header in good) if good else found[0].first
    return max((header for header in good or found if header.first == first), key=lambda header: (header.hits, header.last))


def headings(header: Header, grid: Grid, used: Collection[int]) -> tuple[Heading, ...]:
    """The columns that have a heading, or a value (`used`)."""
    columns = []
    for index, (upper, lower, below) in enumerate(zip(header.upper, header.lower, header.units, strict=True)):
        if not (lower or upper or index in used) or lower in (*REASONS, *ROW):
            continue
        above = one_line(upper) if upper != lower else ""
        low = one_line(lower)
        name, unit = split_unit(low)
        if above and (normal(low) in _VALUE_WORDS or not low):
            name, unit = split_unit(above)
            title = above
        elif above and is_unit(low) and not unit:
            name, unit, title = above, low, f"{above}/{low}"
        else:
            title = f"{above}/{low}" if above else low
        unit = unit or _bare(below) or (split_unit(above)[1] if above else "")
        columns.append(
            Heading(index, letter(grid.left + index), title, name, above, unit, is_required(lower or upper) or is_required(upper))
        )
    return tuple(columns)


def _bare(unit: str) -> str:
    return one_line(unit).strip("()（）[]【】 ")


def _rows(grid: Grid) -> list[list[str]]:
    """The first rows as text, merged cells written into each cell they cover."""
    rows = [[(cell or "").strip() for cell in row] for row in grid.cells.head(LOOK + 4).iter_rows()]
    for span in grid.merged:
        if span.top < len(rows) and span.left < grid.cells.width and span.top >= 0:
            text = rows[span.top][span.left]
            for row in range(span.top, min(span.bottom + 1, len(rows))):
                for column in range(span.left, min(span.right + 1, grid.cells.width)):
                    rows[row][column] = text
    return rows


def _headers_at(rows: list[list[str]], at: int, grid: Grid, known: Collection[str]) -> list[Header]:
    texts = rows[at]
    blank = [""] * len(texts)
    found = []
    single = _scored(at, at, blank, texts, rows, known)
    if single:
        found.append(single)
    below = rows[at + 1] if at + 1 < len(rows) else []
    if below and not _is_units(below) and (_merged_over(grid.merged, at, len(texts)) if grid.exact else _fills_gaps(texts, below)):
        upper = texts if grid.exact else _carried(texts, below)
        lower = below if grid.exact else [sub or text for text, sub in zip(texts, below, strict=True)]
        double = _scored(at, at + 1, upper, lower, rows, known)
        if double:
            found.append(double)
    return found


def _scored(first: int, last: int, upper: list[str], lower: list[str], rows: list[list[str]], known: Collection[str]) -> Header | None:
    joined = [f"{above}/{low}" if above and above != low else low for above, low in zip(upper, lower, strict=True)]
    filled = [text for text in lower if text]
    distinct = {text for text in joined if text}
    numeric = sum(bool(_NUMERIC.match(text)) for text in filled)
    least = 1 if len(lower) == 1 and last + 1 < len(rows) else 2
    if len(distinct) < least or numeric * 3 > len(filled) or (any(_NUMERIC.match(text) for text in lower) and last > first):
        return None
    hits = sum(_is_known(text, low, known) for text, low in zip(joined, lower, strict=True))
    long = sum(len(text) > _LONG for text in filled)
    score = len(distinct) + 4 * hits - 3 * numeric - 3 * long - (len(filled) - len(distinct))
    body, units, counted = last + 1, ("",) * len(lower), None
    if body < len(rows) and _is_units(rows[body]):
        units = tuple(rows[body])
        body += 1
    if body < len(rows) and _is_count(rows[body]):
        counted = body
        body += 1
    return Header(first, last, body, tuple(upper), tuple(lower), units, counted, hits, score)


def _is_known(joined: str, lower: str, known: Collection[str]) -> bool:
    ways = (normal(way) for text in (joined, lower) if text for way in (text, split_unit(text)[0]))
    return any(way and way in known for way in ways)


def _merged_over(spans: Collection[Span], at: int, width: int) -> bool:
    """Whether a merged cell of this row stands over several columns, with a row of its own below it; one over most of them is a title."""
    wide = [span for span in spans if span.top <= at == span.bottom and span.right > span.left]
    if any((span.right - span.left + 1) * 10 > 7 * width for span in wide if width > 2):
        return False
    return bool(wide) and not any(span.top == at + 1 and span.bottom > at + 1 for span in spans)


def _fills_gaps(texts: list[str], below: list[str]) -> bool:
    if any(_NUMERIC.match(text) for text in below):
        return False
    gaps = [at for at, text in enumerate(texts) if not text and below[at]]
    blank = [at for at, text in enumerate(texts) if text and not below[at]]
    return bool(gaps) and bool(blank)


def _carried(texts: list[str], below: list[str]) -> list[str]:
    """The upper row with each text carried to the right over the columns that only have a lower one."""
    carried, above = [], ""
    for text, sub in zip(texts, below, strict=True):
        above = text or (above if sub else "")
        carried.append(above if sub else text)
    return carried


def _is_units(row: list[str]) -> bool:
    filled = [text for text in row if text]
    return (
        bool(filled) and sum(is_unit(_bare(text)) for text in filled) * 4 >= 3 * len(filled) and not any(text.isdigit() for text in filled)
    )


def _is_count(row: list[str]) -> bool:
    """Whether a row only counts the columns: 甲 乙 1 2 3, or (1) (2) (3)."""
    filled = [unicodedata.normalize("NFKC", text).strip("() 栏") for text in row if text]
    if len(filled) < 4:
        return False
    digits = [int(text) for text in filled if text.isdigit() and len(text) < 4]
    others = [text for text in filled if not text.isdigit()]
    in_order = bool(digits) and digits == list(range(digits[0], digits[0] + len(digits))) and digits[0] in (0, 1)
    return in_order and len(digits) >= 2 and all(text in _COUNT_LETTERS for text in others) and len(digits) + len(others) == len(filled)
