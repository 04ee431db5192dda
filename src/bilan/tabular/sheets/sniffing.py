"""How well a column's values fit a target, where names leave it open."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bilan.pack.registers import FieldType, Vocabulary
from bilan.tabular.places.angles import read_angle
from bilan.tabular.sheets.targets import Target

_NUMBER = re.compile(r"^[<＜≤约]?\s*[-+]?[\d,，]*\.?\d+(e[-+]?\d+)?\s*\S{0,5}$", re.IGNORECASE)
_DATE = re.compile(r"^\d{4}\s*([-/.年]\s*\d{1,2}(\s*[-/.月]\s*\d{1,2})?.*|\d{4})?$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|^\d{5}(\.\d+)?$")
_USCC = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{18}$")
_PHONE = re.compile(r"^[+\d][\d\s-]{6,18}$")
_YES = {"是", "否", "有", "无", "yes", "no", "true", "false", "y", "n", "√", "×", "1", "0", "1.0", "0.0"}
_UNKNOWN = 0.75
"""How well values fit that tell nothing."""
_ENOUGH = 50


class Sniffer:
    """Judges columns by their values.

    Args:
        vocabularies: terms of choices.
    """

    def __init__(self, vocabularies: Mapping[str, Vocabulary]) -> None:
        self._vocabularies = vocabularies

    def fit(self, target: Target, values: list[str]) -> float:
        """How many of the values (0 to 1) can be what the target holds; a middling number when they tell nothing."""
        if not values:
            return _UNKNOWN
        some = [value.strip() for value in values[:_ENOUGH]]
        fits = [found for value in some if (found := self._fits(target, value)) is not None]
        return sum(fits) / len(fits) if fits else _UNKNOWN

    def _fits(self, target: Target, value: str) -> bool | None:
        field = target.field
        if target.kind == "place":
            return self._is_place(target.name, value)
        if target.kind in {FieldType.INTEGER, FieldType.DECIMAL}:
            return bool(_NUMBER.match(value))
        if target.kind == FieldType.DATE:
            return bool(_DATE.match(value))
        if target.kind == FieldType.BOOLEAN:
            return value.lower() in _YES
        if target.kind == FieldType.CHOICE and field and field.of in self._vocabularies:
            terms = self._vocabularies[field.of].by_title
            return any(part.strip().lower() in terms for part in re.split(r"[;；、,，/]", value))
        if target.name.endswith(".phone") or (field and field.check == "phone"):
            return bool(_PHONE.match(value))
        if field and field.check == "uscc":
            return bool(_USCC.match(value.upper()))
        if target.kind == FieldType.PERSON:
            return not _PHONE.match(value)
        return None

    @staticmethod
    def _is_place(name: str, value: str) -> bool | None:
        if name == "place":
            return bool(re.search(r"\d.*[\s,，;；/、NEne东经北纬].*\d", value))
        if name in ("longitude", "latitude"):
            return not isinstance(read_angle(value), str)
        return bool(re.fullmatch(r"\d{1,2}(\.\d+)?", value))
