"""One plausible entry of any register, made from nothing but its declaration."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from hypothesis import Phase, find, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import from_regex

from bilan.pack.registers import Field, FieldType, Register, Registers
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, Result, write
from bilan.registers.writing.codes import PLAIN

PHONE = "13812345678"
"""Of every person; nobody without the right to personal data may ever read it."""
AUTHOR = Author.platform("contract")
FIRST = settings(max_examples=200, database=None, derandomize=True, phases=[Phase.generate])
"""The first text found, not the shortest."""
TRIES = 6
TURNS = 8
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def make(registers: Registers, register: Register, name: str, district: str, number: int, place: tuple[float, float]) -> str:
    """Write one entry, with what it must be linked to, and give its code.

    A first draft fills every field; what its declaration refuses is left out or chosen otherwise until the rest is accepted, so that a
    register whose rules can never be met fails here.
    """
    code = "" if register.code.pattern else given(register.code.matches, number)
    result = None
    for turn in range(TURNS):
        values = _values(registers, register, district, number + turn, place, turn)
        values["name"] = name
        for again in range(TRIES):
            result = write(register.name, [Draft(values, code=code)], AUTHOR, dry_run=True).results[0]
            if not result.problems:
                return write(register.name, [Draft(values, code=code)], AUTHOR).results[0].code
            _give_way(values, result, register, 100 * turn + again)
    raise AssertionError((register.name, [problem.text("en") for problem in result.problems] if result else []))


def _values(registers: Registers, register: Register, district: str, number: int, place: tuple[float, float], turn: int) -> dict[str, Any]:
    values: dict[str, Any] = {"district": district}
    if register.mapped:
        values["geometry"] = shape(register.geometry, place)
    for position, field in enumerate(register.fields.values()):
        if field.type is FieldType.LINK and (turn or field.required is not False) and field.of != register.name:
            code = linked(registers, registers.registers[field.of], district, place, turn)
            values[field.name] = [code] if field.many else code
        elif (value := sample(field, registers, number, position)) is not None:
            values[field.name] = value
    return values


def linked(registers: Registers, register: Register, district: str, place: tuple[float, float], turn: int) -> str:
    """Code of an entry to point to: one that is there at first, then a new one, since some codes are made of what is pointed to."""
    found = Entry.objects.filter(register=register.name, district=district).order_by("-pk").values_list("code", flat=True).first()
    if found is not None and turn < 2:
        return found
    return make(registers, register, f"所指{district}", district, 50 + Entry.objects.filter(register=register.name).count(), place)


def _give_way(values: dict[str, Any], result: Result, register: Register, turn: int) -> None:
    """Leave out what was refused and need not be there; draw the numbers anew that a broken rule is about."""
    for problem in result.problems:
        names = [(problem.place.column if problem.place else "").split("[")[0]]
        if problem.code == "entry.rule":
            names = sorted(set(re.findall(r"[a-z_][a-z0-9_]*", str(problem.values.get("value", "")))))
        for field in (register.fields[name] for name in names if name in register.fields):
            if field.required is not True:
                values.pop(field.name, None)
            elif field.numeric and problem.code == "entry.rule":
                values[field.name] = _number(field, turn)


def sample(field: Field, registers: Registers, number: int, position: int = 0) -> Any:
    """A value of a field; None where it needs something else to be there first."""
    match field.type:
        case FieldType.TEXT:
            found: Any = _text(field, number)
        case FieldType.LONG:
            found = f"说明 {number}"
        case FieldType.INTEGER | FieldType.DECIMAL:
            found = _number(field, number)
        case FieldType.DATE:
            found = (date(2023, 1, 1) + timedelta(days=40 * position + number)).isoformat()
        case FieldType.PERIOD:
            found = ["2024-01-01", "2031-12-31"]
        case FieldType.BOOLEAN:
            found = True
        case FieldType.CHOICE:
            terms = registers.vocabularies[field.of].terms
            found = terms[number % len(terms)].code
        case FieldType.PARAMETER:
            found = {"parameter": "a34004", "limit": 20.0, "unit": "mg/m3", "clause": ""}
        case FieldType.PERSON:
            found = {"name": "张三丰", "phone": PHONE}
        case FieldType.URL:
            found = "https://example.invalid/video"
        case FieldType.ATTACHMENT:
            return [{"id": 1, "name": "a.pdf", "digest": "0" * 64, "mime": "application/pdf", "size": 1}]
        case FieldType.TABLE:
            row = {column.name: value for column in field.columns if (value := sample(column, registers, number)) is not None}
            return [row]
        case _:
            return None
    return [found] if field.many and field.type is not FieldType.TABLE else found


def _text(field: Field, number: int) -> str | None:
    if field.check == "uscc":
        return credit_code(number)
    if field.check:
        return None
    return given(field.pattern, number) if field.pattern else f"文字 {number}"


def credit_code(number: int) -> str:
    """A unified social credit code with its check character (GB 32100-2015, annex A)."""
    body = f"91350500MA{number:07d}"
    total = sum(_DIGITS.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return body + _DIGITS[(31 - total % 31) % 31]


def _number(field: Field, number: int) -> float:
    low = field.lower if field.lower is not None else 0.0
    high = min(low + 1000, field.upper) if field.upper is not None else low + 1000
    value = Random(f"{field.name} {number}").uniform(low, high)
    return int(value) if field.type is FieldType.INTEGER else max(low, round(value, field.decimals or 0))


@cache
def given(pattern: str, number: int) -> str:
    """The `number`-th short text that fits a pattern, or the last one where it allows fewer."""
    if not pattern:
        return f"C{number:05d}"
    plain = from_regex(re.compile(pattern, re.ASCII), fullmatch=True).filter(
        lambda text: text.isprintable() and PLAIN.match(text) is not None
    )
    seen: list[str] = []
    for _ in range(number % 8 + 1):
        try:
            seen.append(find(plain, lambda text: text not in seen, settings=FIRST))
        except NoSuchExample:
            break
    return seen[-1]


def shape(kind: str, place: tuple[float, float]) -> dict[str, Any]:
    """A small geometry around a place."""
    lon, lat = place
    corners = [[lon, lat], [lon + 0.01, lat], [lon + 0.01, lat + 0.01], [lon, lat + 0.01], [lon, lat]]
    if kind == "line":
        return {"type": "LineString", "coordinates": corners[:3]}
    if kind == "polygon":
        return {"type": "Polygon", "coordinates": [corners]}
    return {"type": "Point", "coordinates": [lon, lat]}
