"""What the one-permit view says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bilan.casework.models import Alert
from bilan.registers.ledger import Record


@dataclass(frozen=True, slots=True)
class Measured:
    """What the instruments of an outlet said about a limit over the days looked back.

    Attributes:
        point: code of the monitoring point; `parameter`: what it measures; `unit` of values.
        statistic: ``converted_mean`` where the source converts to the reference oxygen, else ``mean``.
        hours: valid hours; `over`: those above the limit; `share`: valid hours of all [0 to 1].
        highest, mean: of the valid hours; None without any.
        last: start of the newest valid hour [s of the wall clock].
    """

    point: str
    parameter: str
    unit: str
    statistic: str
    hours: int
    over: int
    share: float
    highest: float | None
    mean: float | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a clause asks for that is not there: a code for its sentence, with its values."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause.

    Attributes:
        kind: ``validity``, ``limit``, ``plan``, ``automatic``, ``report`` or ``total``.
        outlet: number of the outlet it is about; `entry`: that outlet in the register.
        parameter, limit, unit: of a limit or a total.
        standard, text: what the permit names; `days`: dates it names, by name.
        reported: entries the enterprise handed in; `inspected`: inspections; `decided`: enforcement cases.
        alerts: alerts about exactly this.
        total: what was measured of a total since the beginning of the year [unit of the limit].
    """

    kind: str
    outlet: str = ""
    entry: Record | None = None
    parameter: str = ""
    limit: float | None = None
    unit: str = ""
    standard: str = ""
    text: str = ""
    days: Mapping[str, date | None] = field(default_factory=dict)
    reported: Sequence[Record] = ()
    measured: Sequence[Measured] = ()
    total: float | None = None
    inspected: Sequence[Record] = ()
    decided: Sequence[Record] = ()
    alerts: Sequence[Alert] = ()
    gaps: Sequence[Gap] = ()


@dataclass(frozen=True, slots=True)
class Permit:
    """One permit and its clauses."""

    record: Record
    clauses: Sequence[Clause]

    @property
    def gaps(self) -> int:
        """Gaps of all clauses."""
        return sum(len(clause.gaps) for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class OnePermit:
    """An enterprise with its permits.

    Attributes:
        begin, end: what was looked back over [s of the wall clock].
        inspections, decisions: of the enterprise over the last year, newest first.
    """

    record: Record
    permits: Sequence[Permit]
    begin: int
    end: int
    inspections: Sequence[Record]
    decisions: Sequence[Record]
