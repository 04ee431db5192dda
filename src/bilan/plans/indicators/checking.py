"""Checking queries against the documented tables, without any data."""

from __future__ import annotations

from pathlib import Path

from bilan.lake.queries import Query
from bilan.lake.types import empty
from bilan.pack.indicators import Indicator, check_indicators, current
from bilan.pack.indicators.loading import FOLDER
from bilan.plans.indicators.behind import derived
from bilan.plans.indicators.computing import Job, check_columns, parsed
from bilan.plans.indicators.sandbox import Limits, Sandbox
from bilan.plans.indicators.spans import Span
from bilan.plans.indicators.tables import PERIODS, documented
from bilan.problems import BilanError, Place, Problem

_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "NUMERIC", "HUGEINT")
_YEAR = 2024
"""Any period does: the tables are empty."""


def check_queries(city_pack: Path | None = None) -> list[tuple[str, list[Problem]]]:
    """Every file of indicators and what is wrong with what it declares and with its query.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Returns:
        Name of each file and its problems.
    """
    found, known = dict(check_indicators(city_pack)), documented()
    sound = [version for versions in current(city_pack).versions.values() for version in versions]
    named = {f"{FOLDER}/{Path(version.file).name}": version for version in sound}
    taken: dict[str, tuple[Indicator, Query, Query]] = {}
    for name, version in named.items():
        if not found.get(name):
            try:
                taken[name] = (version, parsed(version, known), derived(version, known))
            except BilanError as error:
                found[name] = list(error.problems)
    tables = {table for _version, *queries in taken.values() for query in queries for table in query.tables}
    with Sandbox({name: empty(known[name]) for name in tables - {PERIODS}}, Limits(threads=1)) as sandbox:
        for name, (version, query, behind) in taken.items():
            found[name] = _bound(sandbox, version, query, behind)
    return list(found.items())


def _bound(sandbox: Sandbox, indicator: Indicator, query: Query, behind: Query) -> list[Problem]:
    """What is wrong with a query once it stands before its tables: columns, types, the columns of its result."""
    period = Span.at(indicator.period, _YEAR)
    sandbox.put_periods(period.kind, [period], [""], period.last)
    given = Job(indicator, query, period.kind, [period]).given(period.last)
    try:
        columns = sandbox.described(query, given, indicator.sql_file, indicator.sql_line)
        sandbox.described(behind, {**given, "at_district": "", "at_period": period.text}, indicator.sql_file, indicator.sql_line)
        check_columns(columns, indicator)
    except BilanError as error:
        return list(error.problems)
    return [
        Problem(
            "indicators.result_type", {"value": name, "given": kind, "allowed": "number"}, Place(indicator.sql_file, indicator.sql_line)
        )
        for name, kind in columns.items()
        if name in ("value", "rows", "due") and not any(word in kind for word in _NUMBERS)
    ]
