"""Reading the file of an indicator: what it declares in its first comment, then one query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import PurePath
from typing import Any, ClassVar, TypeVar

from bilan.pack.indicators.model import Direction, Indicator, Parameter, Period, Source
from bilan.pack.loader import Declared, read_text, yaml_of
from bilan.pack.registers.folders import Source as File
from bilan.pack.registers.taking import NAME, Taker
from bilan.problems import BilanError, Place, Problem, nearest

SUFFIX = ".sql"
VERSION = "@"
BY = ("city", "district")
LONGEST = 40_000
"""Most characters of a file."""
_Words = TypeVar("_Words", bound=StrEnum)
_FRONT = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
_SHORTER = {Period.YEAR: (Period.QUARTER, Period.MONTH), Period.QUARTER: (Period.MONTH,), Period.MONTH: ()}


class IndicatorTaker(Taker):
    """A reader of indicators' declarations."""

    folder: ClassVar[str] = "indicators"

    def date_of(self, key: str) -> date | None:
        """A date; None when absent."""
        found = self.day(key)
        return date.fromisoformat(found) if found else None

    def chosen(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """A list of words, each one of those allowed."""
        found = self.texts(key)
        for value in found:
            if value not in allowed:
                self.note("value.unknown_choice", key, {"value": value, "allowed": list(allowed), "nearest": nearest(value, allowed)})
        if self.keys[key].needed and not found:
            self.note("declaration.empty" if key in self.declared else "pack.missing_key", key, {"key": key, "value": key})
        return tuple(value for value in found if value in allowed)


def read_indicator(source: File) -> tuple[Indicator, list[Problem]]:
    """Read one file.

    Args:
        source: ``NAME.sql``, or ``NAME@2026.sql`` for a later version.

    Returns:
        The indicator and what is wrong with it.

    Raises:
        BilanError: it cannot be read at all.
    """
    return indicator_of(read_text(source), str(source))


def indicator_of(text: str, file: str) -> tuple[Indicator, list[Problem]]:
    """Read an indicator from its text, as `read_indicator` does.

    Examples:
        >>> text = '''/*
        ... indicator: area
        ... title: 面积 · Area
        ... about: 全市面积 · Area of the city
        ... unit: km²
        ... direction: up
        ... period: year
        ... by: [city]
        ... version: "1"
        ... */
        ... select '' as district, '2025' as period, 1.0 as value'''
        >>> indicator_of(text, "area.sql")[0].unit
        'km²'
    """
    if len(text) > LONGEST:
        raise BilanError(Problem("indicators.too_long", {"value": len(text), "allowed": LONGEST}, Place(file)))
    front = _FRONT.match(text)
    if not front:
        raise BilanError(Problem("indicators.no_front", {}, Place(file, 1)))
    before = text[: front.start(1)].count("\n")
    problems: list[Problem] = []
    taker = IndicatorTaker(file, yaml_of("\n" * before + front.group(1), file), problems, "indicator")
    rest = text[front.end() :]
    lead = len(rest) - len(rest.lstrip())
    found = _indicator(taker, rest.strip().rstrip(";").rstrip(), 1 + text[: front.end() + lead].count("\n"), text)
    _check(taker, found)
    return found, problems


def _indicator(taker: IndicatorTaker, sql: str, line: int, text: str) -> Indicator:
    period = _choice(Period, taker.word("period"), Period.YEAR)
    by = taker.chosen("by", BY)
    return Indicator(
        name=taker.name("indicator"),
        title=taker.words("title"),
        about=taker.words("about"),
        unit=taker.word("unit"),
        decimals=int(taker.within("decimals", 1, 0, 6) or 0),
        direction=_choice(Direction, taker.word("direction"), Direction.UP),
        period=period,
        also=tuple(Period(value) for value in taker.chosen("also", tuple(_SHORTER[period]))),
        city="city" in by,
        districts="district" in by,
        least=_least(taker),
        version=taker.word("version"),
        valid_from=taker.date_of("valid_from"),
        valid_to=taker.date_of("valid_to"),
        source=_choice(Source, taker.word("source", Source.COMPUTED), Source.COMPUTED),
        parameters=_parameters(taker),
        standard=taker.word("standard"),
        confidence=taker.word("confidence"),
        serves=taker.texts("serves"),
        field=taker.word("field"),
        plan=taker.word("plan"),
        aliases=taker.texts("aliases"),
        odds=_free(taker, "odds"),
        behind=taker.word("behind").strip().rstrip(";"),
        sql=sql,
        sql_line=line,
        file=taker.source,
        text=text,
    )


def _least(taker: IndicatorTaker) -> float | None:
    if taker.declared.get("missing", "none") == "none":
        return None
    return taker.child("missing", "missing").within("least", None, 0, 1)


def _parameters(taker: IndicatorTaker) -> Mapping[str, Parameter]:
    found: dict[str, Parameter] = {}
    declared = taker.inner("parameters").declared
    for name, entry in declared.items():
        if not NAME.fullmatch(name):
            taker.note("declaration.bad_name", "parameters", {"value": name, "allowed": "_"})
        inner = IndicatorTaker(taker.source, entry, taker.problems, "parameter", declared.lines[name])
        value = inner.declared.get("value")
        if value is None:
            inner.note("pack.missing_key", "", {"value": "value"})
        elif not _plain(value):
            inner.note("pack.wrong_type", "value", {"key": "value", "value": repr(value)[:80], "allowed": "number / text / list"})
        found[name] = Parameter(name, value, inner.word("unit"), inner.words("title"))
    return found


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) or (isinstance(value, list) and all(isinstance(item, str | int | float) for item in value))


def _free(taker: IndicatorTaker, key: str) -> Mapping[str, Any]:
    value = taker.declared.get(key) or {}
    if not isinstance(value, Declared | dict):
        taker.note("pack.wrong_type", key, {"key": key, "value": repr(value)[:80], "allowed": "mapping"})
        return {}
    return dict(value)


def _choice(kind: type[_Words], value: str, default: _Words) -> _Words:
    try:
        return kind(value)
    except ValueError:
        return default


def _check(taker: IndicatorTaker, found: Indicator) -> None:
    stem = PurePath(found.file).name.removesuffix(SUFFIX).partition(VERSION)[0]
    if found.name and found.name != stem:
        taker.note("declaration.file_name", "indicator", {"value": found.name, "allowed": stem})
    if found.valid_from and found.valid_to and found.valid_from > found.valid_to:
        taker.note("indicators.empty_validity", "valid_to", {"value": found.valid_to.isoformat(), "allowed": found.valid_from.isoformat()})
    if not found.sql:
        taker.problems.append(Problem("indicators.no_query", {}, Place(found.file, found.sql_line)))
