"""What a declared analysis consists of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from bilan.pack.registers.words import Bilingual
from bilan.problems import BilanError, Problem, nearest


class Needs(StrEnum):
    """Which series an analysis reads."""

    ONE = "one"
    """One parameter of one point."""
    MANY = "many"
    """One parameter of one or several points."""
    WIND = "wind"
    """One parameter of one point, with the wind there or at another."""
    ONLY_WIND = "only_wind"
    """The wind of one point."""
    WEATHER = "weather"
    """One parameter of one point, with wind, temperature, humidity and pressure."""
    PAIRS = "pairs"
    """One parameter of two or more points: the first is what was observed, the others stand for models."""
    PARAMETERS = "parameters"
    """Every parameter of one point."""
    RELATION = "relation"
    """Two parameters of one point."""
    SPECIES = "species"
    """Many species of one point, or tables of one's own."""


class SettingKind(StrEnum):
    """How a setting is chosen."""

    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a person sets.

    Attributes:
        usual: what holds until it is set.
        choices: of a choice, each with its words.
        lower, upper, step: of a number.
    """

    name: str
    title: Bilingual
    kind: SettingKind
    usual: str
    choices: tuple[tuple[str, Bilingual], ...] = ()
    lower: float = -math.inf
    upper: float = math.inf
    step: float = 1.0
    unit: str = ""

    def taken(self, text: str) -> str | float:
        """What a text means; the usual when it is empty.

        Raises:
            BilanError: the text is no number or outside its bounds, or no choice.

        Examples:
            >>> sector = Setting("sector", Bilingual("扇区"), SettingKind.NUMBER, "30", lower=5, upper=90)
            >>> sector.taken(""), sector.taken("45")
            (30.0, 45.0)
        """
        written = text.strip() or self.usual
        if self.kind is SettingKind.CHOICE:
            known = [value for value, _title in self.choices]
            if written not in known:
                raise BilanError(
                    Problem("workbench.choice", {"name": self.name, "value": written, "allowed": known, "nearest": nearest(written, known)})
                )
            return written
        try:
            number = float(written)
        except ValueError:
            number = math.nan
        if not self.lower <= number <= self.upper:
            raise BilanError(Problem("workbench.number", {"name": self.name, "value": written, "low": self.lower, "high": self.upper}))
        return number


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis.

    Attributes:
        group: heading it stands under.
        days: length of the period until one is chosen [d].
        heavy: whether it takes so long that it runs as a job.
        reference: where the method is described.
        caveats: what it cannot tell.
    """

    name: str
    title: Bilingual
    group: Bilingual
    about: Bilingual
    needs: Needs
    days: int
    heavy: bool
    settings: tuple[Setting, ...]
    reference: str
    caveats: tuple[Bilingual, ...]

    @property
    def windy(self) -> bool:
        """Whether wind has to be measured."""
        return self.needs in {Needs.WIND, Needs.ONLY_WIND, Needs.WEATHER}

    @property
    def several(self) -> bool:
        """Whether more than one point can be chosen."""
        return self.needs in {Needs.MANY, Needs.PAIRS}
