"""Which column a cell of a ragged row belongs to, judged by what the regular rows hold there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

NATURES = frozenset({"约束性", "预期性", "引领性", "指导性", "约束", "预期"})
NUMBER = re.compile(r"^[≥≤<>＞＜＝=±~～约]*\s*[-－]?\d[\d,，]*(?:\.\d+)?\s*[%％]?")
DASHES = frozenset({"/", "-", "—", "——", "－", "／", "无"})
SPLIT = 0.35
"""What it costs to give one column two cells, against leaving a column empty."""
EMPTY = 0.45
"""What it costs to leave a column empty."""
UNKNOWN = 0.3
WIDEST = 16
"""Columns up to which cells of a ragged row are placed by what they look like."""


@lru_cache(maxsize=4096)
def shape(text: str) -> str:
    """What kind of cell it is, in one word.

    Examples:
        >>> [shape(text) for text in ("", "12", "≥97.5", "/", "约束性", "完成", "森林覆盖率（%）")]
        ['empty', 'whole', 'value', 'dash', 'nature', 'word', 'phrase']
    """
    if not text:
        return "empty"
    if text in DASHES:
        return "dash"
    if text in NATURES:
        return "nature"
    if text.isdecimal():
        return "whole"
    if NUMBER.match(text):
        return "value"
    return "word" if len(text) <= 4 else "phrase"


NEAR = {("whole", "value"): 0.7, ("dash", "value"): 0.6, ("dash", "whole"): 0.5, ("word", "phrase"): 0.5, ("phrase", "value"): 0.25}


def likeness(text: str, column: Counter[str]) -> float:
    """How well a cell fits a column, 0 to 1, by the shapes that column has in regular rows."""
    total = sum(column.values())
    own = shape(text)
    if not total or own == "empty":
        return UNKNOWN
    score = 0.0
    for other, count in column.items():
        near = 1.0 if other == own else max(NEAR.get((own, other), 0.0), NEAR.get((other, own), 0.0))
        score += near * count / total
    return score


def place(cells: Sequence[Sequence[str]], columns: Sequence[Counter[str]]) -> list[int]:
    """Column of each cell of a row, never going back: a column may be left empty or take two cells.

    Args:
        cells: left to right, the texts seen at that place: one, or those of several rows that are ragged in the same way.
        columns: shapes seen in each column.

    Examples:
        >>> regular = [Counter(whole=3), Counter(phrase=3), Counter(value=3)]
        >>> place([["4"], ["主要污染物排放量"], ["化学需氧量"], ["12.5"]], regular)
        [0, 1, 1, 2]
    """
    width = len(columns)
    if len(cells) == width or width > WIDEST or len(cells) > WIDEST:
        return [min(index, width - 1) for index in range(len(cells))]

    fits = [[sum(likeness(text, column) for text in texts) / len(texts) for column in columns] for texts in cells]

    @cache
    def best(row: int, last: int, again: bool) -> tuple[float, tuple[int, ...]]:
        """Best placing of the cells from `row` on when the one before stands in column `last`, which may take one more if `again`."""
        if row == len(cells):
            return -EMPTY * (width - 1 - last), ()
        found: tuple[float, tuple[int, ...]] = (float("-inf"), ())
        for column in range(last if again else last + 1, width):
            cost = SPLIT if column == last else EMPTY * (column - last - 1)
            score, rest = best(row + 1, column, column != last)
            found = max(found, (score + fits[row][column] - cost, (column, *rest)))
        return found

    score, path = best(0, -1, again=False)
    return list(path) if score > float("-inf") else [min(index, width - 1) for index in range(len(cells))]
