"""Reading the file of an indicator: what it declares in its first comment, then one query, or the template whose query it takes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath
from typing import Any, TypeVar

from bilan.pack.indicators.model import Direction, Indicator, Parameter, Period, Source, Template
from bilan.pack.indicators.taking import IndicatorTaker, Text, apart, merged
from bilan.pack.loader import Declared, read_text, yaml_of
from bilan.pack.registers.folders import Source as File
from bilan.problems import BilanError, Place, Problem, nearest

SUFFIX, OF_TEMPLATE = ".sql", ".yaml"
"""How names of files end: those with a query, and those that name a template."""
VERSION = "@"
BY = ("city", "district")
_Words = TypeVar("_Words", bound=StrEnum)
_SHORTER = {Period.YEAR: (Period.QUARTER, Period.MONTH), Period.QUARTER: (Period.MONTH,), Period.MONTH: ()}


def read_indicator(source: File, templates: Mapping[str, Template] | None = None) -> tuple[Indicator, list[Problem]]:
    """Read one file.

    Args:
        source: ``NAME.sql``, or ``NAME@2026.sql`` for a later version; ``.yaml`` when it takes the query of a template.
        templates: those there are, by name.

    Returns:
        The indicator and what is wrong with it.

    Raises:
        BilanError: it cannot be read at all, or its template is not there.
    """
    return indicator_of(read_text(source), str(source), templates)


def indicator_of(text: str, file: str, templates: Mapping[str, Template] | None = None) -> tuple[Indicator, list[Problem]]:
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
    problems: list[Problem] = []
    if not file.endswith(OF_TEMPLATE):
        found = apart(text, file)
        taker = IndicatorTaker(file, found.declared, problems, "indicator")
        for key in ("template", "values"):
            if key in taker.declared:
                taker.note("indicators.not_with_query", key, {"value": key, "allowed": OF_TEMPLATE})
        indicator = _indicator(taker, found, text)
    else:
        declared = yaml_of(text, file)
        template = _template(declared, file, templates or {})
        taker = IndicatorTaker(file, merged(template.common, declared, "template"), problems, "indicator")
        for key in ("parameters", "behind"):
            if key in taker.declared:
                taker.note("indicators.of_template", key, {"value": key, "allowed": template.file})
        indicator = _indicator(taker, Text(Declared(), template.sql, template.sql_line), text, template)
    _check(taker, indicator)
    return indicator, problems


def _template(declared: Any, file: str, templates: Mapping[str, Template]) -> Template:
    name = declared.get("template") if isinstance(declared, Declared) else None
    if isinstance(name, str) and name in templates:
        return templates[name]
    line = declared.lines.get("template", declared.line) if isinstance(declared, Declared) else 1
    values = {"value": name or "–", "allowed": sorted(templates), "nearest": nearest(str(name or ""), templates)}
    raise BilanError(Problem("indicators.unknown_template", values, Place(file, line, "template")))


def _indicator(taker: IndicatorTaker, found: Text, text: str, template: Template | None = None) -> Indicator:
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
        parameters=_filled(taker, template.parameters) if template else taker.parameters("parameter"),
        standard=taker.word("standard"),
        confidence=taker.word("confidence"),
        serves=taker.texts("serves"),
        field=taker.word("field"),
        plan=taker.word("plan"),
        aliases=taker.texts("aliases"),
        odds=_free(taker, "odds"),
        behind=template.behind if template else taker.word("behind").strip().rstrip(";"),
        sql=found.sql,
        sql_file=template.file if template else taker.source,
        sql_line=found.line,
        file=taker.source,
        template=template.name if template else "",
        text=text,
    )


def _least(taker: IndicatorTaker) -> float | None:
    if taker.declared.get("missing", "none") == "none":
        return None
    return taker.child("missing", "missing").within("least", None, 0, 1)


def _filled(taker: IndicatorTaker, slots: Mapping[str, Parameter]) -> Mapping[str, Parameter]:
    """The parameters of a template with the values that an indicator gives them."""
    inner = taker.inner("values")
    given = inner.declared
    for name in given:
        if name not in slots:
            inner.note("pack.unknown_key", name, {"value": name, "allowed": sorted(slots), "nearest": nearest(name, slots)})
    return {name: slot.with_value(taker.plain(inner, name, slot)) for name, slot in slots.items()}


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
    stem = PurePath(found.file).stem.partition(VERSION)[0]
    if found.name and found.name != stem:
        taker.note("declaration.file_name", "indicator", {"value": found.name, "allowed": stem})
    if found.valid_from and found.valid_to and found.valid_from > found.valid_to:
        taker.note("indicators.empty_validity", "valid_to", {"value": found.valid_to.isoformat(), "allowed": found.valid_from.isoformat()})
    if not found.sql:
        taker.problems.append(Problem("indicators.no_query", {}, Place(found.sql_file, found.sql_line)))
