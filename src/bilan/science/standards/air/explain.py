"""Why a verdict is what it is: readings, breakpoints, clauses, samples, and what decided, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bilan.science.standards.air.readings import Part
from bilan.science.standards.air.sentences import sentences
from bilan.science.standards.air.single import parts_of, verdict_of
from bilan.science.standards.air.verdict import STANDARD
from bilan.science.standards.air.versions import AUTO, version_on
from bilan.science.tables import rows_where

CONFIDENCE = ("verified_2plus", "verified_1", "derived", "memory_only")
"""From the surest to the least sure source of a rule."""


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

    Reference:
        HJ 633-2012, 4 and 5.1.3; HJ 633-2026, 4.2.3, 4.3 and 5.3.1.

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
    version = row.get("version") or version_on(moment.date() if isinstance(moment, datetime) else moment, standard)
    parts = parts_of(row, report, version, method)
    judged = row if "version" in row else verdict_of(parts, version)
    parts = tuple(replace(part, decides=part.index is not None and part.index == judged["aqi"]) for part in parts)
    highest = max((part.index for part in parts if part.index is not None), default=None)
    rules = _rules(version, judged)
    sources = [part.confidence for part in parts if part.decides] + [rule.confidence for rule in rules]
    return Explanation(
        str(row.get("point", "")),
        report,
        moment,
        STANDARD,
        version,
        judged["aqi"],
        judged["level"],
        highest,
        tuple(filter(None, (judged["primary"] or "").split(","))),
        tuple(filter(None, (judged["missing"] or "").split(","))),
        parts,
        rules,
        max(sources, key=CONFIDENCE.index, default=CONFIDENCE[0]),
    )


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
