"""What a dossier says of one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bilan.pack.registers import Field, Register, State
from bilan.registers.ledger import Record
from bilan.registers.models import Attachment
from bilan.registers.saying import Grid, Said


@dataclass(frozen=True, slots=True)
class Line:
    """One field.

    Attributes:
        masked: whether the reader may not read it as it is.
        formula: of a computed field; `live` when it is computed when read.
    """

    name: str
    title: str
    said: Said
    masked: bool = False
    formula: str = ""
    live: bool = False
    help: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A section of fields that say something."""

    title: str
    lines: Sequence[Line]
    blank: int = 0
    """Applicable fields that say nothing."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that should be filled."""

    name: str
    title: str
    required: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """Entries at the other end of one kind of link.

    Attributes:
        name: name of the link field; `outward` when it is one of this entry's.
        records: the first of them.
        filtered: argument that filters the other register's list to exactly these; empty when it has no such filter.
    """

    name: str
    title: str
    register: Register
    outward: bool
    count: int
    records: Sequence[Record]
    filtered: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A node of the chain of links: entries of one register, and what they lead to in turn."""

    title: str
    register: Register
    count: int
    record: Record | None
    following: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something nearby, with its distance [m]; 0 for what touches."""

    record: Record
    register: Register
    distance: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around and in an entry.

    Attributes:
        near: entries within `radius` [m], the nearest first.
        zones: zones that hold or touch the place.
        inside: register → how many of its entries lie inside an area.
    """

    radius: int
    near: Sequence[Neighbour] = ()
    zones: Sequence[Neighbour] = ()
    inside: Sequence[tuple[Register, int]] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A declared limit for a parameter, and where it stands."""

    parameter: str
    limit: float
    unit: str
    source: str
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """The newest value of a parameter at a point.

    Attributes:
        start, seconds: its interval [s of the wall clock].
        trend: values of the last two days, oldest first, missing hours as None.
        limit: the strictest declared limit in the same unit; None without one.
    """

    parameter: str
    title: str
    value: float | None
    unit: str
    decimals: int | None
    start: int
    seconds: int
    key: str
    trend: Sequence[float | None] = ()
    limit: Limit | None = None

    @property
    def exceeds(self) -> bool:
        """Whether it lies above the declared limit."""
        return self.limit is not None and self.value is not None and self.value > self.limit.limit


@dataclass(frozen=True, slots=True)
class Gauge:
    """A monitoring point of the entry, or of one that belongs to it, with what it says now."""

    code: str
    name: str
    network: str
    owner: Record | None
    values: Sequence[Value]
    verdicts: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Permit:
    """An entry that sets limits for this one."""

    record: Record
    register: Register
    grids: Sequence[tuple[str, Grid]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the entry.

    Attributes:
        kind: ``revision``, ``link``, ``list``, ``validity``.
        change: number of the change set; 0 for none.
        details: short lines.
    """

    when: datetime | date
    title: str
    kind: str
    details: Sequence[str] = ()
    tone: str = "quiet"
    change: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that a reader may know of one entry, at one moment."""

    register: Register
    record: Record
    state: State | None
    facts: Sequence[tuple[str, str]]
    completeness: int
    gaps: Sequence[Gap]
    parts: Sequence[Part]
    linked: Sequence[Linked]
    chain: Sequence[Step]
    surroundings: Surroundings | None
    gauges: Sequence[Gauge]
    permits: Sequence[Permit]
    documents: Sequence[tuple[Field, Attachment]]
    events: Sequence[Event]
    limits: Sequence[Limit] = field(default=())
