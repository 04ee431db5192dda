"""Checking queries against the documented tables, without any data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bilan.pack.indicators import Indicator, Table, check_indicators, current
from bilan.pack.indicators.loading import FOLDER
from bilan.plans.indicators.behind import derived
from bilan.plans.indicators.computing import Job, check_columns, parsed
from bilan.plans.indicators.sandbox import Limits, Sandbox
from bilan.plans.indicators.spans import Span
from bilan.plans.indicators.tables import PERIODS, documented, empty
from bilan.problems import BilanError, Place, Problem

_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "NUMERIC", "HUGEINT")
_YEAR = "2024"
"""Any period does: the tables are empty."""


def check_queries(city_pack: Path | None = None) -> list[tuple[str, list[Problem]]]:
    """Every file of indicators and what is wrong with what it declares and with its query.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Returns:
        Name of each file and its problems.
    """
    found, known = dict(check_indicators(city_pack)), documented()
    for versions in current(city_pack).versions.values():
        for version in versions:
            name = f"{FOLDER}/{Path(version.file).name}"
            if not found.get(name):
                found[name] = check_query(version, known)
    return list(found.items())


def check_query(indicator: Indicator, known: Mapping[str, Table]) -> list[Problem]:
    """What is wrong with the query of one indicator: names, types, columns of its result.

    Args:
        known: the tables.
    """
    period = Span.parse(_YEAR)
    try:
        query = parsed(indicator, known)
        behind = derived(indicator, known)
        frames = {name: empty(known[name]) for name in (query.tables | behind.tables) - {PERIODS}}
        with Sandbox(frames, Limits(threads=1)) as sandbox:
            sandbox.put_periods(period.kind, [period], [""], period.last)
            job = Job(indicator, query, period.kind, [period])
            given = job.given(period.last)
            columns = sandbox.described(query, given, indicator.file, indicator.sql_line)
            sandbox.described(behind, {**given, "at_district": "", "at_period": _YEAR}, indicator.file, indicator.sql_line)
        check_columns(columns, indicator)
    except BilanError as error:
        return list(error.problems)
    return [
        Problem("indicators.result_type", {"value": name, "given": kind, "allowed": "number"}, Place(indicator.file, indicator.sql_line))
        for name, kind in columns.items()
        if name in ("value", "rows", "due") and not any(word in kind for word in _NUMBERS)
    ]
