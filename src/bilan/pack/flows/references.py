"""What a flow says of registers, vocabularies, roles, checklists and documents that are declared elsewhere."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bilan.pack.expressions import Expression, compared
from bilan.pack.flows.checklist import Checklist
from bilan.pack.flows.model import KNOWN, Escalation, Flow, Write
from bilan.pack.flows.reading import FlowRead
from bilan.pack.registers.fields import COMMON, Field, FieldType
from bilan.pack.registers.model import Registers
from bilan.problems import BilanError, Place, Problem, nearest

MEASUREMENTS = "measurements"
MEASURED = frozenset({"parameter", "value", "unit", "point", "moment"})
JUDGED = frozenset({"grade", "value", "main", "valid", "class_"})
"""Columns a condition of ``consecutive`` may name, of measurements and of verdicts."""


@dataclass(frozen=True)
class Beside:
    """What else is declared.

    Attributes:
        documents: names of documents; None when no folder of them is there to check against.
    """

    registers: Registers
    roles: Collection[str]
    checklists: Mapping[str, Checklist]
    documents: Collection[str] | None = None


def check_flow(read: FlowRead, beside: Beside) -> None:
    """Note every name in a flow that stands for something that is not there."""
    flow, taker = read.flow, read.taker
    for problem in (*_names(flow, beside), *_fields(flow, beside), *_expressions(flow, beside), *_writes(flow, beside)):
        line, key, code, value, allowed = problem
        taker.problems.append(_unknown(code, value, allowed, Place(taker.source, line, key)))


def check_checklist(entry: Checklist, beside: Beside) -> list[Problem]:
    """What is wrong with a checklist beside what else is declared."""
    found = []
    if entry.group and entry.group not in beside.registers.groups:
        found.append(_unknown("declaration.unknown_group", entry.group, beside.registers.groups, Place(entry.source, entry.line, "group")))
    vocabularies = beside.registers.vocabularies
    for item in entry.items.values():
        place = Place(entry.source, item.line, item.name)
        if item.of and item.of not in vocabularies:
            found.append(_unknown("declaration.unknown_vocabulary", item.of, vocabularies, place))
        elif item.of:
            terms = vocabularies[item.of].by_code
            found += [_unknown("declaration.unknown_term", code, terms, place) for code in item.bad if code not in terms]
    return found


Found = Iterator[tuple[int, str, str, str, Collection[str]]]
"""Line, key, code of the problem, value, what is allowed."""


def _names(flow: Flow, beside: Beside) -> Found:
    if flow.group and flow.group not in beside.registers.groups:
        yield flow.line, "group", "declaration.unknown_group", flow.group, beside.registers.groups
    for name in flow.subject.registers:
        if name not in beside.registers.registers:
            yield flow.line, "registers", "declaration.unknown_register", name, beside.registers.registers
    for line, key, role in _roles(flow):
        if role not in beside.roles:
            yield line, key, "flow.unknown_role", role, beside.roles
    for entry in flow.transitions:
        if entry.checklist and entry.checklist not in beside.checklists:
            yield entry.line, "checklist", "flow.unknown_checklist", entry.checklist, beside.checklists
        for name in entry.documents:
            if beside.documents is not None and name not in beside.documents:
                yield entry.line, "documents", "flow.unknown_document", name, beside.documents
    for state in flow.states:
        dates = [entry.name for entry in flow.fields.values() if entry.type is FieldType.DATE]
        if state.until and state.until not in dates:
            yield state.line, "until", "declaration.unknown_field", state.until, dates


def _roles(flow: Flow) -> Iterator[tuple[int, str, str]]:
    yield from ((flow.line, "opening", role) for role in flow.opening.roles)
    yield from ((flow.line, "reopen", role) for entry in flow.reopen for role in entry.roles)
    yield from _escalated(flow.escalate, flow.line)
    for state in flow.states:
        yield from ((state.line, "roles", role) for role in state.roles)
        yield from _escalated(state.escalate, state.line)
    for entry in flow.transitions:
        yield from ((entry.line, "roles", role) for role in entry.roles)
        yield from ((entry.line, "assigns", role) for role in entry.assigns)


def _escalated(entries: tuple[Escalation, ...], line: int) -> Iterator[tuple[int, str, str]]:
    return ((line, "escalate", entry.role) for entry in entries if entry.role)


def _fields(flow: Flow, beside: Beside) -> Found:
    known, first = beside.registers, flow.fields
    named = [*flow.opening.fields, *(entry for transition in flow.transitions for entry in transition.fields)]
    for entry in {id(entry): entry for entry in named}.values():
        for item in (entry, *entry.columns):
            if item.type is FieldType.CHOICE and item.of and item.of not in known.vocabularies:
                yield item.line, item.name, "declaration.unknown_vocabulary", item.of, known.vocabularies
            if item.type is FieldType.LINK and item.of and item.of not in known.registers:
                yield item.line, item.name, "declaration.unknown_register", item.of, known.registers
        if entry.name in KNOWN:
            yield entry.line, entry.name, "flow.reserved_field", entry.name, KNOWN
        if _kind(first[entry.name]) != _kind(entry):
            yield entry.line, entry.name, "flow.field_differs", entry.name, [str(first[entry.name].line)]


def _kind(field: Field) -> tuple[object, ...]:
    return field.type, field.of, field.many, field.unit


def names_of(flow: Flow, registers: Registers) -> set[str]:
    """Names that the expressions of a flow may use."""
    wanted = flow.subject.registers or registers.registers
    entries = {name for register in wanted if register in registers.registers for name in registers.registers[register].fields}
    return {*KNOWN, *COMMON, *flow.fields, *entries}


def _expressions(flow: Flow, beside: Beside) -> Found:
    allowed = names_of(flow, beside.registers)
    choices = {name: entry.of for name, entry in flow.fields.items() if entry.of in beside.registers.vocabularies}
    for line, key, expression in _all(flow):
        for name in sorted(expression.names - allowed):
            yield line, key, "declaration.unknown_field", name, allowed
        for name, value in sorted(compared(expression.text)):
            if name == "state" and value not in flow.state:
                yield line, key, "flow.unknown_state", value, flow.state
            terms = beside.registers.vocabularies[choices[name]].by_code if name in choices else {}
            if value and name in choices and value not in terms:
                yield line, key, "declaration.unknown_term", value, terms
        for question in sorted(expression.questions):
            yield from _question(flow, beside, line, key, question)


def _question(flow: Flow, beside: Beside, line: int, key: str, question: tuple[str, ...]) -> Found:
    match question:
        case ("done", name) if name not in flow.transition:
            yield line, key, "flow.unknown_transition", name, flow.transition
        case ("consecutive", source, count, condition):
            columns = _columns(flow, beside, source)
            if columns is None:
                tables = _tables(flow, beside)
                yield line, key, "flow.unknown_results", source, [*tables, MEASUREMENTS, "water.month …"]
                return
            if not count.isdecimal() or not 1 <= int(count) <= 100:
                yield line, key, "flow.bad_count", count, ["1 … 100"]
            try:
                Expression(condition, columns)
            except BilanError as error:
                yield line, key, error.problems[0].code, str(error.problems[0].values.get("value", condition)), columns


def _tables(flow: Flow, beside: Beside) -> dict[str, set[str]]:
    wanted = flow.subject.registers or tuple(beside.registers.registers)
    found = {}
    for name in wanted:
        for entry in beside.registers.registers[name].fields.values() if name in beside.registers.registers else ():
            if entry.type is FieldType.TABLE:
                found[entry.name] = {column.name for column in entry.columns}
    return found


def _columns(flow: Flow, beside: Beside, source: str) -> Collection[str] | None:
    if source == MEASUREMENTS:
        return MEASURED
    return JUDGED if "." in source else _tables(flow, beside).get(source)


def _all(flow: Flow) -> Iterator[tuple[int, str, Expression]]:
    for line, needs in ((flow.line, flow.opening.evidence), *((entry.line, entry.evidence) for entry in flow.transitions)):
        yield from ((line, "evidence", need.when) for need in needs if need.when)
    for entry in flow.fields.values():
        for condition in (entry.required, entry.visible, entry.formula):
            if isinstance(condition, Expression):
                yield entry.line, entry.name, condition
    for state in flow.states:
        yield from ((state.line, "parallel", part.when) for part in state.parallel if part.when)
    for transition in flow.transitions:
        yield from ((transition.line, "guard", guard.when) for guard in transition.guards)
        yield from ((transition.line, "writes", write.formula) for write in _flat(transition.writes) if write.formula)


def _flat(writes: tuple[Write, ...]) -> Iterator[Write]:
    for write in writes:
        yield write
        yield from _flat(write.row)


def _writes(flow: Flow, beside: Beside) -> Found:
    allowed = names_of(flow, beside.registers)
    registers = [beside.registers.registers[name] for name in flow.subject.registers if name in beside.registers.registers]
    for entry in flow.transitions:
        if entry.writes and not registers:
            yield entry.line, "writes", "flow.writes_nowhere", entry.name, ["subject: {registers: […]}"]
        for write in entry.writes:
            for register in registers:
                if write.field not in register.fields and write.field not in COMMON:
                    yield entry.line, "writes", "declaration.unknown_field", write.field, [*register.fields, *COMMON]
                elif write.field == "status" and _plain(write.value) and write.value not in register.state:
                    yield entry.line, "writes", "declaration.unknown_term", str(write.value), register.state
        for write in _flat(entry.writes):
            for name in placeholders(write.value):
                if name not in allowed:
                    yield entry.line, "writes", "declaration.unknown_field", name, allowed


def _plain(value: object) -> bool:
    return isinstance(value, str) and "{" not in value


def placeholders(value: object) -> list[str]:
    """Names in braces of a text that is written back.

    Examples:
        >>> placeholders("{class} of {day}"), placeholders(3)
        (['class', 'day'], [])
    """
    if not isinstance(value, str):
        return []
    try:
        return [name for _, name, _, _ in string.Formatter().parse(value) if name is not None]
    except ValueError:
        return [value]


def _unknown(code: str, value: str, allowed: Collection[str], place: Place) -> Problem:
    shown = sorted(allowed)
    values = {
        "key": place.column,
        "value": value,
        "allowed": shown if len(shown) <= 40 else [*shown[:40], "…"],
        "nearest": nearest(value, allowed),
    }
    return Problem(code, values, place)
