"""Checking what registers say of each other: groups, vocabularies, link targets, activities of zones."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bilan.pack.registers.fields import Field, FieldType
from bilan.pack.registers.model import Vocabulary
from bilan.pack.registers.reading import Read
from bilan.problems import Place, Problem, nearest

ACTIVITIES = "zone-activity"
"""Vocabulary of what people want to do in a place."""
POINTS = "monitoring-point"
"""Register whose entries are the monitoring points."""


def check_references(read: Read, registers: Collection[str], vocabularies: Mapping[str, Vocabulary], groups: Collection[str]) -> None:
    """Note every name of a register that stands for something that is not there."""
    register, taker = read.register, read.taker
    if register.group:
        taker.known("group", [register.group], groups, "declaration.unknown_group")
    for entry in register.fields.values():
        for item in (entry, *entry.columns):
            _check_target(read, item, registers, vocabularies)
    by = register.fields.get(register.series.by) if register.series else None
    if by and by.of != POINTS:
        taker.note("declaration.needs", "series", {"value": by.name, "allowed": f"of: {POINTS}"})
    if register.zone:
        _check_activities(read, vocabularies)


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
