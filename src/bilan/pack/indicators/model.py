"""What an indicator declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from bilan.pack.registers.words import Bilingual


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class Period(StrEnum):
    """What one value stands for."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


class Source(StrEnum):
    """Where the value comes from.

    ``computed``: by a published formula from what the platform keeps. ``reported``: a department says it. ``configured``: no formula
    is published; the city chose one, and every page says so.
    """

    COMPUTED = "computed"
    REPORTED = "reported"
    CONFIGURED = "configured"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, a word or a list that the query takes as ``$name``.

    Attributes:
        value: None where every indicator of a template says its own.
        allowed: words that `value` may be; empty for any.
    """

    name: str
    value: Any
    unit: str
    title: Bilingual
    allowed: tuple[str, ...] = ()

    def with_value(self, value: Any) -> Parameter:
        """The same parameter with a value."""
        return replace(self, value=value)


@dataclass(frozen=True)
class Template:
    """A query that several indicators share: each gives it other values and says what its number means.

    Attributes:
        parameters: what the query takes; those without a value must be given by every indicator.
        common: keys of the indicators and their values, where an indicator does not say otherwise.
        behind, sql, sql_line, file, text: as an indicator of its own has them.
    """

    name: str
    title: Bilingual
    about: Bilingual
    parameters: Mapping[str, Parameter]
    common: Mapping[str, Any]
    behind: str
    sql: str
    sql_line: int
    file: str
    text: str = attribute(repr=False, default="")


@dataclass(frozen=True)
class Indicator:
    """One version of an indicator.

    Attributes:
        period: what its values stand for; `also`: shorter periods that it can be computed for.
        city, districts: whom it has values for.
        least: share of what is due that must be there; None when no such rule holds.
        valid_from, valid_to: first and last day of the periods that this version holds for; None for open.
        standard: standard and clause, or where the definition is published; `confidence`: how sure that is.
        plan: row of the plans' tables that it answers; `aliases`: words by which commitments speak of it.
        odds: how the odds of a target are found: ``kind`` and what that needs.
        behind: query that gives the rows behind a value; empty when they follow from the query itself.
        sql: the query; `sql_file`, `sql_line`: file and line that it begins on; `file`, `text`: the indicator's own file.
        template: name of the template whose query it is; empty when it has one of its own.
    """

    name: str
    title: Bilingual
    about: Bilingual
    unit: str
    decimals: int
    direction: Direction
    period: Period
    also: tuple[Period, ...]
    city: bool
    districts: bool
    least: float | None
    version: str
    valid_from: date | None
    valid_to: date | None
    source: Source
    parameters: Mapping[str, Parameter]
    standard: str
    confidence: str
    serves: tuple[str, ...]
    field: str
    plan: str
    aliases: tuple[str, ...]
    odds: Mapping[str, Any]
    behind: str
    sql: str
    sql_file: str
    sql_line: int
    file: str
    template: str = ""
    text: str = attribute(repr=False, default="")

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every kind of period that it can be computed for."""
        return (self.period, *(entry for entry in self.also if entry is not self.period))

    def holds(self, day: date) -> bool:
        """Whether this version is the one for a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Catalogue:
    """All indicators of a city.

    Attributes:
        versions: name → its versions, oldest first.
        signature: digest of all files.
    """

    versions: Mapping[str, tuple[Indicator, ...]]
    signature: str = ""

    def __iter__(self) -> Iterator[Indicator]:
        """The newest version of each indicator, by name."""
        return (versions[-1] for versions in self.versions.values())

    def __contains__(self, name: object) -> bool:
        return name in self.versions

    def __getitem__(self, name: str) -> Indicator:
        """The newest version of an indicator.

        Raises:
            KeyError: no such indicator.
        """
        return self.versions[name][-1]

    def at(self, name: str, day: date) -> Indicator | None:
        """The version that holds for a day; of several that were valid then, the newest; None when none was."""
        held = [entry for entry in self.versions.get(name, ()) if entry.holds(day)]
        return held[-1] if held else None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(self.versions)
