"""The tables that indicators may ask, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bilan.pack.indicators.taking import IndicatorTaker
from bilan.pack.loader import base, read_yaml
from bilan.pack.registers.words import SILENT, Bilingual
from bilan.pack.schema import settle
from bilan.problems import Problem

FILE = "tables.yaml"


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        type: ``text``, ``integer``, ``number``, ``date``, ``boolean`` or ``time``; with ``[]`` for lists.
    """

    name: str
    type: str
    title: Bilingual
    unit: str = ""
    example: Any = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: as queries say it; tables of registers are ``registers.NAME`` and ``history.NAME``, with underscores for dashes.
        lineage: what it is made from.
        by: date column that its files in the lake are cut by; empty for one file.
        sort: order of the rows within a file.
    """

    name: str
    title: Bilingual
    about: Bilingual
    columns: Mapping[str, Column]
    lineage: Bilingual = SILENT
    by: str = ""
    sort: tuple[str, ...] = ()


@cache
def tables() -> Mapping[str, Table]:
    """The tables of the platform itself; those of registers follow from their declarations.

    Raises:
        BilanError: the declaration is wrong.

    Examples:
        >>> tables()["air_days"].columns["pm25"].unit
        'µg/m³'
    """
    source = base("indicators", FILE)
    declared = read_yaml(source)
    problems: list[Problem] = []
    found = {name: _table(str(source), name, entry, problems, declared.lines[name]) for name, entry in declared.items()}
    settle(problems)
    return found


def _table(source: str, name: str, declared: Any, problems: list[Problem], line: int) -> Table:
    taker = IndicatorTaker(source, declared, problems, "table", line)
    inner = taker.inner("columns")
    columns = {
        column: _column(column, IndicatorTaker(source, entry, problems, "column", inner.declared.lines[column]))
        for column, entry in inner.declared.items()
    }
    return Table(name, taker.words("title"), taker.words("about"), columns, taker.words("lineage"), taker.word("by"), taker.texts("sort"))


def _column(name: str, taker: IndicatorTaker) -> Column:
    example = taker.declared.get("example")
    return Column(name, taker.word("type"), taker.words("title"), taker.word("unit"), example)
