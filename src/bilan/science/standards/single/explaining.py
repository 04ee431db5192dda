"""Why a sample has its class: values, limits, clauses, what decided and how certain the limits are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl

from bilan.problems import LANGUAGES
from bilan.science.standards.single.limits import LIMITED, Item, Version
from bilan.science.standards.water.words import clause_in_english
from bilan.science.tables import table

CONFIDENCE = {
    "verified_2plus": ("两个以上来源核实", "checked in two or more sources"),
    "verified_1": ("一个来源核实", "checked in one source"),
    "derived": ("由已核实数据推得", "derived from checked rows"),
    "memory_only": ("未核实", "unverified"),
}
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
class ItemVerdict:
    """One item of a verdict: its value [unit], limits of the classes, class, times over the limit, clause."""

    column: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    value: float | str | None
    limits: tuple[str, ...]
    water_class: int
    class_zh: str
    class_en: str
    factor: float | None
    decides: bool
    clause: str
    confidence: str
    note: str

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the item in one line."""
        chinese = language != "en"
        unit = "" if self.unit in ("1", "level") else f" {self.unit}"
        sign = "" if self.symbol in (self.column, self.name_en) else f" ({self.symbol})"
        name = self.name_zh if chinese else f"{self.name_en}{sign}"
        said = self.class_zh if chinese else self.class_en
        listed = " / ".join(self.limits)
        parts = [f"{name} {self.value}{unit}{'：' if chinese else ': '}{said}"]
        parts.append(f"一至四类限值 {listed}" if chinese else f"limits of class I to IV {listed}")
        if self.factor is not None:
            parts.append(f"超标 {self.factor:.2f} 倍" if chinese else f"{self.factor:.2f} times over")
        if self.decides:
            parts.append("决定类别" if chinese else "decides the class")
        zh, en = CONFIDENCE[self.confidence]
        parts.append(f"{self.clause}，{zh}" if chinese else f"{clause_in_english(self.clause)}, {en}")
        return ("；" if chinese else "; ").join(parts)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict on one sample with everything it rests on."""

    medium_zh: str
    medium_en: str
    grade: int | None
    grade_zh: str
    grade_en: str
    standard: str
    version: str
    effective_from: str
    clause_zh: str
    clause_en: str
    items: tuple[ItemVerdict, ...]
    deciding: tuple[str, ...]
    main: tuple[str, ...]
    target_class: int | None
    target_zh: str
    target_en: str
    attained: bool | None
    unverified: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the explanation as plain values for JSON."""
        return asdict(self)

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the whole reason, one sentence or item a line."""
        chinese = language != "en"
        lines = [self._headline(chinese), *(entry.text(language) for entry in self.items)]
        if self.main:
            names = ("、" if chinese else ", ").join(self.main)
            lines.append(f"主要超标项目：{names}" if chinese else f"main pollutants: {names}")
        if self.target_class is not None and self.attained is not None:
            met = ("达标" if self.attained else "未达标") if chinese else ("met" if self.attained else "not met")
            lines.append(f"目标{self.target_zh}，{met}" if chinese else f"target {self.target_en}, {met}")
        if self.unverified:
            names = ("、" if chinese else ", ").join(self.unverified)
            lines.append(f"限值未核实：{names}" if chinese else f"limits not verified: {names}")
        return "\n".join(lines)

    def _headline(self, chinese: bool) -> str:
        if self.grade is None:
            return f"没有可参评的值，不评价（{self.standard}）" if chinese else f"no value that can be judged ({self.standard})"
        if chinese:
            return f"{self.medium_zh}{self.grade_zh}：{self.standard}，{self.effective_from} 起施行，{self.clause_zh}"
        return f"{self.medium_en}, {self.grade_en}: {self.standard}, in force since {self.effective_from}, {self.clause_en}"


def explained(sample: Mapping[str, Any], known: Version, medium: Medium, judge: Callable[[pl.DataFrame], pl.DataFrame]) -> Explanation:
    """Explain the class of one sample.

    Parameters:
        sample: values by column name: items, and optionally ``start`` and ``target_class``.
        known: the version that judges.
        medium: its words.
        judge: function of the medium that judges a frame.
    """
    kept = {name: value for name, value in sample.items() if name in known.items or name in ("start", "target_class")}
    row = judge(pl.DataFrame({name: [value] for name, value in kept.items()}, schema_overrides=_schema(kept))).row(0, named=True)
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
        deciding=_split(row["deciding"]),
        main=_split(row["main"]),
        target_class=target,
        target_zh=medium.word(target, True) if target else "",
        target_en=medium.word(target, False) if target else "",
        attained=row["attained"],
        unverified=_split(row["unverified"]),
    )


def _schema(sample: Mapping[str, Any]) -> dict[str, Any]:
    types: dict[str, Any] = {name: pl.String if isinstance(value, str) else pl.Float64 for name, value in sample.items()}
    types.pop("start", None)
    if isinstance(sample.get("start"), datetime):
        types["start"] = pl.Datetime("us")
    if "target_class" in sample:
        types["target_class"] = pl.Int64
    return types


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


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
