"""Why a sample has its class: values, limits, clauses, what decided and how certain the limits are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl

from bilan.problems import LANGUAGES
from bilan.science.standards.water.classify import Against, Rounding, Saturation, classify
from bilan.science.standards.water.limits import Item, SectionType, Version, versions
from bilan.science.standards.water.status import statuses, water_classes
from bilan.science.standards.water.words import clause_in_english

_CONFIDENCE = {
    "verified_2plus": ("两个以上来源核实", "checked in two or more sources"),
    "verified_1": ("一个来源核实", "checked in one source"),
    "derived": ("由已核实数据推得", "derived from checked rows"),
    "memory_only": ("未核实", "unverified"),
}
_SECTION_TYPES: dict[SectionType, tuple[str, str]] = {"river": ("河流", "river"), "lake": ("湖库", "lake or reservoir")}


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """One item of a verdict: its value [unit], limits of class I to V, class, times over the limit, clause."""

    column: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    value: float | str | None
    limits: tuple[float, ...]
    direction: str
    water_class: int | None
    factor: float | None
    counted: bool
    decides: bool
    clause: str
    confidence: str

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the item in one line."""
        chinese = language != "en"
        name = self.name_zh if chinese else f"{self.name_en} ({self.symbol})"
        unit = "" if self.unit == "dimensionless" else f" {self.unit}"
        number = water_classes()[(self.water_class or 1) - 1]
        said = number.name_zh if chinese else number.name_en
        parts = [f"{name} {self.value}{unit}{'：' if chinese else ': '}{said}", self._limit_text(chinese)]
        if self.factor is not None:
            parts.append(f"超标 {self.factor:.2f} 倍" if chinese else f"{self.factor:.2f} times over")
        if self.decides:
            parts.append("决定类别" if chinese else "decides the class")
        if not self.counted:
            parts.append("仅供参考，不参评" if chinese else "for reference, does not count")
        zh, en = _CONFIDENCE[self.confidence]
        parts.append(f"{self.clause}，{zh}" if chinese else f"{clause_in_english(self.clause)}, {en}")
        return ("；" if chinese else "; ").join(parts)

    def _limit_text(self, chinese: bool) -> str:
        if self.direction == "range":
            span = f"{self.limits[0]:g}–{self.limits[1]:g}"
            return f"限值 {span}" if chinese else f"limits {span}"
        sign = "≤" if self.direction == "below" else "≥"
        listed = " / ".join(f"{limit:g}" for limit in self.limits)
        return f"Ⅰ–Ⅴ类限值 {sign} {listed}" if chinese else f"limits of class I to V {sign} {listed}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict on one sample with everything it rests on."""

    grade: int | None
    section_type: SectionType
    standard: str
    version: str
    effective_from: str
    clause: str
    rounding: Rounding
    items: tuple[ItemVerdict, ...]
    missing: tuple[str, ...]
    deciding: tuple[str, ...]
    main: tuple[str, ...]
    target_class: int | None
    attained: bool | None

    def as_dict(self) -> dict[str, Any]:
        """Give the explanation as plain values for JSON."""
        return asdict(self)

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the whole reason, one sentence or item a line."""
        chinese = language != "en"
        lines = [self._headline(chinese), *(entry.text(language) for entry in self.items)]
        if self.main:
            names = ("、" if chinese else ", ").join(self.main)
            lines.append(f"主要污染指标：{names}" if chinese else f"main pollutants: {names}")
        if self.target_class is not None and self.attained is not None:
            target = water_classes()[self.target_class - 1]
            if chinese:
                lines.append(f"目标{target.name_zh}，{'达标' if self.attained else '未达标'}")
            else:
                lines.append(f"target {target.name_en}, {'met' if self.attained else 'not met'}")
        return "\n".join(lines)

    def _headline(self, chinese: bool) -> str:
        kind = _SECTION_TYPES[self.section_type][0 if chinese else 1]
        if self.grade is None:
            return f"没有可参评的值，不评价（{self.standard}）" if chinese else f"no value that can be judged ({self.standard})"
        known = water_classes()[self.grade - 1]
        status = next(entry for entry in statuses() if entry.grade == max(1, self.grade - 1))
        if chinese:
            return f"{known.name_zh}（{status.name_zh}）：{self.standard} {kind}限值，{self.effective_from} 起施行，单因子评价"
        return (
            f"{known.name_en} ({status.name_en}): {self.standard}, {kind} limits, in force since {self.effective_from}, worst item decides"
        )


def explain(
    sample: Mapping[str, Any], *, rounding: Rounding = "none", against: Against = "class_3", saturation: Saturation = "ignore"
) -> Explanation:
    """Explain the class of one sample.

    Parameters:
        sample: values by column name as for `classify`: items, and optionally ``section_type``, ``target_class``, ``start``.
        rounding, against, saturation: as for `classify`.

    Returns:
        Every item with its value, limits, class, clause and confidence, and what decided.

    Raises:
        BilanError: no item in the sample, or an unknown option.

    Reference:
        GB 3838-2002 Table 1; 环办[2011]22号, 单因子评价法

    Examples:
        >>> why = explain({"do": 5.11, "nh3n": 0.136, "tp": 0.048})
        >>> why.grade, why.deciding
        (3, ('DO',))
        >>> print(why.text("en").splitlines()[0])
        Class III (good): GB 3838-2002, river limits, in force since 2002-06-01, worst item decides
    """
    known = versions()[-1]
    kept = {name: value for name, value in sample.items() if name in known.items or name in _CONTEXT}
    frame = pl.DataFrame({name: [value] for name, value in kept.items()}, schema_overrides=_schema(kept, known))
    row = classify(frame, rounding=rounding, against=against, saturation=saturation).row(0, named=True)
    section_type: SectionType = "lake" if sample.get("section_type") == "lake" else "river"
    items = [_item_verdict(entry, sample, row, section_type) for entry in known.items.values() if row.get(f"class_{entry.column}")]
    items.sort(key=lambda entry: (not entry.counted, -(entry.water_class or 0)))
    return Explanation(
        grade=row["grade"],
        section_type=section_type,
        standard=known.standard,
        version=known.version,
        effective_from=known.effective_from.isoformat(),
        clause="环办[2011]22号 断面水质评价",
        rounding=rounding,
        items=tuple(items),
        missing=tuple(entry.symbol for entry in known.items.values() if entry.counted and row.get(f"class_{entry.column}") is None),
        deciding=_split(row["deciding"]),
        main=_split(row["main"]),
        target_class=row.get("target_class"),
        attained=row["attained"],
    )


_CONTEXT = ("section_type", "target_class", "start", "do_saturation")


def _schema(sample: Mapping[str, Any], known: Version) -> dict[str, Any]:
    types: dict[str, Any] = {
        name: pl.String if isinstance(value, str) else pl.Float64 for name, value in sample.items() if name in known.items
    }
    if isinstance(sample.get("start"), datetime):
        types["start"] = pl.Datetime("us")
    if "target_class" in sample:
        types["target_class"] = pl.Int64
    return types


def _item_verdict(entry: Item, sample: Mapping[str, Any], row: Mapping[str, Any], section_type: SectionType) -> ItemVerdict:
    water_class = row[f"class_{entry.column}"]
    return ItemVerdict(
        column=entry.column,
        symbol=entry.symbol,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        unit=entry.unit,
        value=sample[entry.column],
        limits=entry.limits[section_type],
        direction=entry.direction,
        water_class=water_class,
        factor=row.get(f"factor_{entry.column}"),
        counted=entry.counted,
        decides=entry.counted and water_class == row["grade"] and water_class > 1,
        clause=entry.clause,
        confidence=entry.confidence,
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
