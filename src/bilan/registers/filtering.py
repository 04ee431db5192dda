"""Filters and sorting of a register's entries, as addresses and programs write them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.lookups import IsNull

from bilan.pack.registers import Field, FieldType, Register, Registers
from bilan.problems import BilanError, Problem, nearest
from bilan.registers.stored import Stored

COLUMNS = ("code", "name", "status", "district", "town", "organisation", "valid_from", "valid_to", "completeness", "changed")
"""Columns of every entry that lists may sort by."""
EXACT = ("code", "name", "status", "district", "town", "organisation")
"""Columns of every entry that lists may be filtered by."""
RANGES = {"__from": "gte", "__to": "lte"}
"""Ending of an argument → how it compares."""


def filters_of(register: Register) -> list[Field]:
    """Fields that a register's lists can be filtered by."""
    return [entry for entry in register.fields.values() if entry.filter]


def arguments_of(register: Register) -> list[str]:
    """All arguments that filter a register's lists."""
    names = list(EXACT)
    for entry in filters_of(register):
        names += [f"{entry.name}{ending}" for ending in RANGES] if ranged(entry) else [entry.name]
    return [*names, "completeness__from", "completeness__to", "archived"]


def ranged(entry: Field) -> bool:
    """Whether a field is filtered from … to."""
    return entry.numeric or entry.type in {FieldType.DATE, FieldType.COMPUTED}


def condition(register: Register, declared: Registers, arguments: Mapping[str, str]) -> Q:
    """What the arguments keep.

    Parameters:
        arguments: name → text; empty texts keep everything.

    Raises:
        BilanError: there is no such filter (the nearest is named), or the value is none of its kind.
    """
    allowed = arguments_of(register)
    wanted = Q()
    for name, text in arguments.items():
        if name not in allowed:
            values = {"name": name, "value": name, "allowed": allowed, "nearest": nearest(name, allowed)}
            raise BilanError(Problem("registers.unknown_filter", values))
        if text != "":
            wanted &= _one(register, declared, name, text)
    return wanted


def _one(register: Register, declared: Registers, name: str, text: str) -> Q:
    if name == "archived":
        # Written as membership, because a bare truth value is compared in a way that no index serves.
        return Q(archived__in=[text == "yes"])
    base, ending = _split(name)
    if base == "completeness":
        return Q(**{f"completeness__{RANGES[ending]}": int(max(-1.0, min(_number(name, text), 101.0)))})
    if base in EXACT:
        return Q(**{f"{base}__in": text.split(",")}) if "," in text else Q(**{base: text})
    entry = register.fields[base]
    stored = Stored.of(entry)
    if ending:
        value: Any = _day(name, text) if entry.type is FieldType.DATE else _number(name, text)
        return Q(_Compared(stored, RANGES[ending], value))
    if entry.type is FieldType.PERIOD:
        return _covering(entry, _day(name, text))
    if entry.type is FieldType.BOOLEAN:
        return Q(_Compared(stored, "exact", text in {"true", "1", "yes"}))
    if entry.type is FieldType.CHOICE:
        codes = _terms(declared, entry, text)
        return _any_of(stored, codes) if entry.many else Q(_Compared(stored, "in", codes))
    return _any_of(stored, text.split(",")) if entry.many else Q(_Compared(stored, "in", text.split(",")))


def _split(name: str) -> tuple[str, str]:
    for ending in RANGES:
        if name.endswith(ending):
            return name.removesuffix(ending), ending
    return name, ""


def _terms(declared: Registers, entry: Field, text: str) -> list[str]:
    """Codes of the terms asked for and of all narrower ones."""
    vocabulary = declared.vocabularies[entry.of]
    return sorted({code for part in text.split(",") for code in vocabulary.below(part)})


def _covering(entry: Field, day: str) -> Q:
    """Periods that hold a day; an end that is not given is open."""
    first, last = Stored(entry.name, place=0), Stored(entry.name, place=1)
    begun = Q(IsNull(first, True)) | Q(_Compared(first, "lte", day))
    lasting = Q(IsNull(last, True)) | Q(_Compared(last, "gte", day))
    return Q(IsNull(Stored(entry.name), False)) & begun & lasting


def _any_of(stored: Stored, values: list[str]) -> Q:
    """Lists are stored as JSON text, in which a member stands in quotes."""
    wanted = Q()
    for value in values:
        wanted |= Q(_Compared(stored, "contains", f'"{value}"'))
    return wanted


def _Compared(stored: Stored, lookup: str, value: Any) -> Any:  # noqa: N802 - reads as the lookup it makes
    return stored.get_lookup(lookup)(stored, value)


def _number(name: str, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": text[:40], "allowed": "0, 1.5 …"}))
    return found


def _day(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": text, "allowed": "YYYY-MM-DD"})) from None


def sortable(register: Register) -> list[str]:
    """Columns a register's lists may be sorted by."""
    plain = {FieldType.TABLE, FieldType.ATTACHMENT, FieldType.PARAMETER, FieldType.PERSON, FieldType.PERIOD}
    fields = [entry for entry in register.fields.values() if entry.type not in plain and not entry.many]
    return [*COLUMNS, *(entry.name for entry in fields if entry.name not in register.volatile)]


def ordered(found: QuerySet[Any], register: Register, sort: str, allowed: list[str]) -> QuerySet[Any]:
    """Sort by a column, ``-`` before it for downwards; entries without a value come last, equal ones by code.

    Raises:
        BilanError: there is no such column.
    """
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name not in allowed:
        raise BilanError(Problem("web.unknown_sort", {"value": name, "allowed": allowed, "nearest": nearest(name, allowed)}))
    if name == "code":
        return found.order_by("-code" if down else "code")
    expression = (
        F("since" if name == "changed" and hasattr(found.model, "since") else name) if name in COLUMNS else Stored.of(register.fields[name])
    )
    nullable = name not in COLUMNS or name in {"valid_from", "valid_to"}
    # Where the database puts empty values last by itself, saying so would keep it from walking the index.
    natural = down == (connection.vendor == "sqlite")
    return found.order_by(
        OrderBy(expression, descending=down, nulls_last=True if nullable and not natural else None), "-code" if down else "code"
    )
