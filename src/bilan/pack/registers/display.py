"""Values of fields as people read them, in either language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilan.pack.registers.fields import Field, FieldType
from bilan.pack.registers.model import Registers
from bilan.pack.vocab import parameters
from bilan.pack.vocab.units import unit_symbol

NONE = "–"
"""What stands where there is no value."""
_WORDS = {True: ("是", "Yes"), False: ("否", "No")}


def shown(field: Field, value: Any, language: str, registers: Registers, *, unit: bool = True) -> str:
    """One value as text.

    Args:
        field: its field.
        value: as it is kept.
        language: ``zh-hans`` or ``en``.
        registers: for the titles of choices.
        unit: whether the unit is written behind a number.

    Returns:
        Titles for choices, numbers with thousands separators and unit, periods with both ends; links, organisations and districts as
        their codes; the number of rows or files for tables and attachments; a dash for nothing.

    Examples:
        >>> from bilan.pack.registers.words import Bilingual
        >>> flow = Field("flow", FieldType.DECIMAL, Bilingual("流量", "Flow"), unit="m3/d", decimals=1)
        >>> shown(flow, 12345.67, "en", Registers({}, {}, {}))
        '12,345.7 m³/d'
    """
    if value in (None, "", [], {}):
        return NONE
    if field.type is FieldType.TABLE:
        return _counted(value, language, "行", "row")
    if field.type is FieldType.ATTACHMENT:
        return "、".join(names) if (names := _names(value)) else _counted(value, language, "个文件", "file")
    if isinstance(value, list | tuple) and field.type is not FieldType.PERIOD:
        return (", " if language == "en" else "、").join(_one(field, item, language, registers, unit=unit) for item in value)
    return _one(field, value, language, registers, unit=unit)


def number(value: float, decimals: int | None = None) -> str:
    """A number with thousands separators; without `decimals` as many digits as it has.

    Examples:
        >>> number(1234567.5), number(0.5, 2), number(1200.0), number(-0.001, 1)
        ('1,234,567.5', '0.50', '1,200', '0.0')
    """
    if decimals is not None:
        text = f"{value:,.{decimals}f}"
        return text.lstrip("-") if not text.strip("-0.,") else text
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return f"{value:,}"


def _one(field: Field, value: Any, language: str, registers: Registers, *, unit: bool) -> str:
    place = 1 if language == "en" else 0
    match field.type:
        case FieldType.CHOICE:
            vocabulary = registers.vocabularies.get(field.of)
            term = vocabulary.by_code.get(str(value)) if vocabulary else None
            return term.title.text(language) if term else str(value)
        case FieldType.BOOLEAN:
            return _WORDS[bool(value)][place]
        case FieldType.PERIOD if isinstance(value, list | tuple) and len(value) == 2:
            return _period(value[0], value[1], language)
        case FieldType.PARAMETER if isinstance(value, Mapping):
            return _parameter(value, language)
        case FieldType.PERSON if isinstance(value, Mapping):
            return " ".join(str(part) for part in (value.get("name"), value.get("phone")) if part) or NONE
    if isinstance(value, bool):
        return _WORDS[value][place]
    if isinstance(value, int | float):
        text = number(value, field.decimals)
        return f"{text} {unit_symbol(field.unit)}" if unit and field.unit else text
    return str(value)


def _period(begin: Any, end: Any, language: str) -> str:
    if language == "en":
        return f"{begin or '…'} – {end or 'open'}"
    return f"{begin or '…'} 至 {end or '今'}" if end or begin else NONE


def _parameter(value: Mapping[str, Any], language: str) -> str:
    known = parameters().get(str(value.get("parameter", "")))
    label = (known.label_en if language == "en" else known.label_zh) if known else str(value.get("parameter", ""))
    limit = value.get("limit")
    if limit is None:
        return label
    return f"{label} ≤ {number(limit)} {unit_symbol(str(value.get('unit') or ''))}".rstrip()


def _names(value: Any) -> list[str]:
    return [str(item["name"]) for item in value if isinstance(item, Mapping) and item.get("name")] if isinstance(value, list) else []


def _counted(value: Any, language: str, zh: str, en: str) -> str:
    count = len(value) if isinstance(value, list | tuple) else 1
    return f"{count} {en}{'' if count == 1 else 's'}" if language == "en" else f"{count} {zh}"
