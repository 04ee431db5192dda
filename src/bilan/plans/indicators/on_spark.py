"""Queries of indicators on Spark, over the tables that were published to the lake: the same text, the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bilan.lake.portable import for_spark, hindrances
from bilan.lake.queries import Query
from bilan.lake.rooms import Answer
from bilan.pack.indicators import Period
from bilan.plans.indicators.sandbox import period_frame
from bilan.plans.indicators.spans import Span
from bilan.problems import BilanError, Problem
from bilan.science import spark

FORMATS = {
    Period.YEAR: "date_format(day, 'yyyy')",
    Period.QUARTER: "date_format(day, 'yyyy') || '-Q' || quarter(day)",
    Period.MONTH: "date_format(day, 'yyyy-MM')",
}
"""Spark SQL of the period that a day belongs to."""


class SparkRoom:
    """A Spark session that knows the lake's tables by the names that queries use.

    Args:
        session: as `bilan.science.spark.session` gives it.
        files: name of a table → its Parquet files, as `LakeTables.files` gives them.
    """

    def __init__(self, session: Any, files: Mapping[str, Sequence[Path]]) -> None:
        self._session = session
        for name, parts in files.items():
            schema, _, table = name.rpartition(".")
            if not schema:
                spark.read(session, *parts).createOrReplaceTempView(f"`{table}`")
                continue
            session.sql(f"create schema if not exists `{schema}`")
            session.sql(f"drop table if exists `{schema}`.`{table}`")
            session.sql(f"create table `{schema}`.`{table}` using parquet location '{parts[0].parent.as_uri()}'")

    def put_periods(self, kind: Period, periods: Sequence[Span], districts: Iterable[str], today: date) -> None:
        """Set what ``period_of`` and the table ``periods`` are about, as `Sandbox.put_periods` does."""
        self._session.sql(f"create or replace temporary function period_of(day date) returns string return {FORMATS[kind]}")
        spark.give(self._session, period_frame(periods, districts, today)).createOrReplaceTempView("periods")

    def planned(self, query: Query, given: Mapping[str, Any]) -> Any:
        """A query as a Spark frame that is bound to its tables and not run yet.

        Raises:
            BilanError: something in it only DuckDB knows.
        """
        hindering = hindrances(query)
        if hindering:
            raise BilanError(Problem("indicators.not_portable", {"value": hindering}))
        return self._session.sql(for_spark(query.sql), args={name: given[name] for name in query.parameters})

    def run(self, query: Query, given: Mapping[str, Any]) -> Answer:
        """Run a query.

        Raises:
            BilanError: something in it only DuckDB knows.
        """
        found = spark.take(self.planned(query, given))
        return Answer(tuple(found.columns), tuple(str(kind) for kind in found.dtypes), found.rows())
