"""Why a verdict is what it is, in one shape for every medium: items with value, limits, clause and confidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bilan.problems import LANGUAGES

CONFIDENCE = {
    "verified_2plus": ("两个以上来源核实", "checked in two or more sources"),
    "verified_1": ("一个来源核实", "checked in one source"),
    "derived": ("由已核实数据推得", "derived from checked rows"),
    "local": ("本项目约定", "a rule of this project"),
    "memory_only": ("未核实", "unverified"),
}
_CLAUSE = (
    ("表 1–3", "Tables 1 to 3"),
    ("表 1、表 2", "Tables 1 and 2"),
    ("表", "Table "),
    ("附录", "Annex "),
    ("第", "item "),
    ("项", ""),
    ("  ", " "),
)


@dataclass(frozen=True, slots=True)
class Words:
    """One phrase in both languages."""

    zh: str
    en: str

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Give the phrase in one language.

        Examples:
            >>> Words("昼间", "day").text("en")
            'day'
        """
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit that a value was compared with [unit of the item]."""

    name: Words
    value: float


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """One item of a verdict: what was measured, what it was compared with, what came out, how certain the limits are.

    Attributes:
        column: column of the frame.
        value: what was measured [`unit`].
        limits: what it was compared with [`unit`].
        verdict: what came out; `item_class` is its number.
        factor: times over the limit, or decibels above it for levels; None when within.
        decides: whether it set the grade.
        confidence: of the limits, as in the tables.
    """

    column: str
    symbol: str
    name: Words
    unit: str
    value: float | str | None
    limits: tuple[Limit, ...]
    verdict: Words
    item_class: int | None
    clause: str
    confidence: str
    factor: float | None = None
    over: Words | None = None
    decides: bool = False
    note: Words | None = None

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the item in one line."""
        english = language == "en"
        colon, stop = (": ", "; ") if english else ("：", "；")
        unit = f" {self.unit}" if self.unit else ""
        value = f"{self.value:g}" if isinstance(self.value, float) else self.value
        parts = [f"{self.name.text(language)} {value}{unit}{colon}{self.verdict.text(language)}"]
        if self.limits:
            parts.append(("、", ", ")[english].join(f"{limit.name.text(language)} {limit.value:g}" for limit in self.limits))
        if self.over is not None:
            parts.append(self.over.text(language))
        if self.decides:
            parts.append("decides" if english else "决定结果")
        if self.note is not None:
            parts.append(self.note.text(language))
        zh, en = CONFIDENCE[self.confidence]
        clause = clause_in_english(self.clause) if english else self.clause
        parts.append(("，", ", ")[english].join(part for part in (clause, en if english else zh) if part))
        return stop.join(parts)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict with everything it rests on.

    Attributes:
        grade: number of the verdict; None when nothing could be judged.
        verdict: the verdict in words.
        standard, version, effective_from: which text was applied and since when it holds; `clause` where it says so.
        items: one a measured item, the deciding ones first.
        missing: symbols of items that were not measured.
        deciding, main: symbols of the items that set the grade, and of those over their limit.
        unverified: symbols of items whose limits are unverified.
    """

    grade: int | None
    verdict: Words
    standard: str
    version: str
    effective_from: str
    clause: str
    items: tuple[ItemVerdict, ...]
    missing: tuple[str, ...] = ()
    deciding: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    attained: bool | None = None
    unverified: tuple[str, ...] = ()
    notes: tuple[Words, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Give the explanation as plain values for JSON."""
        return asdict(self)

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the whole reason, one sentence or item a line."""
        english = language == "en"
        since = f", in force since {self.effective_from}" if english else f"，{self.effective_from} 起施行"
        clause = clause_in_english(self.clause) if english else self.clause
        named = f"{self.standard} {clause}".strip() + (since if self.effective_from else "")
        lines = [f"{self.verdict.text(language)}{': ' if english else '：'}{named}", *(entry.text(language) for entry in self.items)]
        lines += [note.text(language) for note in self.notes]
        joined = (", " if english else "、").join
        if self.main:
            lines.append(f"over the limit: {joined(self.main)}" if english else f"超标项目：{joined(self.main)}")
        if self.unverified:
            lines.append(f"limits not verified: {joined(self.unverified)}" if english else f"限值未核实：{joined(self.unverified)}")
        return "\n".join(lines)


def clause_in_english(clause: str) -> str:
    """Clause of a table as an English reader writes it.

    Examples:
        >>> clause_in_english("表 1 第 5 项"), clause_in_english("5.1 表 1")
        ('Table 1 item 5', '5.1 Table 1')
    """
    for chinese, english in _CLAUSE:
        clause = clause.replace(chinese, english)
    return clause.strip()


def split(text: str | None) -> tuple[str, ...]:
    """Symbols of a comma-joined column."""
    return tuple(text.split(",")) if text else ()
