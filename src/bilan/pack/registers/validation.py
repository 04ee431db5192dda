"""Bringing the values of an entry to the form in which they are kept, and saying what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from bilan.pack.expressions import Expression
from bilan.pack.registers.circles import circle, order
from bilan.pack.registers.converting import converter, rows_of
from bilan.pack.registers.fields import Field, FieldType
from bilan.pack.registers.model import Register, Registers
from bilan.pack.registers.values.refused import Refused, Several
from bilan.pack.registers.words import Bilingual
from bilan.problems import Place, Problem

Values = Mapping[str, Any]
_KEPT = 500
"""Cleaners that are kept; a city has a fifth of that."""


def clean(
    register: Register,
    registers: Registers,
    values: Values,
    *,
    common: Values | None = None,
    held: Values | None = None,
    today: date | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Clean the declared fields of one entry.

    Texts are trimmed, numbers lose separators and units, dates and choices are recognised in the notations people use; fields that do
    not apply are dropped, computed ones computed (but for those that change without a write). Links, organisations and attachments are
    only checked for their shape. What is already clean stays as it is.

    Args:
        register: register of the entry.
        registers: all registers, for their vocabularies.
        values: what was written, by field name; other names are left out.
        common: values that every entry has (status, district, …), for expressions; already clean.
        held: values the entry has already: a choice that could not be made any more stays while it is not changed.
        today: day on which choices must be valid; the clock's when left out.

    Returns:
        Values that can be kept, empty ones left out; what is wrong, each with the field's name as column of its place
        (``samples[2].day`` inside a table).
    """
    return cleaner(register, registers, today or date.today()).clean(values, common or {}, held or {})


def cleaner(register: Register, registers: Registers, today: date) -> Cleaner:
    """The prepared cleaner of a register, made once."""
    key = (id(register), id(registers))
    found = _cleaners.get(key)
    if found is None or found.today != today:
        if len(_cleaners) >= _KEPT:
            _cleaners.clear()
        found = _cleaners[key] = Cleaner(register, registers, today)
    return found


class Cleaner:
    """Cleans entries of one register.

    Args:
        register: the register; kept, so that its identity stands for it.
        registers: all registers.
        today: day on which choices must be valid.
    """

    def __init__(self, register: Register, registers: Registers, today: date) -> None:
        self.register, self.registers, self.today = register, registers, today
        fields = list(register.fields.values())
        self._fields = _Fields(fields, registers, today, register.volatile)
        self._rules = [(rule, says, rule.weighed) for rule, says in register.rules]

    def clean(self, values: Values, common: Values, held: Values) -> tuple[dict[str, Any], list[Problem]]:
        """Clean one entry; see `clean`."""
        problems: list[Problem] = []
        cleaned = self._fields.clean(values, common, "", problems, held)
        if self._rules:
            seen = {**common, **cleaned}
            for rule, says, needed in self._rules:
                if all(seen.get(name) not in _ABSENT for name in needed) and not rule.holds(seen):
                    problems.append(_broken(rule, says))
        return cleaned, problems


_ABSENT: tuple[Any, ...] = (None, "", [])
_cleaners: dict[tuple[int, int], Cleaner] = {}


class _Fields:
    """Fields that are cleaned together: those of an entry, or the columns of a table."""

    def __init__(self, fields: list[Field], registers: Registers, today: date, volatile: Collection[str] = ()) -> None:
        entered = [entry for entry in fields if entry.type is not FieldType.COMPUTED]
        tables = [entry for entry in entered if entry.type is FieldType.TABLE]
        self.converters = [(entry.name, converter(entry, registers, today)) for entry in entered if entry not in tables]
        self.tables = [(entry.name, _table(entry, registers, today)) for entry in tables]
        self.volatile = volatile
        self.steps = [entry for entry in _ordered(fields) if entry.visible or entry.formula]
        self.required = [(entry, None if entry.required is True else entry.required) for entry in entered if entry.required]

    def clean(
        self, values: Values, around: Values, inside: str, problems: list[Problem], held: Values = MappingProxyType({})
    ) -> dict[str, Any]:
        """Convert, drop what does not apply, compute, and look for what is missing."""
        cleaned: dict[str, Any] = {}
        refused: dict[str, list[Problem]] = {}
        for name, convert in self.converters:
            value = values.get(name)
            if value is None:
                continue
            try:
                found = convert(value)
            except (Refused, Several) as error:
                if value == held.get(name) and self._expired(error):
                    cleaned[name] = value
                else:
                    refused[name] = _problems(error, inside + name)
            else:
                if found is not None:
                    cleaned[name] = found
        for name, rows in self.tables:
            try:
                found = rows(values.get(name), {**around, **cleaned})
            except (Refused, Several) as error:
                refused[name] = _problems(error, inside + name)
            else:
                if found is not None:
                    cleaned[name] = found
        gone = self._settle(cleaned, refused, around)
        for entry, condition in self.required:
            name = entry.name
            absent = name not in cleaned and name not in refused and name not in gone
            if absent and (condition is None or condition.holds({**around, **cleaned})):
                words = {"value": name, "zh": entry.title.zh, "en": entry.title.en}
                problems.append(Problem("entry.required", words, Place("", None, inside + name)))
        for found in refused.values():
            problems += found
        return cleaned

    @staticmethod
    def _expired(error: Refused | Several) -> bool:
        return all(entry.code == "entry.expired_term" for entry in (error.refused if isinstance(error, Several) else [error]))

    def _settle(self, cleaned: dict[str, Any], refused: dict[str, list[Problem]], around: Values) -> set[str]:
        """Drop the fields that do not apply and compute the computed ones, each after those it depends on."""
        gone: set[str] = set()
        if not self.steps:
            return gone
        seen = {**around, **cleaned}
        for entry in self.steps:
            name = entry.name
            if entry.visible and not entry.visible.holds(seen):
                gone.add(name)
                refused.pop(name, None)
                cleaned.pop(name, None)
                seen.pop(name, None)
            elif entry.formula and (found := _computed(entry.formula, seen)) is not None:
                seen[name] = found
                if name not in self.volatile:
                    cleaned[name] = found
        return gone


Rows = Callable[[Any, Values], list[dict[str, Any]] | None]


def _table(field: Field, registers: Registers, today: date) -> Rows:
    columns = {column.name: column for column in field.columns}
    fields = _Fields(list(field.columns), registers, today)

    def convert(value: Any, around: Values) -> list[dict[str, Any]] | None:
        if value in _ABSENT or (isinstance(value, str) and not value.strip()):
            return None
        rows: list[dict[str, Any]] = []
        problems: list[Problem] = []
        for place, row in enumerate(rows_of(value, columns), start=1):
            if any(item not in _ABSENT for item in row.values()):
                rows.append(fields.clean(row, around, f"[{place}].", problems))
        if problems:
            raise Several([_again(problem) for problem in problems])
        return [row for row in rows if row] or None

    return convert


def _ordered(fields: list[Field]) -> list[Field]:
    """Fields so that each stands after those its formula and its condition depend on."""
    by_name = {entry.name: entry for entry in fields}
    depends = {entry.name: depends_on(entry) & by_name.keys() for entry in fields}
    return fields if circle(depends) else [by_name[name] for name in order(depends)]


def depends_on(field: Field) -> set[str]:
    """Names that a field's value or presence follows from."""
    return {*(field.formula.names if field.formula else ()), *(field.visible.names if field.visible else ())}


def _computed(formula: Expression, seen: Values) -> Any:
    found = formula(seen)
    if isinstance(found, bool | int | str) or (isinstance(found, float) and found - found == 0):
        return found if found != "" else None
    return [str(item) for item in found] if isinstance(found, list) else None


def _problems(error: Refused | Several, name: str) -> list[Problem]:
    refused = error.refused if isinstance(error, Several) else [error]
    return [Problem(entry.code, entry.values, Place("", None, name + entry.inside)) for entry in refused]


def _again(problem: Problem) -> Refused:
    refused = Refused(problem.code, inside=problem.place.column if problem.place else "")
    refused.values = dict(problem.values)
    return refused


def _broken(rule: Expression, says: Bilingual) -> Problem:
    first = min(rule.names, key=rule.text.find, default="")
    return Problem("entry.rule", {"value": rule.text, "zh": says.zh, "en": says.en}, Place("", None, first))
