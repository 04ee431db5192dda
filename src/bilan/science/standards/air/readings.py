"""One reading judged in decimal arithmetic: where it lies on the scale and which index that gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from bilan.science.rounding import GUARD, round_number
from bilan.science.standards.air.iaqi import LARGEST_READING, Segment, scale
from bilan.science.standards.air.validity import day_hours, windows_needed
from bilan.science.standards.air.verdict import Item

SUREST = "verified_2plus"


@dataclass(frozen=True, slots=True)
class Part:
    """What one reading contributed to a verdict.

    Attributes:
        symbol: pollutant.
        column: where the reading stands.
        averaging: what the reading is a mean of.
        period: averaging period of the breakpoints used.
        value: reading as given [unit]; None when missing.
        rounded: reading as judged, rounded half to even.
        breakpoints: concentrations [unit] and indices between which it lies; None above the last breakpoint and when missing.
        exact: index before it is rounded up.
        index: index; None when none is computed.
        samples: hours (or eight-hour windows) counted, when the row says so.
        needed: hours or windows that the statistic needs.
        decides: its index is the AQI.
        bent: the rule that took the place of interpolation, above the last breakpoint; empty otherwise.
    """

    symbol: str
    column: str
    averaging: str
    period: str
    unit: str
    value: float | None
    rounded: Decimal | None
    breakpoints: tuple[Decimal, Decimal, int, int] | None
    exact: Decimal | None
    index: int | None
    samples: int | None
    needed: int | None
    decides: bool
    clause: str
    confidence: str
    bent: str = ""


def judge_item(item: Item, row: Mapping[str, Any], report: str) -> Part:
    """Judge what one item of a report reads from a row; `decides` is left to who knows the AQI."""
    column, period = item.column, item.period
    steps = scale(item.version, item.pollutant.symbol, period)
    unit = 10**steps.decimals
    reading = _number(row.get(column))
    rounded = _rounded(reading, steps.decimals)
    bent = item.above_rule if rounded is not None and rounded * unit > int(steps.top) else ""
    if bent and item.fallback_column:
        column, period = item.fallback_column, item.fallback_period
        steps = scale(item.version, item.pollutant.symbol, period)
        reading = _number(row.get(column))
        rounded = _rounded(reading, steps.decimals)
    segment = next((step for step in steps.segments if rounded is not None and rounded * unit <= int(step.high)), None)
    exact = _exact(rounded, segment, unit)
    index = int(exact.to_integral_value(ROUND_CEILING)) if exact is not None else (steps.above if rounded is not None else None)
    samples = row.get(f"n_{'o3' if column == 'o3_1h' else column}") if report == "day" else None
    breakpoints = None
    if segment is not None:
        breakpoints = (Decimal(int(segment.low)) / unit, Decimal(int(segment.high)) / unit, segment.index_low, segment.index_high)
    return Part(
        item.pollutant.symbol,
        column,
        _averaging(column, report),
        period,
        item.pollutant.unit,
        reading,
        rounded,
        breakpoints,
        exact,
        index,
        int(samples) if samples is not None else None,
        _needed(column, item.version) if report == "day" else None,
        False,
        item.clause,
        steps.rows[0]["confidence"] if item.confidence == SUREST else item.confidence,
        bent,
    )


def _averaging(column: str, report: str) -> str:
    """What a column of a report is a mean of."""
    ending = column.rpartition("_")[2]
    return ending if ending in ("1h", "8h", "24h") else {"hour": "1h", "day": "24h"}[report]


def _needed(column: str, version: str) -> int | None:
    """Samples that a daily statistic needs."""
    if column == "o3_1h":
        return None
    return windows_needed(version) if column == "o3_8h" else day_hours(version)


def _number(value: Any) -> float | None:
    """A reading, or None where the rules take it as missing."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= LARGEST_READING else None


def _rounded(reading: float | None, decimals: int) -> Decimal | None:
    """Reading as judged: free of binary noise, then half to even."""
    if reading is None:
        return None
    clean = Decimal(repr(reading)).quantize(Decimal(1).scaleb(-decimals - GUARD), rounding=ROUND_HALF_UP)
    return round_number(clean, decimals)


def _exact(rounded: Decimal | None, segment: Segment | None, unit: int) -> Decimal | None:
    """Index before rounding up."""
    if rounded is None or segment is None:
        return None
    rise = segment.index_high - segment.index_low
    return (rounded * unit - int(segment.low)) * rise / (int(segment.high) - int(segment.low)) + segment.index_low
