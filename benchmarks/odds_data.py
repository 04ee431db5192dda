"""Daily values of 366 cities as a matrix, and which of them the fit may see."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from bilan.plans.odds.memory import Floats

SHARED = Path(os.environ.get("BILAN_SHARED", Path(__file__).resolve().parents[2] / "shared"))
FILE = SHARED / "data" / "aqi_daily_cities" / "city_daily_20131202_20160630.csv.gz"
SEEN_UNTIL = date(2015, 6, 30)
"""Last day that the fit sees; all that is scored lies after it."""


def number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


@dataclass(frozen=True, slots=True)
class Cities:
    """One quantity of many cities: `values` of shape (cities, days) with NaN for gaps; `first`: day of the first column."""

    names: list[str]
    first: int
    values: Floats

    def of_half(self, half: int) -> Cities:
        """The cities of one half (0: fitted on, 1: scored), drawn by a checksum of the name."""
        rows = [row for row, name in enumerate(self.names) if zlib.crc32(name.encode()) % 2 == half]
        return Cities([self.names[row] for row in rows], self.first, self.values[rows])

    def fresh(self) -> frozenset[str]:
        """Names of a half without those that were looked at while the method was made: every second, third, fourth or fifth."""
        return frozenset(name for row, name in enumerate(self.names) if row % 2 and row % 3 and row % 5)

    def until(self, day: date) -> Cities:
        """Without what came after a day."""
        return Cities(self.names, self.first, self.values[:, : number(day) - self.first + 1])


def cities(quantity: str) -> Cities:
    """Read one quantity; zeros are gaps there."""
    frame = pl.read_csv(FILE, columns=["city", "date", quantity], try_parse_dates=True).with_columns(
        pl.when(pl.col(quantity) > 0).then(pl.col(quantity))
    )
    wide = frame.pivot(on="city", index="date", values=quantity, aggregate_function="first").sort("date")
    days = wide["date"].cast(pl.Int32).to_numpy()
    names = [name for name in wide.columns if name != "date"]
    values = np.full((len(names), int(days[-1] - days[0]) + 1), np.nan)
    values[:, days - days[0]] = wide.select(names).to_numpy().T
    return Cities(names, int(days[0]), values)
