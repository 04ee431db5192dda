"""Why a verdict is what it is: readings, breakpoints, clauses, samples, and what decided, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from bilan.science.rounding import round_number
from bilan.science.standards.air.iaqi import LARGEST_READING, Segment, scale
from bilan.science.standards.air.sentences import sentences
from bilan.science.standards.air.single import judge
from bilan.science.standards.air.validity import day_hours, windows_needed
from bilan.science.standards.air.verdict import STANDARD, Item, items
from bilan.science.standards.air.versions import AUTO, version_on
from bilan.science.tables import rows_where

CONFIDENCE = ("verified_2plus", "verified_1", "derived", "memory_only")
"""From the surest to the least sure source of a rule."""


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


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that took part, with its clause and its sentence in both languages."""

    rule_id: str
    clause: str
    zh: str
    en: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole answer to "why?".

    Attributes:
        report: ``hour`` or ``day``.
        moment: start of the hour, or the day.
        standard, version: what judged.
        aqi, level: the verdict; None when none is published.
        highest: highest index found, also when the AQI is withheld.
        primary, missing: symbols.
        parts: one for each reading that the report takes.
        rules: rules applied.
        confidence: of the least sure part or rule.
    """

    point: str
    report: str
    moment: datetime | date
    standard: str
    version: str
    aqi: int | None
    level: int | None
    highest: int | None
    primary: tuple[str, ...]
    missing: tuple[str, ...]
    parts: tuple[Part, ...]
    rules: tuple[Rule, ...]
    confidence: str

    def text(self, language: str = "zh-hans") -> str:
        """Say it in a language (``zh-hans`` or ``en``): the verdict, one line a reading, then the rules."""
        return "\n".join(sentences(self, language))

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for storing and for JSON: decimals as texts, times in ISO form."""
        return dict(_plain(asdict(self)))


def explain(row: Mapping[str, Any], *, method: str = "published", standard: str = AUTO) -> Explanation:
    """Explain a row that was judged, or judge and explain a row of concentrations.

    Parameters:
        row: a row of `judge_hours` (has ``start``) or of `judge_days` (has ``day``), as a dictionary.
        method: see `judge_hours`.
        standard: ``auto``, ``2012`` or ``2026``; used when the row carries no verdict.

    Returns:
        Readings, breakpoints, clauses, samples, rules and what decided.

    Raises:
        BilanError: the row has no pollutant or the standard is unknown.

    Examples:
        >>> values = {"so2": 9, "no2": 41, "co": 0.8, "o3": 64, "pm10": 119, "pm25": 61}
        >>> why = explain({"start": datetime(2026, 3, 1, 8), **values})
        >>> print(why.text("en").splitlines()[0])
        AQI 101, level 3 (Lightly polluted), primary pollutant PM2.5 · hour from 2026-03-01 08:00 · HJ 633-2026
        >>> next(part for part in why.parts if part.decides).breakpoints
        (Decimal('60'), Decimal('115'), 100, 150)
    """
    report = "hour" if "start" in row and row.get("start") is not None else "day"
    moment: datetime | date = row["start"] if report == "hour" else row["day"]
    judged = dict(row)
    if "version" not in judged:
        values = {name: value for name, value in row.items() if isinstance(value, int | float) and not isinstance(value, bool)}
        judged |= judge(values, moment, standard, method=method)
    version = judged["version"] or version_on(moment.date() if isinstance(moment, datetime) else moment, standard)
    taken = items(version, report, method)
    parts = [_part(item, judged, report, version) for item in taken]
    indices = [part.index for part in parts if part.index is not None]
    highest = max(indices, default=None)
    rules = _rules(version, judged)
    sources = [part.confidence for part in parts if part.decides] + [rule.confidence for rule in rules]
    return Explanation(
        str(judged.get("point", "")),
        report,
        moment,
        STANDARD,
        version,
        judged["aqi"],
        judged["level"],
        highest,
        tuple(filter(None, (judged["primary"] or "").split(","))),
        tuple(filter(None, (judged["missing"] or "").split(","))),
        tuple(parts),
        rules,
        max(sources, key=CONFIDENCE.index, default=CONFIDENCE[0]),
    )


def _part(item: Item, row: Mapping[str, Any], report: str, version: str) -> Part:
    column, period = item.column, item.period
    reading = _number(row.get(column))
    steps = scale(version, item.pollutant.symbol, period)
    unit = 10**steps.decimals
    if reading is not None and item.fallback_column and round_number(reading, steps.decimals) * unit > int(steps.top):
        column, period = item.fallback_column, item.fallback_period
        reading, steps = _number(row.get(column)), scale(version, item.pollutant.symbol, period)
    rounded = None if reading is None else round_number(reading, steps.decimals)
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
        _needed(column, version) if report == "day" else None,
        index is not None and index == row.get("aqi"),
        item.clause,
        steps.rows[0]["confidence"] if item.confidence == CONFIDENCE[0] else item.confidence,
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


def _exact(rounded: Decimal | None, segment: Segment | None, unit: int) -> Decimal | None:
    """Index before rounding up."""
    if rounded is None or segment is None:
        return None
    rise = segment.index_high - segment.index_low
    return (rounded * unit - int(segment.low)) * rise / (int(segment.high) - int(segment.low)) + segment.index_low


def _rules(version: str, row: Mapping[str, Any]) -> tuple[Rule, ...]:
    ids = [f"aqi-{version}-max", *filter(None, (row["reason"] or "").split(","))]
    if row["missing"] and f"aqi-{version}-missing" not in ids and row["aqi"] is not None and version == "2012":
        ids.append("aqi-2012-missing")
    return tuple(rule_text(rule_id) for rule_id in ids)


def rule_text(rule_id: str) -> Rule:
    """A rule of ``air_aqi_rules`` with its sentences.

    Examples:
        >>> rule_text("aqi-2026-so2").clause
        'Table 3 note b'
    """
    rule, words = rows_where("air_aqi_rules", rule_id=rule_id)[0], rows_where("air_rule_texts", rule_id=rule_id)[0]
    return Rule(rule_id, rule["clause"], words["zh"], words["en"], rule["confidence"])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
