"""Columns that the expressions of a rule may name, by what it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from bilan.pack.loader import base, read_csv
from bilan.pack.registers.fields import COMMON, Field, FieldType
from bilan.pack.registers.model import Register
from bilan.pack.registers.words import Bilingual
from bilan.pack.rules.functions import Kind
from bilan.pack.rules.model import Subject
from bilan.pack.vocab import vocabulary


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A name that expressions or sentences may use."""

    table: str
    name: str
    kind: Kind
    about: Bilingual


@cache
def described() -> tuple[ColumnName, ...]:
    """Every name that belongs to no parameter and no register, with what it means."""
    rows = read_csv(base("rules", "columns.csv"), ("table", "name", "kind", "zh", "en"))
    return tuple(ColumnName(row["table"], row["name"], Kind(row["kind"]), Bilingual(row["zh"], row["en"])) for row in rows)


def _table(table: str) -> dict[str, Kind]:
    return {entry.name: entry.kind for entry in described() if entry.table == table}


OWN = _table("own")
"""Of the series itself: its value where it is valid, the value as it came (`raw`), other statistics, mark, and limits."""
CLOCK = _table("clock")
"""When the moment begins."""
VERDICTS = _table("verdicts")
"""Of a verdict."""
DEVICES = _table("devices")
"""Of a device."""
TERMS = _table("terms")
"""Of a term."""
PLACEHOLDERS = frozenset(_table("says"))
"""What a sentence may name beside columns."""

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
