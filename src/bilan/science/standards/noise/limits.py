"""Limits and grades of noise as data: zones of GB 3096, boundaries of GB 12348, 12523 and 22337, levels of HJ 640."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from bilan.science.standards.explaining import Words
from bilan.science.tables import Row, in_force, rows_where, table

Period = Literal["day", "night"]
Topic = Literal["urban_area", "road_traffic"]
PERIODS: tuple[Period, ...] = ("day", "night")
COLUMN: Mapping[str, str] = {"day": "ld", "night": "ln"}
"""Period → column of its level."""
WORDS: Mapping[str, Words] = {"day": Words("昼间", "day"), "night": Words("夜间", "night")}
ZONES = ("0", "1", "2", "3", "4a", "4b")
QUALITY = "environmental_quality"
PEAK_TABLES = {"GB 12348": ("night_frequent_peak", "night_sporadic_peak"), "GB 12523": ("night_peak",), "GB 22337": ()}
BOUNDARIES = tuple(PEAK_TABLES)


@dataclass(frozen=True, slots=True)
class NoiseLimit:
    """One limit of a zone and period [dB(A)]."""

    standard: str
    version: str
    zone_class: str
    period: str
    limit: float
    effective_from: date
    clause: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Level:
    """One grade of HJ 640: up to `upper` [dB(A)], which is included; None is unbounded."""

    level: int
    name: Words
    upper: float | None
    clause: str
    confidence: str


def zone_limits(day: date | None = None) -> dict[tuple[str, str], NoiseLimit]:
    """Limits of GB 3096 in force on a day, by zone class and period.

    Examples:
        >>> zone_limits()["4b", "night"].limit
        60.0
    """
    return _limits(rows_where("noise_limits", table=QUALITY), day)


def boundary_limits(standard: str, day: date | None = None) -> dict[tuple[str, str], NoiseLimit]:
    """Limits of the sound of factories, building sites or trade at their boundary, by zone class and period.

    Parameters:
        standard: ``GB 12348`` (factories), ``GB 12523`` (building sites) or ``GB 22337`` (trade and leisure).
        day: the version in force then; the newest without a day.

    Examples:
        >>> boundary_limits("GB 12348")["2", "night"].limit
        50.0
        >>> [boundary_limits("GB 12523", day)["all", "day"].standard for day in (date(2025, 12, 31), date(2026, 1, 1))]
        ['GB 12523-2011', 'GB 12523-2025']
    """
    rows = [row for row in table("noise_limits") if row["standard"].startswith(standard) and row["unit"] == "dB(A)"]
    return _limits(tuple(rows), day)


def peaks(standard: str, day: date | None = None) -> dict[str, NoiseLimit]:
    """How far the night maximum may lie above the night limit [dB], by kind of sound (table name)."""
    rows = [row for row in table("noise_limits") if row["standard"].startswith(standard) and row["unit"] == "dB above limit"]
    chosen = in_force(rows, day) if day else tuple(row for row in rows if not row["effective_to"])
    return {row["table"]: _limit(row) for row in chosen}


@cache
def levels(topic: Topic, period: Period) -> tuple[Level, ...]:
    """Grades of the mean level of an urban area or of road traffic, best first.

    Examples:
        >>> [(level.level, level.name.en, level.upper) for level in levels("urban_area", "day")][:2]
        [(1, 'good', 50.0), (2, 'fairly good', 55.0)]
    """
    return tuple(
        Level(
            int(row["level"]),
            Words(row["level_zh"], row["level_en"]),
            float(row["upper"]) if row["upper"] else None,
            row["clause"],
            row["confidence"],
        )
        for row in rows_where("noise_levels", topic=topic, period=period)
    )


def rule_value(rule_id: str) -> float:
    """Number of one rule of the table `noise_rules`."""
    return float(rows_where("noise_rules", rule_id=rule_id)[0]["value"])


def _limits(rows: tuple[Row, ...], day: date | None) -> dict[tuple[str, str], NoiseLimit]:
    chosen = in_force(rows, day) if day else tuple(row for row in rows if not row["effective_to"])
    return {(row["zone_class"], row["period"]): _limit(row) for row in chosen}


def _limit(row: Row) -> NoiseLimit:
    return NoiseLimit(
        row["standard"], row["version"], row["zone_class"], row["period"], float(row["limit"]),
        date.fromisoformat(row["effective_from"]), row["clause"], row["confidence"],
    )  # fmt: skip
