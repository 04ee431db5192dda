"""Numbers that a word processor writes before headings and items without their standing in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bilan.plans.reader.numerals import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "ideographDigital",
        "japaneseCounting",
        "japaneseDigitalTenThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)
PLACE = re.compile(r"%(\d)")
LEVELS = 9


@dataclass(frozen=True, slots=True)
class Format:
    """How one level of a list is numbered."""

    kind: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted.

    Attributes:
        lists: number of the list → its abstract list; `formats`: abstract list → format by level.
    """

    lists: dict[str, str] = field(default_factory=dict)
    formats: dict[str, dict[int, Format]] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any | None) -> Numbering:
        """Take the lists out of a document's numbering part."""
        made = cls()
        if root is None:
            return made
        for abstract in root.iter(f"{W}abstractNum"):
            levels = {int(level.get(f"{W}ilvl", "0")): _format(level) for level in abstract.iter(f"{W}lvl")}
            made.formats[abstract.get(f"{W}abstractNumId", "")] = levels
        for number in root.iter(f"{W}num"):
            target = number.find(f"{W}abstractNumId")
            if target is not None:
                made.lists[number.get(f"{W}numId", "")] = target.get(f"{W}val", "")
        return made

    def next(self, number: str, level: int) -> str:
        """Count one further in a list and write the number; empty for bullets and unknown lists."""
        abstract = self.lists.get(number, "")
        formats = self.formats.get(abstract, {})
        if level not in formats or not 0 <= level < LEVELS:
            return ""
        counts = self.counts.setdefault(abstract, [0] * LEVELS)
        counts[level] = counts[level] + 1 if counts[level] else formats[level].start
        counts[level + 1 :] = [0] * (LEVELS - level - 1)
        if formats[level].kind in ("bullet", "none"):
            return ""
        return PLACE.sub(lambda found: self._written(formats, counts, int(found[1]) - 1), formats[level].text)

    @staticmethod
    def _written(formats: dict[int, Format], counts: list[int], level: int) -> str:
        """The count of one level as its format writes it."""
        if level not in formats or not 0 <= level < LEVELS:
            return ""
        count = counts[level] or formats[level].start
        return numeral(count) if formats[level].kind in CHINESE else str(count)


def _format(level: Any) -> Format:
    """Format of one level."""

    def value(tag: str, default: str) -> str:
        found = level.find(f"{W}{tag}")
        return default if found is None else found.get(f"{W}val", default)

    start = value("start", "1")
    return Format(value("numFmt", "decimal"), value("lvlText", ""), int(start) if start.isdecimal() else 1)
