"""Why a sample has its class: values, limits, clauses, what decided and how certain the limits are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bilan.science.standards.classed import ClassedExplanation, ClassedItem, sample_frame
from bilan.science.standards.explaining import split
from bilan.science.standards.water.classify import Against, Rounding, Saturation, classify
from bilan.science.standards.water.limits import Item, SectionType, versions
from bilan.science.standards.water.status import statuses, water_classes

_SECTION_TYPES: dict[SectionType, tuple[str, str]] = {"river": ("河流", "river"), "lake": ("湖库", "lake or reservoir")}


@dataclass(frozen=True, slots=True)
class ItemVerdict(ClassedItem):
    """One item of a verdict: its value [unit], limits of class I to V, class, times over the limit, clause."""

    limits: tuple[float, ...]
    direction: str
    counted: bool

    def class_text(self, chinese: bool) -> str:
        """Name of its class."""
        number = water_classes()[(self.water_class or 1) - 1]
        return number.name_zh if chinese else number.name_en

    def limit_text(self, chinese: bool) -> str:
        """Its limits."""
        if self.direction == "range":
            span = f"{self.limits[0]:g}–{self.limits[1]:g}"
            return f"限值 {span}" if chinese else f"limits {span}"
        sign = "≤" if self.direction == "below" else "≥"
        listed = " / ".join(f"{limit:g}" for limit in self.limits)
        return f"Ⅰ–Ⅴ类限值 {sign} {listed}" if chinese else f"limits of class I to V {sign} {listed}"

    def besides(self, chinese: bool) -> Iterator[str]:
        """That it is told for reference only."""
        if not self.counted:
            yield "仅供参考，不参评" if chinese else "for reference, does not count"


@dataclass(frozen=True, slots=True)
class Explanation(ClassedExplanation):
    """A verdict on one sample with everything it rests on."""

    items: tuple[ItemVerdict, ...]
    section_type: SectionType
    clause: str
    rounding: Rounding
    missing: tuple[str, ...]

    def headline(self, chinese: bool) -> str:
        """The class and what it rests on."""
        grade = self.grade or 1
        kind = _SECTION_TYPES[self.section_type][0 if chinese else 1]
        known = water_classes()[grade - 1]
        status = next(entry for entry in statuses() if entry.grade == max(1, grade - 1))
        if chinese:
            return f"{known.name_zh}（{status.name_zh}）：{self.standard} {kind}限值，{self.effective_from} 起施行，单因子评价"
        return (
            f"{known.name_en} ({status.name_en}): {self.standard}, {kind} limits, in force since {self.effective_from}, worst item decides"
        )

    def over_text(self, chinese: bool) -> str:
        """What stands before the items over their limits."""
        return "主要污染指标：" if chinese else "main pollutants: "

    def target_text(self, chinese: bool) -> str:
        """Name of the target class."""
        target = water_classes()[(self.target_class or 1) - 1]
        return target.name_zh if chinese else target.name_en


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
    frame = sample_frame(sample, known.items, _CONTEXT)
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
        deciding=split(row["deciding"]),
        main=split(row["main"]),
        target_class=row.get("target_class"),
        attained=row["attained"],
    )


_CONTEXT = ("section_type", "target_class", "start", "do_saturation")


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
