"""Why a sample has its class: values, limits, clauses, what decided and how certain the limits are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from bilan.science.standards.classed import ClassedExplanation, ClassedItem, sample_frame
from bilan.science.standards.explaining import split
from bilan.science.standards.single.limits import LIMITED, Item, Version
from bilan.science.tables import table

_SUMMER = (6, 7, 8)


@dataclass(frozen=True, slots=True)
class Medium:
    """What explanations of one medium say besides numbers.

    Attributes:
        name_zh, name_en: the medium.
        classes: table with the names of its classes.
        clause_zh, clause_en: the rule that makes a class from items.
    """

    name_zh: str
    name_en: str
    classes: str
    clause_zh: str
    clause_en: str

    def word(self, grade: int, chinese: bool) -> str:
        """Name of a class."""
        return table(self.classes)[grade - 1]["name_zh" if chinese else "name_en"]


@dataclass(frozen=True, slots=True)
class ItemVerdict(ClassedItem):
    """One item of a verdict: its value [unit], limits of the classes, class, times over the limit, clause."""

    water_class: int
    limits: tuple[str, ...]
    class_zh: str
    class_en: str
    note: str

    def named(self, chinese: bool) -> str:
        """Name of the item; the symbol beside it where it says more."""
        sign = "" if self.symbol in (self.column, self.name_en) else f" ({self.symbol})"
        return self.name_zh if chinese else f"{self.name_en}{sign}"

    def class_text(self, chinese: bool) -> str:
        """Name of its class."""
        return self.class_zh if chinese else self.class_en

    def limit_text(self, chinese: bool) -> str:
        """Its limits."""
        listed = " / ".join(self.limits)
        return f"一至四类限值 {listed}" if chinese else f"limits of class I to IV {listed}"


@dataclass(frozen=True, slots=True)
class Explanation(ClassedExplanation):
    """A verdict on one sample with everything it rests on."""

    items: tuple[ItemVerdict, ...]
    medium_zh: str
    medium_en: str
    grade_zh: str
    grade_en: str
    clause_zh: str
    clause_en: str
    target_zh: str
    target_en: str
    unverified: tuple[str, ...]

    def headline(self, chinese: bool) -> str:
        """The class and what it rests on."""
        if chinese:
            return f"{self.medium_zh}{self.grade_zh}：{self.standard}，{self.effective_from} 起施行，{self.clause_zh}"
        return f"{self.medium_en}, {self.grade_en}: {self.standard}, in force since {self.effective_from}, {self.clause_en}"

    def over_text(self, chinese: bool) -> str:
        """What stands before the items over their limits."""
        return "主要超标项目：" if chinese else "main pollutants: "

    def target_text(self, chinese: bool) -> str:
        """Name of the target class."""
        return self.target_zh if chinese else self.target_en

    def notes(self, chinese: bool) -> Iterator[str]:
        """Items whose limits are unverified."""
        if self.unverified:
            names = ("、" if chinese else ", ").join(self.unverified)
            yield f"限值未核实：{names}" if chinese else f"limits not verified: {names}"


def explained(sample: Mapping[str, Any], known: Version, medium: Medium, judge: Callable[[pl.DataFrame], pl.DataFrame]) -> Explanation:
    """Explain the class of one sample.

    Parameters:
        sample: values by column name: items, and optionally ``start`` and ``target_class``.
        known: the version that judges.
        medium: its words.
        judge: function of the medium that judges a frame.
    """
    row = judge(sample_frame(sample, known.items, ("start", "target_class"))).row(0, named=True)
    start = sample.get("start")
    summer = start is None or start.month in _SUMMER
    items = [_item(entry, sample, row, medium, summer) for entry in known.items.values() if row.get(f"class_{entry.column}")]
    items.sort(key=lambda entry: -entry.water_class)
    grade, target = row["grade"], row.get("target_class")
    return Explanation(
        medium_zh=medium.name_zh,
        medium_en=medium.name_en,
        grade=grade,
        grade_zh=medium.word(grade, True) if grade else "",
        grade_en=medium.word(grade, False) if grade else "",
        standard=known.standard,
        version=known.version,
        effective_from=known.effective_from.isoformat(),
        clause_zh=medium.clause_zh,
        clause_en=medium.clause_en,
        items=tuple(items),
        deciding=split(row["deciding"]),
        main=split(row["main"]),
        target_class=target,
        target_zh=medium.word(target, True) if target else "",
        target_en=medium.word(target, False) if target else "",
        attained=row["attained"],
        unverified=split(row["unverified"]),
    )


def _item(entry: Item, sample: Mapping[str, Any], row: Mapping[str, Any], medium: Medium, summer: bool) -> ItemVerdict:
    water_class = row[f"class_{entry.column}"]
    spans = entry.summer if summer and entry.summer is not None else entry.spans
    return ItemVerdict(
        column=entry.column,
        symbol=entry.symbol,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        unit=entry.unit,
        value=sample[entry.column],
        limits=tuple(span.text() if (span := spans[number - 1]) is not None else "—" for number in LIMITED),
        water_class=water_class,
        class_zh=medium.word(water_class, True),
        class_en=medium.word(water_class, False),
        factor=row.get(f"factor_{entry.column}"),
        decides=water_class == row["grade"] and water_class > 1,
        clause=entry.clause,
        confidence=entry.confidence,
        note=entry.note,
    )
