"""Columns that the expressions of a rule may name, by what it looks at."""

from __future__ import annotations

from functools import cache
from typing import Any

from bilan.pack.registers.fields import COMMON, Field, FieldType
from bilan.pack.registers.model import Register
from bilan.pack.rules.functions import Kind
from bilan.pack.rules.model import Subject
from bilan.pack.vocab import vocabulary

CLOCK = {"hour": Kind.NUMBER, "weekday": Kind.NUMBER, "day": Kind.NUMBER, "month": Kind.NUMBER}
"""When the moment begins: hour 0 to 23, weekday 1 (Monday) to 7, day of the month, month."""
OWN = {
    "value": Kind.NUMBER,
    "raw": Kind.NUMBER,
    "converted": Kind.NUMBER,
    "minimum": Kind.NUMBER,
    "maximum": Kind.NUMBER,
    "total": Kind.NUMBER,
    "flag": Kind.TEXT,
    "valid": Kind.BOOL,
    "present": Kind.BOOL,
    "limit": Kind.NUMBER,
    "limit_low": Kind.NUMBER,
}
"""Of the series itself: its value where it is valid, the value as it came (`raw`), other statistics, mark, and limits."""
VERDICTS = {
    "value": Kind.NUMBER,
    "grade": Kind.NUMBER,
    "class_": Kind.NUMBER,
    "target": Kind.NUMBER,
    "main": Kind.TEXT,
    "standard": Kind.TEXT,
    "valid": Kind.BOOL,
}
"""Of a verdict: its number, level or class (`grade` and `class_` are the same), the point's target class, what decided."""
DEVICES = {
    "state": Kind.TEXT,
    "connected": Kind.BOOL,
    "silent": Kind.NUMBER,
    "data_age": Kind.NUMBER,
    "delay": Kind.NUMBER,
    "transmission": Kind.NUMBER,
    "validity": Kind.NUMBER,
    "effective": Kind.NUMBER,
    "gaps": Kind.NUMBER,
    "errors": Kind.NUMBER,
}
"""Of a device: hours since anything was heard of it (`silent`), since its newest data begin (`data_age`), by how much data come late
(`delay`) [h]; over the last 24 hours the share of values that came, of those that are valid, and both together (0 to 1); periods missing;
frames that were refused."""
TERMS = {
    "register": Kind.TEXT,
    "code": Kind.TEXT,
    "name": Kind.TEXT,
    "district": Kind.TEXT,
    "organisation": Kind.TEXT,
    "term": Kind.TEXT,
    "status": Kind.TEXT,
    "due": Kind.DATE,
    "left": Kind.NUMBER,
    "done": Kind.BOOL,
    "today": Kind.DATE,
}
"""Of a term: what it belongs to, when it is due, days left (below zero when overdue), whether it is done."""
PLACEHOLDERS = frozenset(
    {"point", "parameter", "unit", "enterprise", "district", "name", "code", "register", "rule", "title", "method", "factor", "hours"}
    | {"moment", "began", "level", "source"}
)
"""What a sentence may name beside columns: names of the source, value ÷ limit (`factor`), how long it has held (`hours`), times."""

_OF_FIELD = {
    FieldType.INTEGER: Kind.NUMBER,
    FieldType.DECIMAL: Kind.NUMBER,
    FieldType.DATE: Kind.DATE,
    FieldType.BOOLEAN: Kind.BOOL,
    FieldType.COMPUTED: Kind.ANY,
    FieldType.PERIOD: Kind.LIST,
    FieldType.PARAMETER: Kind.ANY,
    FieldType.PERSON: Kind.ANY,
    FieldType.ATTACHMENT: Kind.LIST,
    FieldType.TABLE: Kind.LIST,
}


@cache
def measured() -> dict[str, Kind]:
    """Columns of every parameter."""
    return {parameter.column: Kind.NUMBER for parameter in vocabulary().by_code.values()}


def names_of(subject: Subject, registers: tuple[Register, ...] = ()) -> dict[str, Kind] | None:
    """Columns that rules about `subject` may name, with their kinds; None for any.

    Args:
        subject: what the rule looks at.
        registers: whose entries.

    Examples:
        >>> names_of(Subject.SERIES)["o2"], names_of(Subject.FORECASTS)
        (<Kind.NUMBER: 'number'>, None)
    """
    match subject:
        case Subject.SERIES:
            return {**measured(), **OWN, **CLOCK}
        case Subject.VERDICTS:
            return {**VERDICTS, **CLOCK}
        case Subject.DEVICES:
            return {**DEVICES, **CLOCK}
        case Subject.TERMS:
            return TERMS
        case Subject.ENTRIES:
            found: dict[str, Any] = dict.fromkeys(COMMON, Kind.TEXT)
            found |= {"valid_from": Kind.DATE, "valid_to": Kind.DATE, "geometry": Kind.ANY, "aliases": Kind.LIST, "today": Kind.DATE}
            for register in registers:
                found |= {name: of_field(entry) for name, entry in register.fields.items()}
            return found
        case _:
            return None


def of_field(field: Field) -> Kind:
    """Kind of a register's field.

    A field that holds many is a list.
    """
    return Kind.LIST if field.many else _OF_FIELD.get(field.type, Kind.TEXT)
