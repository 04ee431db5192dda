"""Concentration limits of GB 3095 and the edition in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from bilan.science.standards.air.versions import AUTO, check_standard
from bilan.science.tables import Row, table

STANDARD = "GB 3095"


@dataclass(frozen=True, slots=True)
class Edition:
    """One set of limits: version, phase, first day; `family` is the version of HJ 633 that goes with it."""

    version: str
    phase: str
    begin: date
    family: str

    @property
    def name(self) -> str:
        """Version with its phase where there are several, e.g. ``2026 transition``."""
        return self.version if self.phase == "single" else f"{self.version} {self.phase}"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit with its source."""

    edition: Edition
    symbol: str
    period: str
    value: float
    unit: str
    clause: str
    confidence: str


@cache
def editions() -> tuple[Edition, ...]:
    """Editions of the limits, oldest first.

    Examples:
        >>> [edition.name for edition in editions()]
        ['2012', '2012+A1:2018', '2026 transition', '2026 final']
    """
    found = {
        (row["version"], row["phase"], date.fromisoformat(row["effective_from"])) for row in table("air_limits") if row["phase"] != "annex"
    }
    return tuple(
        Edition(version, phase, begin, version.partition("+")[0]) for version, phase, begin in sorted(found, key=lambda item: item[2])
    )


def edition_on(day: date, standard: str = AUTO) -> Edition:
    """Edition whose limits hold on a day.

    Parameters:
        day: day of the data; days before the first edition fall to the first.
        standard: ``auto``, or the version to force: then the edition of that version nearest to the day.

    Examples:
        >>> edition_on(date(2020, 4, 1)).name, edition_on(date(2031, 1, 1)).name, edition_on(date(2020, 4, 1), "2026").name
        ('2012+A1:2018', '2026 final', '2026 transition')
    """
    known = [edition for edition in editions() if check_standard(standard) in (AUTO, edition.family)]
    return next((edition for edition in reversed(known) if edition.begin <= day), known[0])


@cache
def limit(edition: Edition, symbol: str, period: str, zone: int = 2) -> Limit | None:
    """A limit of an edition; none when the standard sets none.

    Parameters:
        edition: see `edition_on`.
        symbol: pollutant, e.g. ``PM2.5``.
        period: ``1h``, ``24h``, ``8h_max``, ``annual``, …
        zone: functional zone class, 1 or 2.

    Reference:
        GB 3095-2012 and GB 3095-2026, 4.2 Tables 1 and 2.

    Examples:
        >>> limit(edition_on(date(2026, 3, 1)), "PM2.5", "annual").value
        30.0
    """
    rows = [
        row for row in table("air_limits") if _belongs(row, edition) and row["pollutant"] == symbol and row["averaging_period"] == period
    ]
    if not rows:
        return None
    row = rows[0]
    return Limit(edition, symbol, period, float(row[f"class_{zone}"]), row["unit"], row["clause"], row["confidence"])


def _belongs(row: Row, edition: Edition) -> bool:
    return row["version"] == edition.version and row["phase"] == edition.phase and row["effective_from"] == edition.begin.isoformat()
