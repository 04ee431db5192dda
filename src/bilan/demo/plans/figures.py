"""Reported figures of the demo city: made up, smooth over the years, and districts add up to the city."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

BASE, BEFORE = 2020, 2015
"""Years whose values the table gives; the later ones follow from the first."""
TABLE = "figures.csv"
CITY = ""
LARGEST_OFFSET = 2.0
"""Standard deviations that a district is off the city at most."""


@dataclass(frozen=True, slots=True)
class Made:
    """A figure that is made up."""

    series: str
    district: str
    year: int
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """How a series of the table goes.

    Attributes:
        kind: ``total`` is shared out by the districts' weight, ``land`` by their area; ``level`` differs from district to district;
            ``city`` and ``rank`` stand for the city only, a rank in whole steps; ``none`` is nought everywhere.
        first: value of 2020; `before`: value of 2015, where there is one.
        growth: a year, in per cent; of levels and ranks in their own unit.
        spread: standard deviation of districts, relative; of levels in their own unit.
    """

    series: str
    kind: str
    first: float
    before: float | None
    growth: float
    spread: float

    def value(self, year: int) -> float:
        """Value of the city in a year.

        Examples:
            >>> round(Line("x", "total", 100.0, 90.0, 10.0, 0.0).value(2022), 6)
            121.0
        """
        if year == BEFORE and self.before is not None:
            return self.before
        if self.kind in {"level", "rank"}:
            return self.first + self.growth * (year - BASE)
        return float(self.first * (1 + self.growth / 100) ** (year - BASE))


def lines() -> list[Line]:
    """The table of series."""
    rows = csv.DictReader(resources.files("bilan.demo.plans").joinpath(TABLE).read_text(encoding="utf-8").splitlines())
    return [
        Line(
            row["series"],
            row["kind"],
            float(row["y2020"]),
            float(row["y2015"]) if row["y2015"] else None,
            float(row["growth"]),
            float(row["spread"]),
        )
        for row in rows
    ]


def figures(
    weights: Mapping[str, float], areas: Mapping[str, float], last: int, decimals: Mapping[str, int], seed: int = 0
) -> Iterator[Made]:
    """Every figure of the demo city from 2020 (and of 2015, where a base year is needed) to a year.

    Parameters:
        weights: district → its share of people and industry; without districts that report nothing.
        areas: district → its land [km²].
        last: last year that is reported.
        decimals: series → places that its figures are rounded to.
        seed: what the differences between districts depend on.

    Examples:
        >>> made = list(figures({"1": 3, "2": 1}, {"1": 1, "2": 1}, 2020, {}))
        >>> [one.value for one in made if one.series == "land-area" and one.year == 2020]
        [11015.0, 5507.5, 5507.5]
    """
    for line in lines():
        shared = areas if line.kind == "land" else weights
        for year in [*([BEFORE] if line.before is not None else []), *range(BASE, last + 1)]:
            places = 0 if line.kind == "rank" else decimals.get(line.series, 2)
            whole = round(line.value(year), places)
            yield Made(line.series, CITY, year, whole)
            if line.kind not in {"city", "rank"}:
                yield from _districts(line, year, whole, shared, places, seed)


def _districts(line: Line, year: int, whole: float, shared: Mapping[str, float], places: int, seed: int) -> Iterator[Made]:
    codes = list(shared)
    offsets = _offsets(line, codes, seed)
    if line.kind == "level":
        parts = [min(max(whole + offset, 0.0), 100.0) for offset in offsets]
    else:
        raw = [shared[code] * (1 + offset) for code, offset in zip(codes, offsets, strict=True)]
        parts = [whole * part / sum(raw) for part in raw]
    for code, part in zip(codes, parts, strict=True):
        yield Made(line.series, code, year, round(part, places))


def _offsets(line: Line, codes: Sequence[str], seed: int) -> list[float]:
    """How far each district is off, the same in all years."""
    random = np.random.default_rng((seed, zlib.crc32(line.series.encode())))
    drawn = np.clip(random.normal(0, 1, len(codes)), -LARGEST_OFFSET, LARGEST_OFFSET) * line.spread
    return [float(offset) for offset in drawn]
