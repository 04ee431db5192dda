"""Why a sample has its class, said alike of every water that its worst item decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl

from bilan.problems import LANGUAGES
from bilan.science.standards.explaining import CONFIDENCE
from bilan.science.standards.water.words import clause_in_english

_BARE = ("1", "level", "dimensionless")
"""Units that are not said."""


@dataclass(frozen=True, slots=True)
class ClassedItem:
    """One item of a verdict: its value [unit], class, times over the limit, clause; each water adds what it says of limits.

    Attributes:
        decides: whether it set the class.
        confidence: of the limits, as in the tables.
    """

    column: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    value: float | str | None
    water_class: int | None
    factor: float | None
    decides: bool
    clause: str
    confidence: str

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the item in one line."""
        chinese = language != "en"
        unit = "" if self.unit in _BARE else f" {self.unit}"
        parts = [f"{self.named(chinese)} {self.value}{unit}{'：' if chinese else ': '}{self.class_text(chinese)}", self.limit_text(chinese)]
        if self.factor is not None:
            parts.append(f"超标 {self.factor:.2f} 倍" if chinese else f"{self.factor:.2f} times over")
        if self.decides:
            parts.append("决定类别" if chinese else "decides the class")
        parts += self.besides(chinese)
        zh, en = CONFIDENCE[self.confidence]
        parts.append(f"{self.clause}，{zh}" if chinese else f"{clause_in_english(self.clause)}, {en}")
        return ("；" if chinese else "; ").join(parts)

    def named(self, chinese: bool) -> str:
        """Name of the item."""
        return self.name_zh if chinese else f"{self.name_en} ({self.symbol})"

    def class_text(self, chinese: bool) -> str:
        """Name of its class."""
        raise NotImplementedError

    def limit_text(self, chinese: bool) -> str:
        """Its limits."""
        raise NotImplementedError

    def besides(self, chinese: bool) -> Iterator[str]:
        """What else is to be said of it."""
        yield from ()


@dataclass(frozen=True, slots=True)
class ClassedExplanation:
    """A verdict on one sample with everything it rests on."""

    grade: int | None
    standard: str
    version: str
    effective_from: str
    items: tuple[Any, ...]
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
        comma = "、" if chinese else ", "
        if self.grade is None:
            headline = f"没有可参评的值，不评价（{self.standard}）" if chinese else f"no value that can be judged ({self.standard})"
        else:
            headline = self.headline(chinese)
        lines = [headline, *(entry.text(language) for entry in self.items)]
        if self.main:
            lines.append(f"{self.over_text(chinese)}{comma.join(self.main)}")
        if self.target_class is not None and self.attained is not None:
            met = ("达标" if self.attained else "未达标") if chinese else ("met" if self.attained else "not met")
            lines.append(f"目标{self.target_text(chinese)}，{met}" if chinese else f"target {self.target_text(chinese)}, {met}")
        return "\n".join([*lines, *self.notes(chinese)])

    def headline(self, chinese: bool) -> str:
        """The class and what it rests on."""
        raise NotImplementedError

    def over_text(self, chinese: bool) -> str:
        """What stands before the items over their limits."""
        raise NotImplementedError

    def target_text(self, chinese: bool) -> str:
        """Name of the target class."""
        raise NotImplementedError

    def notes(self, chinese: bool) -> Iterator[str]:
        """What else is to be said of the verdict."""
        yield from ()


def sample_frame(sample: Mapping[str, Any], items: Sequence[str] | Mapping[str, Any], context: Sequence[str]) -> pl.DataFrame:
    """A frame of one row.

    Parameters:
        sample: values by column name; those that are neither items nor context are left out.
        items: item columns, which become numbers, or texts where texts are given.
        context: further columns: ``start``, ``target_class`` and others.
    """
    kept = {name: value for name, value in sample.items() if name in items or name in context}
    types: dict[str, Any] = {name: pl.String if isinstance(value, str) else pl.Float64 for name, value in kept.items() if name in items}
    if isinstance(kept.get("start"), datetime):
        types["start"] = pl.Datetime("us")
    if "target_class" in kept:
        types["target_class"] = pl.Int64
    return pl.DataFrame({name: [value] for name, value in kept.items()}, schema_overrides=types)
