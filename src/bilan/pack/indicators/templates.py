"""Templates: queries that several indicators share, and how such a query reads with an indicator's values in it."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from bilan.pack.indicators.model import Indicator, Template
from bilan.pack.indicators.taking import IndicatorTaker, apart
from bilan.pack.loader import read_text
from bilan.pack.registers.folders import Source
from bilan.pack.registers.keys import keys
from bilan.problems import Place, Problem

FOLDER = "templates"
_OWN = ("indicator", "template", "values", "parameters", "behind", "title", "about")
"""Keys that indicators cannot have in common."""
_NAMED = re.compile(r"('(?:[^']|'')*'|--[^\n]*)|\$(\w+)")


def read_template(source: Source) -> tuple[Template, list[Problem]]:
    """Read the file of a template.

    Returns:
        The template and what is wrong with it.

    Raises:
        BilanError: it cannot be read at all.
    """
    return template_of(read_text(source), str(source))


def template_of(text: str, file: str) -> tuple[Template, list[Problem]]:
    """Read a template from its text, as `read_template` does.

    Examples:
        >>> text = '''/*
        ... template: figure
        ... title: 填报数 · A figure
        ... about: 填报数本身 · The figure itself
        ... parameters:
        ...   series: {title: 名称 · Name}
        ... */
        ... select district, period, value from figures where series = $series'''
        >>> template_of(text, "figure.sql")[0].parameters["series"].title.en
        'Name'
    """
    problems: list[Problem] = []
    found = apart(text, file)
    taker = IndicatorTaker(file, found.declared, problems, "template")
    common = taker.inner("common")
    common.only([key for key in keys("indicators")["indicator"] if key not in _OWN])
    template = Template(
        name=taker.name("template"),
        title=taker.words("title"),
        about=taker.words("about"),
        parameters=taker.parameters("slot"),
        common=common.declared,
        behind=taker.word("behind").strip().rstrip(";"),
        sql=found.sql,
        sql_line=found.line,
        file=file,
        text=text,
    )
    stem = PurePath(file).stem
    if template.name and template.name != stem:
        taker.note("declaration.file_name", "template", {"value": template.name, "allowed": stem})
    if not template.sql:
        problems.append(Problem("indicators.no_query", {}, Place(file, template.sql_line)))
    return template, problems


def readable(indicator: Indicator) -> str:
    """The query of an indicator as a person reads it: its own parameters stand as values; ``$begin``, ``$end`` and ``$today`` stay.

    It is for the eye: what is run takes the values as bound parameters.

    Examples:
        >>> from bilan.pack.indicators import load
        >>> readable(load()["air-rank"]).splitlines()[-1]
        "where series = 'air-rank' and day between $begin and $end"
    """

    def value(found: re.Match[str]) -> str:
        text, name = found.groups()
        return _literal(indicator.parameters[name].value) if name in indicator.parameters else text or found[0]

    return _NAMED.sub(value, indicator.sql)


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower() if isinstance(value, bool) else str(value)
