"""Checking what registers say of each other: groups, vocabularies, link targets, activities of zones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from bilan.pack.expressions import Expression, Question, compared
from bilan.pack.registers.fields import COMMON, Field, FieldType
from bilan.pack.registers.model import ListRule, Register, Vocabulary
from bilan.pack.registers.reading import Read
from bilan.pack.vocab import parameters
from bilan.problems import Place, Problem, nearest

ACTIVITIES = "zone-activity"
"""Vocabulary of what people want to do in a place."""
POINTS = "monitoring-point"
"""Register whose entries are the monitoring points."""


def check_references(read: Read, registers: Mapping[str, Read], vocabularies: Mapping[str, Vocabulary], groups: Collection[str]) -> None:
    """Note every name of a register that stands for something that is not there."""
    register, taker = read.register, read.taker
    if register.group:
        taker.known("group", [register.group], groups, "declaration.unknown_group")
    for entry in register.fields.values():
        for item in (entry, *entry.columns):
            _check_target(read, item, registers, vocabularies)
    for entry in register.fields.values():
        for question in sorted(entry.formula.questions) if entry.formula else ():
            _check_question(read, entry, question, registers)
    by = register.fields.get(register.series.by) if register.series else None
    if by and by.of != POINTS:
        taker.note("declaration.needs", "series", {"value": by.name, "allowed": f"of: {POINTS}"})
    if register.zone:
        _check_activities(read, vocabularies)
    read.problems += _impossible(register, _expressions(read), taker.source, vocabularies)


def _check_target(read: Read, entry: Field, registers: Collection[str], vocabularies: Mapping[str, Vocabulary]) -> None:
    place = Place(read.taker.source, entry.line, entry.name)
    if entry.type is FieldType.CHOICE and entry.of:
        if entry.of not in vocabularies:
            read.problems.append(_unknown("declaration.unknown_vocabulary", entry.of, vocabularies, place))
        elif isinstance(entry.default, str) and entry.default not in vocabularies[entry.of].by_code:
            terms = vocabularies[entry.of].by_code
            read.problems.append(_unknown("declaration.unknown_term", entry.default, terms, place, key=entry.of))
    if entry.type is FieldType.LINK and entry.of and entry.of not in registers:
        read.problems.append(_unknown("declaration.unknown_register", entry.of, registers, place))


def _check_question(read: Read, entry: Field, question: Question, registers: Mapping[str, Read]) -> None:
    """A formula may ask for link fields and their registers' fields, and for parameters."""
    place = Place(read.taker.source, entry.line, entry.name)
    name, first, *rest = question
    if name == "latest":
        known = {*parameters(), *(parameter.column for parameter in parameters().values() if parameter.column)}
        if first not in known:
            read.problems.append(_unknown("declaration.unknown_parameter", first, known, place))
        return
    if name == "verdict":
        return
    other, _, kind = first.partition(".")
    source = registers.get(other) if kind else read
    if source is None:
        read.problems.append(_unknown("declaration.unknown_register", other, registers, place))
        return
    links = {field.name: field for field in source.register.links if not kind or field.of == read.register.name}
    field = links.get(kind or first)
    if field is None:
        read.problems.append(_unknown("declaration.unknown_field", kind or first, links, place))
        return
    far = source if kind else registers.get(field.of)
    if rest and far is not None:
        allowed = {*far.register.fields, *COMMON} - far.register.asking
        if rest[0] not in allowed:
            read.problems.append(_unknown("declaration.unknown_field", rest[0], allowed, place))


def check_list(rule: ListRule, source: str, registers: Mapping[str, Register], vocabularies: Mapping[str, Vocabulary]) -> list[Problem]:
    """What the criteria of a list rule compare with values that can never be."""
    register = registers.get(rule.register)
    conditions = ((when, rule.line) for when, _says, _clause in rule.criteria)
    return _impossible(register, conditions, source, vocabularies) if register else []


def _impossible(
    register: Register, conditions: Iterable[tuple[Expression, int]], source: str, vocabularies: Mapping[str, Vocabulary]
) -> list[Problem]:
    """A condition that compares a choice, or the state, with what it can never be is a slip of the pen."""
    codes: dict[str, Collection[str]] = {"status": register.state}
    codes |= {name: vocabularies[entry.of].by_code for name, entry in register.fields.items() if entry.of in vocabularies}
    found = []
    for expression, line in conditions:
        for name, value in sorted(compared(expression.text)):
            if value and name in codes and value not in codes[name]:
                found.append(_unknown("declaration.unknown_term", value, codes[name], Place(source, line, name), key=name))
    return found


def _expressions(read: Read) -> Iterator[tuple[Expression, int]]:
    register = read.register
    for entry in register.fields.values():
        for item in (entry, *entry.columns):
            names = {column.name for column in entry.columns}
            for expression in (item.required, item.visible, item.formula):
                # What a row compares of its own columns is not the entry's.
                if isinstance(expression, Expression) and not names & expression.names:
                    yield expression, item.line
    for rule, _says in register.rules:
        yield rule, read.taker.where("rules")
    for activity in register.zone.rules if register.zone else ():
        if activity.when:
            yield activity.when, read.taker.where("zone")


def _check_activities(read: Read, vocabularies: Mapping[str, Vocabulary]) -> None:
    zone = read.register.zone
    named = [code for rule in zone.rules for code in rule.activities] if zone else []
    if not named:
        return
    place = Place(read.taker.source, read.taker.where("zone"), "zone")
    if ACTIVITIES not in vocabularies:
        read.problems.append(_unknown("declaration.unknown_vocabulary", ACTIVITIES, vocabularies, place))
        return
    terms = vocabularies[ACTIVITIES].by_code
    for code in named:
        if code not in terms:
            read.problems.append(_unknown("declaration.unknown_term", code, terms, place, key=ACTIVITIES))


def _unknown(code: str, value: str, allowed: Collection[str], place: Place, key: str = "") -> Problem:
    shown = sorted(allowed)
    values = {"key": key, "value": value, "allowed": shown if len(shown) <= 40 else [*shown[:40], "…"], "nearest": nearest(value, allowed)}
    return Problem(code, values, place)
