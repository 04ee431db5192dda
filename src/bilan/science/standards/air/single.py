"""One reading judged without a frame, in decimal arithmetic: the same rules, which the tests hold against the columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bilan.problems import BilanError, Problem
from bilan.science.standards.air.categories import category
from bilan.science.standards.air.hours import METHODS, check_method
from bilan.science.standards.air.pollutants import columns, pollutants
from bilan.science.standards.air.readings import Part, judge_item
from bilan.science.standards.air.sliding import SLIDING
from bilan.science.standards.air.verdict import STANDARD, items, report_rule
from bilan.science.standards.air.versions import AUTO, version_on


def judge(values: Mapping[str, float | None], moment: datetime | date, standard: str = AUTO, *, method: str = METHODS[0]) -> dict[str, Any]:
    """Judge one hour (for a time) or one day (for a date).

    Parameters:
        values: concentrations by column, ``so2, no2, o3, pm10, pm25`` [µg/m³], ``co`` [mg/m³]; a day has ``o3_8h`` instead of ``o3``.
        moment: start of the hour, or the day.
        standard: ``auto``, ``2012`` or ``2026``.
        method: see `judge_hours`.

    Returns:
        The moment, the values and the verdict columns of `judge_hours` or `judge_day_means`.

    Raises:
        BilanError: there is no pollutant, or the standard or method is unknown.

    Reference:
        HJ 633-2012, 4; HJ 633-2026, 4.

    Examples:
        >>> day = judge({"pm25": 35, "pm10": 50, "so2": 50, "no2": 40, "co": 2, "o3_8h": 100}, date(2026, 6, 1))
        >>> day["aqi"], day["level"], day["primary"]
        (50, 1, '')
    """
    check_method(method)
    hourly = isinstance(moment, datetime)
    version = version_on(moment.date() if isinstance(moment, datetime) else moment, standard)
    known = (*columns(), *SLIDING, "o3_1h")
    if not any(name in known for name in values):
        raise BilanError(Problem("air.no_pollutant", {"value": list(values), "allowed": known}))
    parts = parts_of(values, "hour" if hourly else "day", version, method)
    return {"start" if hourly else "day": moment, **values, **verdict_of(parts, version)}


def parts_of(values: Mapping[str, Any], report: str, version: str, method: str) -> tuple[Part, ...]:
    """What each reading of a report contributes."""
    return tuple(judge_item(item, values, report) for item in items(version, report, method))


def verdict_of(parts: tuple[Part, ...], version: str) -> dict[str, Any]:
    """Put the parts together: indices, AQI, level, primary pollutants, what is missing and what bent the rule."""
    indices: dict[str, int | None] = {}
    for pollutant in pollutants():
        found = [part.index for part in parts if part.symbol == pollutant.symbol and part.index is not None]
        indices[pollutant.column] = max(found, default=None)
    highest = max((index for index in indices.values() if index is not None), default=None)
    missing = [pollutant.symbol for pollutant in pollutants() if indices[pollutant.column] is None]
    rule = report_rule(version)
    needs = rule["missing_needs_above"]
    withheld = bool(needs) and bool(missing) and highest is not None and highest <= int(needs)
    aqi = None if withheld else highest
    primary = [p.symbol for p in pollutants() if aqi is not None and aqi > int(rule["primary_above"]) and indices[p.column] == aqi]
    reasons = [part.bent for part in parts if part.bent] + ([rule["missing_rule"]] if withheld else [])
    return {
        **{f"iaqi_{column}": index for column, index in indices.items()},
        "aqi": aqi,
        "level": category(aqi, version).level if aqi is not None else None,
        "primary": ",".join(primary),
        "missing": ",".join(missing),
        "reason": ",".join(reasons),
        "valid": aqi is not None,
        "standard": STANDARD,
        "version": version,
    }
