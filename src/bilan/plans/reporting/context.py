"""What the sources of a report's numbers read from, and how they give what they found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from bilan.casework.docket import Docket
from bilan.pack.areas import Area
from bilan.pack.city import City
from bilan.pack.reports import Each
from bilan.people.monitoring import Monitoring
from bilan.plans.planbook import Planbook
from bilan.plans.reporting.model import Column, Found
from bilan.plans.reporting.periods import Period
from bilan.registers.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom one letter of several is written to.

    Attributes:
        code: code of a district; the name of a department, which has no other.
        leader: who answers for it in person; empty where the tasks name nobody.
    """

    kind: Each
    code: str
    name: str
    leader: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a report is about and what it may read, within what its author may see.

    Attributes:
        to_date: whether numbers count from the first of January.
        districts: the city's districts, in the order of their codes.
        today: days before it have passed.
        recipient: whom it is written to, where it is written once for each; None for one that tells of all.
    """

    city: City
    districts: Sequence[Area]
    period: Period
    to_date: bool
    language: str
    today: date
    monitoring: Monitoring
    planbook: Planbook
    docket: Docket
    ledger: Ledger
    recipient: Recipient | None = None

    @property
    def english(self) -> bool:
        """Whether it is written in English."""
        return self.language == "en"

    def say(self, chinese: str, english: str) -> str:
        """One of two texts."""
        return english if self.english else chinese

    def district(self, code: str) -> str:
        """Name of a district, or of the city."""
        if code in {"", self.city.adcode}:
            return self.say(self.city.name_zh, self.city.name_en or self.city.name_zh)
        return next((area.name(self.language) for area in self.districts if area.adcode == code), code)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table as its source gives it."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as its source gives it."""

    svg: str
    ratio: float
    alternative: str


@dataclass(frozen=True)
class Given:
    """Everything one source gives: numbers by key, and what makes its tables and charts; None for a chart of nothing."""

    numbers: Mapping[str, Found] = field(default_factory=dict)
    tables: Mapping[str, Callable[[], Rows]] = field(default_factory=dict)
    charts: Mapping[str, Callable[[], Drawn | None]] = field(default_factory=dict)


class Source(Protocol):
    """Gives what belongs to one subject, such as the air."""

    def __call__(self, context: Context) -> Given:
        """Read what there is."""
