"""Finding the header of a table: below title rows, over one or two rows, with units in a row of their own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

import polars as pl

from bilan.pack.vocab import Vocabulary, canonical
from bilan.tabular.mapping import Column, recognise
from bilan.tabular.units import unit as read_unit

LOOK = 40
"""The header stands in the first so many rows."""
_MEDIA = ("air", "water", "flue", "meteorology")
_NUMERIC = re.compile(r"^[<＜]?\s*[-+]?[\d.,]+(e[-+]?\d+)?\s*[LD%]?$", re.IGNORECASE)
_VALUE_WORDS = {"浓度", "监测值", "实测值", "平均值", "均值", "小时值", "日均值", "值", "value", "mean", "实测"}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what it says.

    Attributes:
        first, last: rows of the header, from 0; both -1 when the names came with the file.
        texts: one text a column, as shown to people.
        columns: what was recognised.
    """

    first: int
    last: int
    texts: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def score(self) -> int:
        """How much was recognised."""
        return len(self.columns)


def find_header(cells: pl.DataFrame, vocabulary: Vocabulary, media: tuple[str, ...], *, merged: bool) -> Header | None:
    """Find the header row with the most recognised names; None when no row has any."""
    rows = [[str(cell).strip() if cell is not None else "" for cell in row] for row in cells.head(LOOK).rows()]
    best: Header | None = None
    for index in range(len(rows)):
        header = _header_at(rows, index, vocabulary, media, merged=merged)
        if header and (best is None or header.score > best.score):
            best = header
    return best


def name_columns(texts: list[str], vocabulary: Vocabulary, media: tuple[str, ...]) -> tuple[Column, ...]:
    """Recognise the columns of one header; a name found twice belongs to the first column that has it.

    Names that water and air share are read by what the rest of the header measures.
    """
    found = _recognised(texts, vocabulary, media)
    if not media:
        common = Counter(column.parameter.medium for column in found if column.parameter and not _shared(column, vocabulary))
        found = _recognised(texts, vocabulary, (*(medium for medium, _ in common.most_common()), "meteorology"))
    return tuple(found)


def _recognised(texts: list[str], vocabulary: Vocabulary, media: tuple[str, ...]) -> list[Column]:
    taken: set[str] = set()
    columns = []
    for index, text in enumerate(texts):
        column = recognise(text, vocabulary, media)
        if column and column.name not in taken:
            taken.add(column.name)
            columns.append(replace(column, index=index))
    return columns


def _shared(column: Column, vocabulary: Vocabulary) -> bool:
    here = column.parameter
    if here is None:
        return False
    return any(vocabulary.by_alias(column.header, (medium,)) not in (here, None) for medium in _MEDIA)


def _header_at(rows: list[list[str]], index: int, vocabulary: Vocabulary, media: tuple[str, ...], *, merged: bool) -> Header | None:
    texts = rows[index]
    filled = [text for text in texts if text]
    if not filled or sum(bool(_NUMERIC.match(text)) for text in filled) * 4 > len(filled):
        return None
    below = rows[index + 1] if index + 1 < len(rows) else []
    last = index
    if _is_units(below, texts):
        texts = [f"{text} ({stated.strip('()（）[]')})" if text and stated else text for text, stated in zip(texts, below, strict=True)]
        last = index + 1
    elif merged and _is_second_row(texts, below):
        texts = _joined(texts, below)
        last = index + 1
    columns = name_columns(texts, vocabulary, media)
    return Header(index, last, tuple(texts), columns) if columns else None


def _is_units(below: list[str], texts: list[str]) -> bool:
    filled = [text for text, above in zip(below, texts, strict=False) if text and above]
    known = sum(bool(read_unit(text)) for text in filled)
    return known >= 1 and known * 2 > len(filled) and len(filled) == sum(bool(text) for text in below)


def _is_second_row(texts: list[str], below: list[str]) -> bool:
    """Whether the row below completes merged header cells: it fills gaps and holds no numbers."""
    if not below or any(_NUMERIC.match(text) for text in below):
        return False
    gaps = [position for position, text in enumerate(texts) if not text and below[position]]
    blank = [position for position, text in enumerate(texts) if text and not below[position]]
    return bool(gaps) and bool(blank)


def _joined(texts: list[str], below: list[str]) -> list[str]:
    """Join a two-row header: a merged cell above stands for the columns to its right that have a text below."""
    joined, above = [], ""
    for text, sub in zip(texts, below, strict=True):
        above = text or (above if sub else "")
        if not sub:
            joined.append(text)
        elif canonical(sub) in _VALUE_WORDS:
            joined.append(above)
        elif above and read_unit(sub):
            joined.append(f"{above} ({sub.strip('()（）')})")
        else:
            joined.append(sub)
    return joined
