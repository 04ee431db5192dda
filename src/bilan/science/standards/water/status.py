"""Names, colours and status words of classes, sections and basins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.tables import table

Scope = Literal["section", "basin"]


@dataclass(frozen=True, slots=True)
class WaterClass:
    """One class of surface water as it is named, drawn and used."""

    grade: int
    name_zh: str
    name_en: str
    numeral: str
    colour: str
    use_zh: str
    use_en: str
    clause: str
    confidence: str
    colour_confidence: str


@dataclass(frozen=True, slots=True)
class Status:
    """One grade of the qualitative evaluation (优 … 重度污染) with its colour."""

    grade: int
    name_zh: str
    name_en: str
    colour: str
    clause: str
    confidence: str
    colour_confidence: str


@cache
def water_classes() -> tuple[WaterClass, ...]:
    """Classes I to V and worse than V, best first.

    Examples:
        >>> [entry.name_zh for entry in water_classes()]
        ['Ⅰ类', 'Ⅱ类', 'Ⅲ类', 'Ⅳ类', 'Ⅴ类', '劣Ⅴ类']
    """
    fields = ("name_zh", "name_en", "numeral", "colour", "use_zh", "use_en", "clause", "confidence", "colour_confidence")
    return tuple(WaterClass(int(row["grade"]), *(row[field] for field in fields)) for row in table("surface_water_classes"))


@cache
def statuses(scope: Scope = "section") -> tuple[Status, ...]:
    """Status grades 1 (优) to 5 (重度污染) of a section or of a basin.

    Examples:
        >>> [entry.name_zh for entry in statuses()]
        ['优', '良好', '轻度污染', '中度污染', '重度污染']
    """
    fields = ("name_zh", "name_en", "colour", "clause", "confidence", "colour_confidence")
    rows = [row for row in table("surface_water_status") if row["scope"] == scope]
    return tuple(Status(int(row["grade"]), *(row[field] for field in fields)) for row in rows)


def section_status(grade: nw.Expr) -> nw.Expr:
    """Status 1..5 of a section from its class 1..6.

    Reference:
        地表水环境质量评价办法(试行) 环办[2011]22号, 断面水质评价 (surface_water_status.csv)
    """
    result: nw.Expr = nw.lit(None).cast(nw.Int64)
    for row in table("surface_water_status"):
        if row["scope"] == "section":
            inside = (grade >= int(row["class_from"])) & (grade <= int(row["class_to"]))
            result = nw.when(inside).then(nw.lit(int(row["grade"]))).otherwise(result)
    return result.cast(nw.Int64)


def describe(frame: Native, grade: str = "grade") -> Native:
    """Add the names of the class, the status of the section and its map colour.

    Parameters:
        frame: with a column of classes 1..6.
        grade: name of that column.

    Returns:
        The frame with ``class_zh``, ``class_en``, ``class_colour``, ``status`` (1..5), ``status_zh``, ``status_en``.

    Examples:
        >>> import polars as pl
        >>> describe(pl.DataFrame({"grade": [1, 6]})).select("class_zh", "status_en").rows()
        [('Ⅰ类', 'excellent'), ('劣Ⅴ类', 'heavy pollution')]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, grade)
        data = data.with_columns(status=section_status(nw.col(grade)))
        known = water_classes()
        grades = [entry.grade for entry in known]
        words = statuses()
        ranks = [entry.grade for entry in words]
        return data.with_columns(
            _word(grade, grades, [entry.name_zh for entry in known]).alias("class_zh"),
            _word(grade, grades, [entry.name_en for entry in known]).alias("class_en"),
            _word(grade, grades, [entry.colour for entry in known]).alias("class_colour"),
            _word("status", ranks, [entry.name_zh for entry in words]).alias("status_zh"),
            _word("status", ranks, [entry.name_en for entry in words]).alias("status_en"),
        )

    return run(frame, rule)


def _word(column: str, numbers: Sequence[int], words: Sequence[str]) -> nw.Expr:
    named = [nw.when(nw.col(column) == number).then(nw.lit(word)) for number, word in zip(numbers, words, strict=True)]
    return nw.coalesce(*named)
