"""What changed between two issues of a report: numbers that are new, gone or other than before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Changed:
    """One number in two issues; the text is None where an issue does not say it.

    Attributes:
        amount: how much the value changed; None where either is no number.
    """

    key: str
    title: str
    unit: str
    before: str | None
    after: str | None
    amount: float | None
    link: str

    @property
    def kind(self) -> str:
        """``new``, ``gone`` or ``other``."""
        return "new" if self.before is None else "gone" if self.after is None else "other"


def changes(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> list[Changed]:
    """Numbers that differ, in the order of the later issue; those that only the earlier one says come last.

    Examples:
        >>> one = {"air.pm25": {"text": "21.0", "value": 21.0}, "air.so2": {"text": "5", "value": 5}}
        >>> [(entry.key, entry.kind, entry.amount) for entry in changes(one, {"air.pm25": {"text": "20.4", "value": 20.4}})]
        [('air.pm25', 'other', -0.6), ('air.so2', 'gone', None)]
    """
    keys = [*after, *(key for key in before if key not in after)]
    return [_changed(key, before.get(key), after.get(key)) for key in keys if _said(before.get(key)) != _said(after.get(key))]


def _said(number: Mapping[str, Any] | None) -> tuple[Any, Any] | None:
    return None if number is None else (number.get("text"), number.get("value"))


def _changed(key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Changed:
    newest: Mapping[str, Any] = after or before or {}
    first, second = (number.get("value") if number else None for number in (before, after))
    known = isinstance(first, int | float) and isinstance(second, int | float)
    return Changed(
        key,
        str(newest.get("title", key)),
        str(newest.get("unit", "")),
        str(before["text"]) if before else None,
        str(after["text"]) if after else None,
        round(second - first, 6) if known and first is not None and second is not None else None,
        str(newest.get("link", "")),
    )
