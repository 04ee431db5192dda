"""Values of indicators for all districts and periods at once."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from bilan.lake.queries import Query, parse
from bilan.pack.indicators import Catalogue, Indicator, Period
from bilan.plans.indicators.sandbox import Answer, Limits, Sandbox
from bilan.plans.indicators.spans import Span, by_kind
from bilan.plans.indicators.tables import Tables
from bilan.problems import BilanError, Place, Problem, nearest

NEEDED = ("district", "period", "value")
RESULT = (*NEEDED, "rows", "due")
GIVEN = ("begin", "end", "today")
"""Parameters that every query can name."""
NO_DATA, TOO_FEW = "no_data", "too_few"
SCHEMA: dict[str, Any] = {
    "indicator": pl.String,
    "version": pl.String,
    "district": pl.String,
    "period": pl.String,
    "through": pl.Date,
    "value": pl.Float64,
    "why": pl.String,
    "basis": pl.Float64,
    "rows": pl.Int64,
    "inputs": pl.String,
}
_DIGITS = 12
"""Significant digits that are kept: sums of floats differ beyond by the order they are taken in."""


@dataclass(frozen=True)
class Job:
    """One query: an indicator's version for periods of one kind."""

    indicator: Indicator
    query: Query
    kind: Period
    spans: Sequence[Span]

    @property
    def own(self) -> dict[str, Any]:
        """Values of the indicator's parameters."""
        return {name: entry.value for name, entry in self.indicator.parameters.items()}

    def given(self, today: date) -> dict[str, Any]:
        """Values of all parameters: its own, and the first and last day of its periods that is over."""
        begin, end = self.spans[0].first, max(span.through(today) for span in self.spans)
        return {**self.own, "begin": begin, "end": end, "today": today}


def jobs(
    catalogue: Catalogue,
    names: Iterable[str],
    periods: Collection[Span],
    known: Collection[str],
    today: date,
    problems: list[Problem] | None = None,
) -> list[Job]:
    """Queries that answer for indicators and periods, each with the version that holds on the period's last day.

    Args:
        problems: takes what is wrong with indicators, which are left out then.

    Raises:
        BilanError: there is no such indicator, or, without `problems`, a query names what is not there.
    """
    found: list[Job] = []
    for name in names:
        if name not in catalogue:
            raise BilanError(Problem("indicators.unknown", {"value": name, "nearest": nearest(name, catalogue.names)}))
        with _noted(problems):
            found += list(_jobs(catalogue, name, periods, known, today))
    return found


def _jobs(catalogue: Catalogue, name: str, periods: Collection[Span], known: Collection[str], today: date) -> Iterator[Job]:
    for kind, spans in by_kind(periods).items():
        by_version: dict[str, tuple[Indicator, list[Span]]] = {}
        for span in spans:
            version = catalogue.at(name, span.last)
            if version and kind in version.periods and span.first <= today:
                by_version.setdefault(version.version, (version, []))[1].append(span)
        for version, own in by_version.values():
            yield Job(version, parsed(version, known), kind, own)


@contextmanager
def _noted(problems: list[Problem] | None) -> Iterator[None]:
    """Note what a person can act on; without a list it is raised."""
    try:
        yield
    except BilanError as error:
        if problems is None:
            raise
        problems += error.problems


def parsed(indicator: Indicator, known: Collection[str]) -> Query:
    """The query of an indicator, taken apart.

    Raises:
        BilanError: it names what is not there.
    """
    return parse(indicator.sql, known, (*GIVEN, *indicator.parameters), indicator.sql_file, indicator.sql_line)


def compute(
    catalogue: Catalogue,
    names: Iterable[str],
    tables: Tables,
    periods: Collection[Span],
    districts: Collection[str] | None = None,
    limits: Limits | None = None,
    problems: list[Problem] | None = None,
) -> pl.DataFrame:
    """Compute indicators.

    Args:
        catalogue: the indicators.
        names: which of them.
        tables: what they ask.
        periods: periods of any kind; an indicator answers those of the kinds it declares, as far as they have begun.
        districts: codes, empty for the city; all when None.
        limits: of each query.
        problems: takes what is wrong with indicators, which are left out then, so that one cannot keep the others from their values.

    Returns:
        Frame of indicator, version, district, period, through (last day that is over), value, why (empty, ``no_data`` or
        ``too_few``), basis (share of what was due), rows and inputs (digest of definition and result): one row for each district and
        period that the indicator is for.

    Raises:
        BilanError: there is no such indicator, or, without `problems`, a query cannot be run or is not what its indicator declares.
    """
    todo = []
    for job in jobs(catalogue, names, periods, tables.documented, tables.today, problems):
        with _noted(problems):
            tables.check(job.query)
            todo.append(job)
    wanted = list(tables.districts if districts is None else districts)
    rows: list[tuple[Any, ...]] = []
    with Sandbox(tables.frames(job.query for job in todo), limits) as sandbox:
        before: tuple[Any, ...] = ()
        for job in todo:
            now = (job.kind, *job.spans)
            if now != before:
                sandbox.put_periods(job.kind, job.spans, tables.districts, tables.today)
                before = now
            with _noted(problems):
                rows += values(job, answer(sandbox, job, tables.today), wanted, tables.today)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def answer(sandbox: Sandbox, job: Job, today: date) -> Answer:
    """What the query of a job gives.

    Raises:
        BilanError: it cannot be run, or its columns are not those that an indicator has.
    """
    found = sandbox.run(job.query, job.given(today), job.indicator.sql_file, job.indicator.sql_line)
    check_columns(found.columns, job.indicator)
    return found


def check_columns(columns: Collection[str], indicator: Indicator) -> None:
    """Insist on the columns of a result.

    Raises:
        BilanError: one is missing or unknown.
    """
    place = Place(indicator.sql_file, indicator.sql_line)
    problems = [Problem("indicators.result_column", {"value": name, "allowed": NEEDED}, place) for name in NEEDED if name not in columns]
    for name in columns:
        if name not in RESULT:
            problems.append(
                Problem("indicators.result_unknown", {"value": name, "allowed": RESULT, "nearest": nearest(name, RESULT)}, place)
            )
    if problems:
        raise BilanError(*problems)


def values(job: Job, found: Answer, districts: Sequence[str], today: date) -> list[tuple[Any, ...]]:
    """Values of a job's districts and periods under the rule on missing data.

    Raises:
        BilanError: there are two rows for one district and period, or a value is no number.
    """
    indicator = job.indicator
    by_place: dict[tuple[str, str], dict[str, Any]] = {}
    for row in found.dicts():
        key = (row["district"] or "", str(row["period"]))
        if key in by_place:
            raise BilanError(Problem("indicators.twice", {"value": " ".join(key)}, Place(indicator.sql_file, indicator.sql_line)))
        by_place[key] = row
    definition = hashlib.sha256(json.dumps([indicator.sql, job.own], default=str, sort_keys=True).encode()).hexdigest()
    wanted = [code for code in districts if (indicator.city if code == "" else indicator.districts)]
    return [_value(job, by_place.get((code, span.text)), code, span, today, definition) for code in wanted for span in job.spans]


def _value(job: Job, row: Mapping[str, Any] | None, code: str, span: Span, today: date, definition: str) -> tuple[Any, ...]:
    indicator = job.indicator
    value = _number(row, "value", indicator)
    rows = int(_number(row, "rows", indicator) or 0) if row else 0
    due = _number(row, "due", indicator) if row and "due" in row else float(span.elapsed(today))
    counted = row is not None and "rows" in row
    basis = min(rows / due, 1.0) if counted and due else None
    why = "" if value is not None else NO_DATA
    if indicator.least is not None and value is not None and basis is not None and basis < indicator.least:
        value, why = None, TOO_FEW
    result = json.dumps([definition, value, rows, due if counted else None, why])
    inputs = hashlib.sha256(result.encode()).hexdigest()
    return (indicator.name, indicator.version, code, span.text, span.through(today), value, why, basis, rows, inputs)


def _number(row: Mapping[str, Any] | None, name: str, indicator: Indicator) -> float | None:
    found = row.get(name) if row else None
    if found is None:
        return None
    try:
        number = float(found)
    except (TypeError, ValueError) as error:
        values_ = {"value": name, "given": type(found).__name__, "allowed": "number"}
        raise BilanError(Problem("indicators.result_type", values_, Place(indicator.sql_file, indicator.sql_line))) from error
    if not math.isfinite(number):
        return None
    return float(f"{number:.{_DIGITS}g}")
