"""What was judged: one row a method, point and span, hot or sealed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl

from bilan.problems import BilanError, Problem
from bilan.telemetry.store.database import Database
from bilan.telemetry.store.datasets import VERDICT, VERDICT_SCHEMA
from bilan.telemetry.store.lake import Lake

COLUMNS = tuple(VERDICT_SCHEMA)
_STORED_SCHEMA: dict[str, Any] = {**VERDICT_SCHEMA, "valid": pl.Int32}
_NEWER = "excluded.start >= verdict_latest.start"
_ASSIGN = ", ".join(
    f"{name} = CASE WHEN {_NEWER} THEN excluded.{name} ELSE verdict_latest.{name} END"
    for name in COLUMNS
    if name not in ("method", "point")
)


class Verdicts:
    """Verdicts by method (``air.hour``, ``air.day``, ``water.hour`` …)."""

    def __init__(self, database: Database, lake: Lake) -> None:
        self._database = database
        self._lake = lake

    def write(self, frame: pl.DataFrame) -> int:
        """Keep verdicts in place of earlier ones of the same method, point and start.

        Parameters:
            frame: columns method, point, start [s or Datetime], seconds, value, grade, computed; main, standard, version, detail
                (JSON text) and valid are optional.

        Returns:
            Number of verdicts kept.

        Raises:
            BilanError: a column is missing.
        """
        if "method" not in frame.columns:
            raise BilanError(Problem("store.missing_column", {"value": "method", "given": frame.columns}))
        rows = VERDICT.prepare(frame, "", 0).unique(subset=["method", "point", "start"], keep="last", maintain_order=True)
        with self._database.transaction():
            self._database.bulk_upsert("verdict", COLUMNS, _numbered(rows).rows(), ["method", "point", "start"])
            self.put_latest(rows)
        return rows.height

    def put_latest(self, rows: pl.DataFrame) -> None:
        """Show these verdicts as the latest of their points, where they are."""
        newest = rows.sort("start", maintain_order=True).unique(subset=["method", "point"], keep="last", maintain_order=True)
        if newest.height:
            self._database.bulk_upsert("verdict_latest", COLUMNS, _numbered(newest).rows(), ["method", "point"], _ASSIGN)

    def scan(self, method: str, points: Collection[str] | None, begin: int, end: int) -> pl.DataFrame:
        """Verdicts of `method` with begin ≤ start < end, hot and sealed, sorted by point and start.

        Parameters:
            points: codes of points; None for all.
            begin, end: seconds of the wall clock.
        """
        conditions, params = ["method = ?", "start >= ?", "start < ?"], [method, begin, end]
        wanted = pl.lit(value=True)
        if points is not None:
            condition, given = self._database.any_of("point", points)
            conditions.append(condition)
            params += given
            wanted = pl.col("point").is_in(list(points))
        sql = f"SELECT {', '.join(COLUMNS)} FROM verdict WHERE {' AND '.join(conditions)}"
        hot = self._database.frame(sql, params, _STORED_SCHEMA).with_columns(pl.col("valid") == 1)
        sealed = self._lake.collect(method, begin, end, wanted, dataset="verdict")
        return VERDICT.newest(pl.concat([sealed, hot]))

    def latest(self, method: str | Collection[str], points: Collection[str] | None = None) -> pl.DataFrame:
        """The newest verdict of `method`, or of each of several, for each point, sorted by point."""
        condition, params = self._database.any_of("method", [method] if isinstance(method, str) else method)
        conditions = [condition]
        if points is not None:
            condition, given = self._database.any_of("point", points)
            conditions.append(condition)
            params = [*params, *given]
        sql = f"SELECT {', '.join(COLUMNS)} FROM verdict_latest WHERE {' AND '.join(conditions)} ORDER BY point, method"
        return self._database.frame(sql, params, _STORED_SCHEMA).with_columns(pl.col("valid") == 1)


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(COLUMNS).with_columns(pl.col("valid").cast(pl.Int32))
