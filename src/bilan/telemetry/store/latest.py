"""The newest value and the running statistics of every series, one row each, kept by the writer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import polars as pl

from bilan.telemetry.store.database import Database

SCHEMA: dict[str, Any] = {
    "point": pl.String,
    "parameter": pl.String,
    "statistic": pl.String,
    "interval": pl.String,
    "occurrence": pl.Int64,
    "series": pl.Int64,
    "unit": pl.String,
    "start": pl.Int64,
    "seconds": pl.Int32,
    "value": pl.Float64,
    "flag": pl.String,
    "quality": pl.Int32,
    "arrived": pl.Int64,
}
STATISTICS_SCHEMA: dict[str, Any] = {
    "series": pl.Int64,
    "count": pl.Int64,
    "first": pl.Int64,
    "last": pl.Int64,
    "minimum": pl.Float64,
    "maximum": pl.Float64,
    "mean": pl.Float64,
}
COLUMNS = ("series", "start", "seconds", "value", "flag", "quality", "arrived", "first", "count", "total", "minimum", "maximum", "stale")

_TAKEN_WHEN_NEWER = ("start", "seconds", "value", "flag", "quality", "arrived")
_NEWER = "excluded.start > latest.start OR (excluded.start = latest.start AND excluded.arrived >= latest.arrived)"
_ASSIGN = ", ".join(
    [
        *(f"{name} = CASE WHEN {_NEWER} THEN excluded.{name} ELSE latest.{name} END" for name in _TAKEN_WHEN_NEWER),
        "first = CASE WHEN excluded.first < latest.first THEN excluded.first ELSE latest.first END",
        "count = latest.count + excluded.count",
        "total = latest.total + excluded.total",
        "minimum = CASE WHEN latest.minimum IS NULL OR excluded.minimum < latest.minimum THEN excluded.minimum ELSE latest.minimum END",
        "maximum = CASE WHEN latest.maximum IS NULL OR excluded.maximum > latest.maximum THEN excluded.maximum ELSE latest.maximum END",
        "stale = CASE WHEN excluded.stale > latest.stale THEN excluded.stale ELSE latest.stale END",
    ]
)


_ASSIGN_NEWER = ", ".join(
    [
        *(f"{name} = excluded.{name}" for name in _TAKEN_WHEN_NEWER),
        "count = latest.count + excluded.count",
        "total = latest.total + excluded.total",
        "minimum = CASE WHEN excluded.minimum < latest.minimum THEN excluded.minimum ELSE latest.minimum END",
        "maximum = CASE WHEN excluded.maximum > latest.maximum THEN excluded.maximum ELSE latest.maximum END",
    ]
)
_IS_NEWER = (
    "latest.start <= excluded.start AND latest.first <= excluded.first AND latest.minimum IS NOT NULL AND latest.stale >= excluded.stale"
)
_UNKNOWN = 1 << 62


class Latest:
    """The table `latest`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest: dict[int, int] = {}
        database.on_rollback(self._newest.clear)

    def apply(self, fresh: Sequence[Sequence[Any]], replaced: Iterable[tuple[Sequence[Any], Sequence[Any]]] = ()) -> None:
        """Bring stored rows into the newest values and the sums, one write a series.

        Parameters:
            fresh: rows that are new.
            replaced: rows that took the place of another, with that other.
        """
        sums: dict[int, list[Any]] = {}
        for row in fresh:
            _add(sums, row)
        for row, old in replaced:
            _add(sums, row)
            _take_out(sums[row[0]], old)
        self.merge(list(sums.values()))

    def merge(self, rows: Sequence[Sequence[Any]]) -> None:
        """Merge partial sums, rows in the order of COLUMNS, one a series.

        Nearly always a value is newer than the one before it: those are written by a plain update, half as dear as the upsert that
        weighs every column. What this process knows of the table may be behind; then the update finds fewer rows than it was
        given and the upsert does the work.
        """
        known = self._newest
        plain = [row for row in rows if row[8] and not row[12] and known.get(row[0], _UNKNOWN) <= row[1]]
        other = rows if not plain else [row for row in rows if not row[8] or row[12] or known.get(row[0], _UNKNOWN) > row[1]]
        with self._database.transaction():
            if plain and not self._update(plain):
                other = rows
            if other:
                self._database.bulk_upsert("latest", COLUMNS, other, ["series"], _ASSIGN)
        known.update((row[0], row[1]) for row in rows if row[8] > 0 and not row[12] and known.get(row[0], -1) <= row[1])

    def _update(self, rows: Sequence[Sequence[Any]]) -> bool:
        self._database.execute("SAVEPOINT newer")
        complete = self._database.bulk_update("latest", COLUMNS, rows, ["series"], _ASSIGN_NEWER, _IS_NEWER) == len(rows)
        if not complete:
            self._database.execute("ROLLBACK TO SAVEPOINT newer")
        self._database.execute("RELEASE SAVEPOINT newer")
        return complete

    def frame(
        self, points: Collection[str] | None, networks: Collection[str] | None, parameters: Collection[str] | None, interval: str | None
    ) -> pl.DataFrame:
        """Newest value of every series of these points or networks."""
        columns = (
            "s.point, s.parameter, s.statistic, s.interval_name, s.occurrence, s.id, s.unit, "
            "l.start, l.seconds, l.value, l.flag, l.quality, l.arrived"
        )
        conditions, params = ["1 = 1"], []
        wanted = (("s.point", points), ("p.network", networks), ("s.parameter", parameters), ("s.interval_name", interval and [interval]))
        for column, values in wanted:
            if values is not None:
                condition, given = self._database.any_of(column, list(values))
                conditions.append(condition)
                params += given
        sql = (
            f"SELECT {columns} FROM series s JOIN latest l ON l.series = s.id LEFT JOIN point p ON p.code = s.point "
            f"WHERE {' AND '.join(conditions)} ORDER BY s.id"
        )
        return self._database.frame(sql, params, SCHEMA)

    def statistics(self, series: Collection[int]) -> pl.DataFrame:
        """Number of values, first and last start, minimum, maximum and mean of each series."""
        condition, params = self._database.any_of("series", series)
        columns = ", ".join(STATISTICS_SCHEMA)
        return self._database.frame(f"SELECT {columns} FROM series_statistic WHERE {condition} ORDER BY series", params, STATISTICS_SCHEMA)

    def stale(self, series: Collection[int]) -> list[int]:
        """Those of `series` whose extremes must be counted again."""
        condition, params = self._database.any_of("series", series)
        return [number for (number,) in self._database.query(f"SELECT series FROM latest WHERE stale = 1 AND {condition}", params)]

    def recount(self, sums: pl.DataFrame) -> None:
        """Put freshly counted sums in place: columns series, first, count, total, minimum, maximum."""
        with self._database.transaction():
            for number, first, count, total, minimum, maximum in sums.rows():
                self._database.execute(
                    "UPDATE latest SET first = ?, count = ?, total = ?, minimum = ?, maximum = ?, stale = 0 WHERE series = ?",
                    (first, count, total, minimum, maximum, number),
                )


def partial_sums(after: pl.DataFrame, before: pl.DataFrame, *, stale: bool) -> list[tuple[Any, ...]]:
    """Sums that a rewritten partition adds to each series: rows in the order of COLUMNS."""
    newest = after.group_by("series").agg(
        *(pl.col(name).last() for name in _TAKEN_WHEN_NEWER),
        pl.col("start").first().alias("first"),
        pl.col("value").count().alias("count"),
        pl.col("value").sum().alias("total"),
        pl.col("value").min().alias("minimum"),
        pl.col("value").max().alias("maximum"),
    )
    known = before.group_by("series").agg(pl.col("value").count().alias("had"), pl.col("value").sum().alias("held"))
    merged = newest.join(known, on="series", how="left").with_columns(
        pl.col("count") - pl.col("had").fill_null(0),
        pl.col("total") - pl.col("held").fill_null(0.0),
        (pl.col("had").is_not_null() | stale).cast(pl.Int32).alias("stale"),
    )
    return merged.select(COLUMNS).rows()


def _add(sums: dict[int, list[Any]], row: Sequence[Any]) -> None:
    series, start, seconds, value, flag, quality, arrived, _ = row
    there = sums.get(series)
    if there is None:
        number, amount = (0, 0.0) if value is None else (1, value)
        sums[series] = [series, start, seconds, value, flag, quality, arrived, start, number, amount, value, value, 0]
        return
    if start >= there[1]:
        there[1:7] = row[1:7]
    elif start < there[7]:
        there[7] = start
    if value is not None:
        there[8] += 1
        there[9] += value
        if there[10] is None or value < there[10]:
            there[10] = value
        if there[11] is None or value > there[11]:
            there[11] = value


def _take_out(there: list[Any], old: Sequence[Any]) -> None:
    if old[3] is not None:
        there[8] -= 1
        there[9] -= old[3]
        there[12] = 1
