"""What a rule says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bilan.pack.expressions import Expression
from bilan.pack.registers.words import Bilingual
from bilan.pack.rules.language import Formula, lookback


class Subject(StrEnum):
    """What a rule looks at."""

    SERIES = "series"
    VERDICTS = "verdicts"
    DEVICES = "devices"
    ENTRIES = "entries"
    TERMS = "terms"
    INDICATORS = "indicators"
    FORECASTS = "forecasts"

    @property
    def timed(self) -> bool:
        """Whether it has one moment after the other, so that conditions can look back."""
        return self in {Subject.SERIES, Subject.VERDICTS}


LEVELS = {"notice": 1, "warning": 2, "serious": 3, "critical": 4}
"""Level → its number, the higher the worse."""
USUAL_LEVEL = "warning"
LONGEST = {"minute": 72.0, "hour": 1000.0, "day": 400.0, "month": 60.0, "year": 20.0}
"""Interval → how far a condition may look back [h; d, months, years for the longer ones]."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which of its subject a rule looks at; what is empty excludes nothing.

    Attributes:
        networks: codes of monitoring networks.
        parameters: codes of parameters.
        points: condition on a point's attributes, its code, name, district and network.
        registers: names of registers; `when`: condition on an entry's fields.
        method: method of evaluation, such as ``air.hour``.
        names: names of indicators or forecasts.
    """

    networks: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    points: Expression | None = None
    registers: tuple[str, ...] = ()
    when: Formula | None = None
    method: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A level and when it is reached; `when` None for what no other level covers."""

    level: int
    when: Formula | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """What happens when nobody acknowledges.

    Attributes:
        after: how long after it opened [s].
        level: what it rises to; 0 for the same.
        role: who is told; empty for the same.
    """

    after: int
    level: int = 0
    role: str = ""


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule.

    Attributes:
        rule: its unique name.
        interval: span of the values of its columns.
        window: how far its conditions look back [h; d for days, moments of its method for verdicts].
        let: names for expressions, in the order in which they may use each other.
        condition: holds for a moment at which the rule fires.
        times: consecutive moments at which it must hold before an episode opens.
        clear: holds for a moment at which it may clear; None for that the condition does not hold.
        clear_times: consecutive moments of that before it clears.
        explained_by: kinds of declared windows that explain instead of alert.
        quiet: begin and end of the hours without notices [minutes of the day]; None for none.
        cause: ``point``, ``enterprise``, ``district``, ``rule:NAME`` or ``none``.
        opens: ``person``, ``ask`` or ``auto``.
        says: sentence with names of columns in braces.
        active: whether it is evaluated.
        digest: of its declaration; changes when anything of it does.
    """

    rule: str
    title: Bilingual
    about: Bilingual
    subject: Subject
    condition: Formula
    says: Bilingual
    where: Where = Where()
    interval: str = "hour"
    window: float = 0.0
    let: Mapping[str, Formula] = field(default_factory=dict)
    times: int = 1
    clear: Formula | None = None
    clear_times: int = 1
    levels: tuple[Level, ...] = ()
    explained_by: tuple[str, ...] = ()
    quiet: tuple[int, int] | None = None
    cause: str = "point"
    role: str = "enforcement-officer"
    escalate: tuple[Escalation, ...] = ()
    flow: str = ""
    opens: str = "person"
    laws: tuple[str, ...] = ()
    confidence: str = "local"
    serves: tuple[str, ...] = ()
    active: bool = True
    source: str = ""
    line: int = 0
    digest: str = ""

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Every expression of it that is evaluated at each moment."""
        levels = (level.when for level in self.levels)
        return tuple(entry for entry in (self.condition, self.clear, *levels) if entry is not None)

    @property
    def lookback(self) -> float:
        """How far its expressions look back, or its window when that is longer [h; d for days]."""
        return max(self.window, *(lookback(entry.node) for entry in (*self.formulas, *self.let.values())))

    @property
    def base_level(self) -> int:
        """Level of what no condition of a level covers."""
        return next((entry.level for entry in self.levels if entry.when is None), LEVELS[USUAL_LEVEL])


Rules = Mapping[str, RuleSpec]
