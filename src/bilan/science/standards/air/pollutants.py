"""The six pollutants of the air quality index: column, symbol, names, unit and the decimals kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bilan.science.tables import table


@dataclass(frozen=True, slots=True)
class Pollutant:
    """One pollutant of the index; `decimals` are those kept before any index is computed."""

    column: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    decimals: int

    def name(self, language: str) -> str:
        """Name in a language (``zh-hans`` or ``en``)."""
        return self.name_en if language == "en" else self.name_zh


@cache
def pollutants() -> tuple[Pollutant, ...]:
    """The pollutants in the order in which ties are listed.

    Examples:
        >>> [pollutant.column for pollutant in pollutants()]
        ['so2', 'no2', 'pm10', 'pm25', 'o3', 'co']
    """
    rows = sorted(table("air_pollutants"), key=lambda row: int(row["order"]))
    return tuple(Pollutant(row["column"], row["symbol"], row["name_zh"], row["name_en"], row["unit"], int(row["decimals"])) for row in rows)


def by_symbol(symbol: str) -> Pollutant:
    """The pollutant written as `symbol` in the standards.

    Examples:
        >>> by_symbol("PM2.5").column
        'pm25'
    """
    return next(pollutant for pollutant in pollutants() if pollutant.symbol == symbol)


def columns() -> tuple[str, ...]:
    """Column names of the six pollutants."""
    return tuple(pollutant.column for pollutant in pollutants())
