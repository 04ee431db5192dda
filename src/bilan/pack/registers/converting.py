"""For each field, what brings a written value to the form in which it is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bilan.pack.registers.fields import Field, FieldType
from bilan.pack.registers.model import Registers
from bilan.pack.registers.values.checks import CHECKS
from bilan.pack.registers.values.choices import chooser, knows, parts, read_boolean
from bilan.pack.registers.values.dates import read_date, read_period
from bilan.pack.registers.values.numbers import read_integer, read_number
from bilan.pack.registers.values.refused import Refused, Several
from bilan.pack.registers.values.shapes import read_attachment, read_code, read_district, read_parameter, read_person, read_url
from bilan.pack.registers.values.texts import EMPTY, read_line, read_long
from bilan.pack.vocab import by_alias
from bilan.problems import nearest

Convert = Callable[[Any], Any]
"""A written value → the kept one; None when it says nothing.

Raises:
    Refused, Several: it cannot be accepted.
"""

MOST = 1_000
"""Items a list or a table may have."""
_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG})
_NOTHING = EMPTY | {"无"}
_SIMPLE: dict[FieldType, Convert] = {
    FieldType.LONG: read_long,
    FieldType.DATE: read_date,
    FieldType.PERIOD: read_period,
    FieldType.BOOLEAN: read_boolean,
    FieldType.PARAMETER: read_parameter,
    FieldType.PERSON: read_person,
    FieldType.ORGANISATION: read_code,
    FieldType.DISTRICT: read_district,
    FieldType.LINK: read_code,
    FieldType.URL: read_url,
}


def converter(field: Field, registers: Registers, today: date) -> Convert:
    """What converts values of a field; columns of a table are converted by the table."""
    single = _single(field, registers, today)
    if field.type is FieldType.ATTACHMENT:
        return _several(read_attachment, lambda text: True, _NOTHING)
    nothing = _nothing(field, registers)
    return _several(single, _whole(field, registers), nothing) if field.many else _one(single, field.type, nothing)


def _nothing(field: Field, registers: Registers) -> frozenset[str]:
    """Texts that say nothing in a field: a dash is none, but “无” may be a choice or the answer no."""
    if field.type is FieldType.BOOLEAN:
        return EMPTY
    if field.type is FieldType.CHOICE:
        known = knows(registers.vocabularies[field.of])
        return frozenset(text for text in _NOTHING if not known(text))
    return EMPTY if field.type in _TEXTS else _NOTHING


def _whole(field: Field, registers: Registers) -> Callable[[str], bool]:
    """What tells whether a text is one item although it has commas in it."""
    if field.type is FieldType.CHOICE:
        return knows(registers.vocabularies[field.of])
    return (lambda text: by_alias(text) is not None) if field.type is FieldType.PARAMETER else (lambda text: False)


def _single(field: Field, registers: Registers, today: date) -> Convert:
    match field.type:
        case FieldType.TEXT:
            return _text(field)
        case FieldType.INTEGER | FieldType.DECIMAL:
            return _number(field)
        case FieldType.CHOICE:
            return chooser(registers.vocabularies[field.of], today)
    return _SIMPLE.get(field.type, read_line)


def _text(field: Field) -> Convert:
    if not field.pattern and not field.check:
        return read_line
    check = CHECKS.get(field.check)
    matches = re.compile(field.pattern).fullmatch if field.pattern else None

    def convert(value: Any) -> str:
        text = read_line(value)
        if text and check:
            text = check(text)
        if text and matches and not matches(text):
            raise Refused("entry.pattern", text, allowed=field.pattern)
        return text

    return convert


def _number(field: Field) -> Convert:
    read: Callable[[Any, str], float] = read_integer if field.type is FieldType.INTEGER else read_number
    lower, upper, unit = field.lower, field.upper, field.unit

    def convert(value: Any) -> float:
        number = read(value, unit)
        if lower is not None and number < lower:
            raise Refused("entry.too_small", value, allowed=f"{lower:g}")
        if upper is not None and number > upper:
            raise Refused("entry.too_large", value, allowed=f"{upper:g}")
        return number

    return convert


def _one(single: Convert, kind: FieldType, nothing: frozenset[str]) -> Convert:
    lists = kind is FieldType.PERIOD

    def convert(value: Any) -> Any:
        if not lists and isinstance(value, list | tuple):
            if len(value) > 1:
                raise Refused("entry.one_only", len(value))
            value = value[0] if value else ""
        if value is None or (value.__class__ is str and value.strip() in nothing):
            return None
        found = single(value)
        if found.__class__ is str:
            return None if found in nothing else found
        return None if found == [None, None] else found

    return convert


def _several(single: Convert, whole: Callable[[str], bool], nothing: frozenset[str]) -> Convert:
    def convert(value: Any) -> list[Any] | None:
        if isinstance(value, str) and value.strip() in nothing:
            return None
        items = parts(value, whole)
        if len(items) > MOST:
            raise Refused("entry.too_many", len(items), allowed=MOST)
        found: list[Any] = []
        refused: list[Refused] = []
        for place, item in enumerate(items, start=1):
            if item is None or (isinstance(item, str) and item.strip() in nothing):
                continue
            try:
                kept = single(item)
            except Refused as error:
                refused.append(Refused(error.code, inside=f"[{place}]", **error.values))
            else:
                if kept not in found:
                    found.append(kept)
        if refused:
            raise Several(refused)
        return found or None

    return convert


def rows_of(value: Any, columns: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of a table: a list of mappings, or that as JSON.

    Raises:
        Refused: no rows, too many, or a column that is not there.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise Refused("entry.not_rows", value) from error
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise Refused("entry.not_rows", value)
    if len(value) > MOST:
        raise Refused("entry.too_many", len(value), allowed=MOST)
    for place, row in enumerate(value, start=1):
        for name in row:
            if name not in columns:
                known = list(columns)
                raise Refused("entry.unknown_column", name, f"[{place}]", allowed=known, nearest=nearest(str(name), known))
    return list(value)
