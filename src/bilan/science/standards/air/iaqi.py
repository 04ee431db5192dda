"""The index of one pollutant: interpolation between the breakpoints of HJ 633."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import narwhals as nw

from bilan.science.rounding import half_even_units
from bilan.science.standards.air.pollutants import by_symbol
from bilan.science.tables import Row, rows_where

CAP = "cap_"
FIXED = "iaqi_"
LARGEST_READING = 1e9
"""No concentration reaches this; larger numbers and NaN are no readings."""

NOISE = 1e-6
"""Taken off before rounding up: far above the noise of binary division, far below the least fraction an index can have (1/1140)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of the scale, in whole units of the decimals kept: concentration from, to; index from, to."""

    low: float
    high: float
    index_low: int
    index_high: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The breakpoints of a pollutant and averaging period in one version, and what holds above the last one."""

    segments: tuple[Segment, ...]
    above: int | None
    above_rule: str
    decimals: int
    rows: tuple[Row, ...]

    @property
    def top(self) -> float:
        """Last breakpoint, in whole units of the decimals kept."""
        return self.segments[-1].high


@cache
def scale(version: str, symbol: str, period: str) -> Scale:
    """Breakpoints of a pollutant.

    Parameters:
        version: ``2012`` or ``2026``.
        symbol: as the standard writes it, e.g. ``PM2.5``.
        period: averaging period, ``1h``, ``8h`` or ``24h``.

    Reference:
        HJ 633-2012, Table 1; HJ 633-2026, Table 3.

    Examples:
        >>> scale("2026", "PM2.5", "24h").segments[1]
        Segment(low=35.0, high=60.0, index_low=50, index_high=100)
        >>> scale("2026", "SO2", "1h").above
        200
    """
    rows = rows_where("air_iaqi", version=version, pollutant=symbol, averaging_period=period)
    decimals = by_symbol(symbol).decimals
    unit = 10**decimals
    segments = tuple(
        Segment(float(row["bp_lo"]) * unit, float(row["bp_hi"]) * unit, int(row["iaqi_lo"]), int(row["iaqi_hi"])) for row in rows
    )
    rule = rows[0]["above_top_rule"]
    fixed = rule.removeprefix(CAP).removeprefix(FIXED)
    return Scale(segments, int(fixed) if fixed.isdigit() else None, rule, decimals, rows)


def reading(column: str) -> nw.Expr:
    """A column's concentrations; negative, infinite and not-a-number values count as missing."""
    value = nw.col(column)
    return nw.when(value.is_between(0, LARGEST_READING)).then(value)


def units(column: str, decimals: int) -> nw.Expr:
    """A column's concentrations, rounded as the standard prescribes, in whole units of the last decimal kept.

    Reference:
        HJ 633-2026, 4.2.2 and 4.2.3 (GB/T 8170).
    """
    return half_even_units(reading(column), decimals)


def index_of(value: nw.Expr, steps: Scale) -> nw.Expr:
    """Index of a pollutant, rounded up to a whole number.

    Parameters:
        value: concentration in whole units of the decimals kept (`units`); null gives null.
        steps: the breakpoints.

    Returns:
        Whole numbers; null above the last breakpoint when the standard computes none there.

    Reference:
        HJ 633-2012, 4.2 eq 1 and 6.2; HJ 633-2026, 4.2.4 eq 1 and 4.2.6.

    Examples:
        >>> import polars as pl
        >>> frame = nw.from_native(pl.DataFrame({"pm25": [35.0, 38.0, 75.0, 600.0, None]}))
        >>> frame.select(index_of(nw.col("pm25"), scale("2012", "PM2.5", "24h")).alias("i"))["i"].to_list()
        [50, 54, 100, 500, None]
    """
    above = nw.lit(steps.above, dtype=nw.Float64)
    chain: nw.Expr = nw.when(value > steps.top).then(above)
    for segment in reversed(steps.segments):
        rise = float(segment.index_high - segment.index_low)
        inside = ((value - segment.low) * rise / (segment.high - segment.low) - NOISE).ceil() + segment.index_low
        chain = nw.when(value <= segment.high).then(inside).otherwise(chain)
    return chain.cast(nw.Int32)
