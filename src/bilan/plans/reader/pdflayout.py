"""Where the text of a PDF page stands: fragments put together to fields, fields to lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bilan.plans.reader.debris import strip

SAME_LINE = 0.4
"""Difference in height below which two fragments stand on one line [font sizes]."""
SAME_FIELD = 0.5
"""Room below which two fragments are of one field [font sizes]."""
MOST = 20_000
"""Fragments of one page that are looked at."""


@dataclass(slots=True)
class Field:
    """Text that stands together, from `at` to `end` [points from the left], in a font of `size` [points]."""

    text: str
    at: float
    end: float
    size: float = 1.0


@dataclass(slots=True)
class Placed:
    """A line of a page: its fields from left to right."""

    height: float
    fields: list[Field] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The line as text."""
        return strip(" ".join(part.text for part in self.fields)).strip()


@dataclass(frozen=True, slots=True)
class _Fragment:
    """What one instruction of the page writes."""

    text: str
    x: float
    y: float
    size: float

    @property
    def end(self) -> float:
        """About where it ends."""
        return self.x + self.size * sum(_width(letter) for letter in self.text)


def _width(letter: str) -> float:
    """About how wide a character is [font sizes]."""
    if letter > "\u2e7f":
        return 1.0
    return 0.25 if letter == " " else 0.65 if letter.isupper() or letter in "%‰≥≤" else 0.5


def lines(page: Any) -> list[Placed]:
    """Lines of a page from top to bottom, with the fields they consist of."""
    fragments: list[_Fragment] = []

    def visit(text: str, current: list[float], matrix: list[float], _font: Any, size: float) -> None:
        if text.strip() and len(fragments) < MOST:
            x, y = matrix[4] * current[0] + current[4], matrix[5] * current[3] + current[5]
            fragments.append(_Fragment(text.strip(), x, y, max(abs(size * matrix[3] * current[3]), 1.0)))

    page.extract_text(visitor_text=visit)
    placed: list[Placed] = []
    for fragment in sorted(fragments, key=lambda each: -each.y):
        if not placed or placed[-1].height - fragment.y > SAME_LINE * fragment.size:
            placed.append(Placed(fragment.y))
        placed[-1].fields.append(Field(fragment.text, fragment.x, fragment.end, fragment.size))
        placed[-1].fields.sort(key=lambda each: each.at)
    for line in placed:
        line.fields = _joined(line.fields)
    return placed


def _joined(fields: list[Field]) -> list[Field]:
    """Fields with those put together that stand close."""
    joined: list[Field] = []
    for each in fields:
        if joined and each.at - joined[-1].end < SAME_FIELD * each.size:
            joined[-1].text += each.text
            joined[-1].end = each.end
        else:
            joined.append(each)
    return joined
