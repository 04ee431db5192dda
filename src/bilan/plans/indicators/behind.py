"""The rows behind a value: what its query counts, before it counts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from bilan.lake.queries import Query, parse, written
from bilan.pack.indicators import Indicator, Table
from bilan.plans.indicators.computing import GIVEN, Job, parsed
from bilan.plans.indicators.sandbox import Answer, Limits, Sandbox
from bilan.plans.indicators.spans import Span
from bilan.plans.indicators.tables import Tables
from bilan.problems import BilanError, Place, Problem

MOST = 5000
"""Rows that are given at most."""
_AT = ("at_district", "at_period")
_MARKS = {"district": "@district", "period": "@period"}
_AUXILIARY = frozenset({"area", "first_day", "last_day", "elapsed", "months_elapsed"})


def rows_behind(indicator: Indicator, tables: Tables, district: str, period: Span, limits: Limits | None = None) -> Answer:
    """The rows that a value of an indicator was made from.

    They follow from the query: what stands behind its ``from`` and ``where``, before it is grouped. A query that builds its number in
    several steps may declare ``behind``, a query of its own with the columns ``district`` and ``period``.

    Args:
        indicator: the version of the indicator.
        tables: what it asks.
        district: code, empty for the city.
        period: the period.

    Raises:
        BilanError: the query cannot be run.
    """
    query = derived(indicator, tables.documented)
    job = Job(indicator, query, period.kind, [period])
    with Sandbox(tables.frames([query]), limits) as sandbox:
        sandbox.put_periods(period.kind, [period], tables.districts, tables.today)
        given = {**job.given(tables.today), _AT[0]: district, _AT[1]: period.text}
        return _plain(sandbox.run(query, given, indicator.sql_file, indicator.sql_line))


def derived(indicator: Indicator, known: Mapping[str, Table]) -> Query:
    """The query for the rows behind a value; it takes ``$at_district`` and ``$at_period`` too.

    Raises:
        BilanError: it names what is not there, or the rows do not follow from the query.
    """
    return _declared(indicator, known) if indicator.behind else _derived(parsed(indicator, known), indicator, known)


def _declared(indicator: Indicator, known: Mapping[str, Table]) -> Query:
    given = (*GIVEN, *indicator.parameters, *_AT)
    sql = f"select * from ({indicator.behind}) where district = $at_district and period = $at_period limit {MOST}"
    return parse(sql, known, given, indicator.sql_file, indicator.sql_line)


def _derived(query: Query, indicator: Indicator, known: Collection[str]) -> Query:
    tree = json.loads(json.dumps(query.tree))
    node = tree["statements"][0]["node"]
    if node["type"] != "SELECT_NODE":
        raise BilanError(Problem("indicators.no_rows_behind", {"value": indicator.name}, Place(indicator.sql_file, indicator.sql_line)))
    marks = [_marked(node["select_list"], name, mark, indicator) for name, mark in _MARKS.items()]
    node["select_list"] = [_star(), *marks]
    node["group_expressions"], node["group_sets"], node["modifiers"] = [], [], []
    node["having"], node["qualify"], node["aggregate_handling"] = None, None, "STANDARD_HANDLING"
    sql = f'select * from ({written(tree)}) where "@district" = $at_district and "@period" = $at_period limit {MOST}'
    return parse(sql, known, (*GIVEN, *indicator.parameters, *_AT), indicator.sql_file, indicator.sql_line)


def _marked(columns: list[dict[str, Any]], name: str, mark: str, indicator: Indicator) -> dict[str, Any]:
    """The expression that gives a column of the result, under another name."""
    for column in columns:
        own = column["alias"] or (column.get("column_names") or [""])[-1]
        if own == name:
            return {**column, "alias": mark}
    raise BilanError(
        Problem("indicators.result_column", {"value": name, "allowed": list(_MARKS)}, Place(indicator.sql_file, indicator.sql_line))
    )


def _star() -> dict[str, Any]:
    star: dict[str, Any] = parse("select * from t", ["t"], []).tree["statements"][0]["node"]["select_list"][0]
    return star


def _plain(found: Answer) -> Answer:
    """Without the columns that only served to find the rows, nor second ones of a name."""
    places: dict[str, int] = {}
    for place, name in enumerate(found.columns):
        first = name.rpartition("_")[0] if name.rpartition("_")[2].isdigit() else name
        if not {name, first} & {*_AUXILIARY, *_MARKS.values()} and first not in places:
            places[name] = place
    at = list(places.values())
    rows = [tuple(row[place] for place in at) for row in found.rows]
    return Answer(tuple(places), tuple(found.types[place] for place in at), rows)
