"""Lengths of time as declarations write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"(\d{1,5})(wd|d|h|mo|min)")
_WORDS = {
    "wd": ("个工作日", "working day", "working days"),
    "d": ("天", "day", "days"),
    "h": ("小时", "hour", "hours"),
    "mo": ("个月", "month", "months"),
    "min": ("分钟", "minute", "minutes"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time.

    Attributes:
        count: how many.
        unit: ``wd`` working days, ``d`` days, ``h`` hours, ``mo`` months, ``min`` minutes.
    """

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Span | None:
        """Read ``30wd``; None when it is none.

        Examples:
            >>> Span.parse("30wd")
            Span(count=30, unit='wd')
            >>> Span.parse("soon") is None
            True
        """
        found = _FORM.fullmatch(text.strip())
        return cls(int(found[1]), found[2]) if found else None

    def text(self, language: str) -> str:
        """Say it.

        Examples:
            >>> Span(30, "wd").text("zh-hans"), Span(1, "d").text("en"), Span(48, "h").text("en")
            ('30 个工作日', '1 day', '48 hours')
        """
        zh, one, many = _WORDS[self.unit]
        return f"{self.count} {one if self.count == 1 else many}" if language == "en" else f"{self.count} {zh}"

    @property
    def hours(self) -> float:
        """About how long it is [h], to compare spans; a working day counts 1.4 days, a month 30."""
        return self.count * {"wd": 33.6, "d": 24.0, "h": 1.0, "mo": 720.0, "min": 1 / 60}[self.unit]
