"""What a report consists of once its numbers are in: runs of text, tables and charts, ready for Word or PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Value = float | int | str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number can be looked up: the name of a page, its arguments and its query."""

    page: str
    arguments: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)


Linker = Callable[[Origin], str]
"""Makes an address of an origin; empty when there is no such page."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value as its source gives it, with the one a year earlier and where both come from."""

    value: Value
    before: Value = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a report says it.

    Attributes:
        text: as it stands in the text; a dash when there is none.
        unit: as people write it.
        link: where it can be looked up.
    """

    key: str
    title: str
    value: Value
    text: str
    unit: str = ""
    link: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with the issue."""
        return {"title": self.title, "text": self.text, "value": self.value, "unit": self.unit, "link": self.link, "query": self.key}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph; `key` when it is a number."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its numbering, such as ``（一）``."""

    level: int
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading with the unit, whether it holds numbers, and its share of the width."""

    title: str
    numeric: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: cells are text already; `names` are the keys of its rows, for comparing issues."""

    label: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as SVG; `ratio` is its width over its height, `alternative` says in words what it shows."""

    label: str
    title: str
    svg: str
    ratio: float
    alternative: str = ""


Piece = Heading | Paragraph | Grid | Picture


@dataclass(frozen=True, slots=True)
class Written:
    """A whole report.

    Attributes:
        heading: at the top; `issuer`: who writes; `issue`: number and date of a bulletin; `addressed`: whom a letter is sent to.
        numbers: every number it says, by key.
        signatures: who signs, side by side at the end: lines of text for each.
        marks: what stands in the head of every page, such as that the data are invented.
    """

    language: str
    style: str
    title: str
    heading: str
    subtitle: str
    issuer: str
    issue: str
    dated: str
    addressed: str
    pieces: tuple[Piece, ...]
    numbers: Mapping[str, Number]
    marks: Sequence[str] = ()
    signatures: Sequence[Sequence[str]] = ()
    paper: str = ""
