"""Review as an append-only record: raw values stay, amendments are laid over them when they are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry import clock
from bilan.telemetry.store.database import Database

INVALIDATED = "RM"
"""Flag of a value that a review declared invalid; the mark of the national air network for the same."""

LEVELS = ("raw", "flagged", "reviewed", "final")


class AmendmentKind(StrEnum):
    """What an amendment does to the values in its span."""

    REPLACE = "replace"
    INVALIDATE = "invalidate"
    RESTORE = "restore"
    FLAG = "flag"
    REVIEW = "review"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One decision about the values of a series with begin ≤ start < end.

    Attributes:
        kind: one of `AmendmentKind`: put `value` in place, declare invalid, go back to raw, put `flag` in place, say that somebody
            looked, close for good.
        who, why: who decided and the reason; both must be said.
        made: when [s of the wall clock]; filled in when 0.
        value, flag: the new value or mark, where the kind needs it.
        rule: the automatic rule that decided; empty when a person did.
        id: given by the store.
    """

    series: int
    begin: int
    end: int
    kind: str
    who: str
    why: str
    made: int = 0
    value: float | None = None
    flag: str = ""
    rule: str = ""
    id: int = 0


_SCHEMA: dict[str, Any] = {
    "id": pl.Int64,
    "series": pl.Int64,
    "begin": pl.Int64,
    "end": pl.Int64,
    "kind": pl.String,
    "new_value": pl.Float64,
    "new_flag": pl.String,
    "rule": pl.String,
}
_COLUMNS = "id, series, begin_start, end_start, kind, value, flag, who, made, why, rule"


class Amendments:
    """The table `amendment`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, amendments: Sequence[Amendment], now: int) -> list[int]:
        """Append decisions after checking them.

        Raises:
            BilanError: unknown kind, empty span, nobody or no reason named, or the span is final.
        """
        for amendment in amendments:
            _check(amendment)
        sql = (
            "INSERT INTO amendment (series, begin_start, end_start, kind, value, flag, who, made, why, rule) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
        )
        ids = []
        with self._database.transaction():
            for entry in amendments:
                self._refuse_final(entry)
                row = (
                    entry.series,
                    entry.begin,
                    entry.end,
                    entry.kind,
                    entry.value,
                    entry.flag,
                    entry.who,
                    entry.made or now,
                    entry.why,
                    entry.rule,
                )
                ids.append(int(self._database.query(sql, row)[0][0]))
        return ids

    def list(self, series: Collection[int] | None = None, begin: int | None = None, end: int | None = None) -> list[Amendment]:
        """Decisions about these series that touch begin ≤ start < end, oldest first."""
        where, params = self._condition(series, begin, end)
        rows = self._database.query(f"SELECT {_COLUMNS} FROM amendment WHERE {where} ORDER BY id", params)
        return [
            Amendment(number, first, last, kind, who, why, made, value, flag, rule, id=key)
            for key, number, first, last, kind, value, flag, who, made, why, rule in rows
        ]

    def _condition(self, series: Collection[int] | None, begin: int | None, end: int | None) -> tuple[str, Sequence[Any]]:
        where = ["1 = 1"]
        params: list[Any] = []
        if series is not None:
            condition, params = self._database.any_of("series", series)
            where.append(condition)
        if begin is not None:
            where.append("end_start > ?")
            params.append(begin)
        if end is not None:
            where.append("begin_start < ?")
            params.append(end)
        return " AND ".join(where), params

    def _refuse_final(self, entry: Amendment) -> None:
        if entry.kind == AmendmentKind.RESTORE:
            return
        kinds = (AmendmentKind.FINAL, AmendmentKind.RESTORE)
        earlier = [other for other in self.list([entry.series], entry.begin, entry.end) if other.kind in kinds]
        for place, closed in enumerate(earlier):
            begin, end = max(closed.begin, entry.begin), min(closed.end, entry.end)
            opened = any(
                other.kind == AmendmentKind.RESTORE and other.begin <= begin and end <= other.end for other in earlier[place + 1 :]
            )
            if closed.kind == AmendmentKind.FINAL and not opened:
                span = {"series": entry.series, "begin": clock.moment(begin), "end": clock.moment(end)}
                raise BilanError(Problem("store.amendment_final", span))

    def apply(self, frame: pl.DataFrame, level: str) -> pl.DataFrame:
        """Lay the decisions over raw values (columns series, start, value, flag) as `level` asks."""
        if level not in LEVELS:
            raise BilanError(Problem("store.unknown_level", {"value": level, "allowed": list(LEVELS), "nearest": nearest(level, LEVELS)}))
        if level == "raw" or not frame.height:
            return frame
        decisions = self._touching(frame, level)
        if not decisions.height:
            return frame.clear() if level == "final" else frame
        effects = _effects(frame, decisions)
        joined = frame.join(effects, on=["series", "start"], how="left", maintain_order="left")
        if level == "final":
            joined = joined.filter(pl.col("is_final").fill_null(value=False))
        return joined.with_columns(
            pl.when(pl.col("has_value").fill_null(value=False)).then(pl.col("new_value")).otherwise(pl.col("value")).alias("value"),
            pl.coalesce("new_flag", "flag").alias("flag"),
        ).select(frame.columns)

    def _touching(self, frame: pl.DataFrame, level: str) -> pl.DataFrame:
        begin, end = frame["start"].min(), frame["start"].max()
        where, params = self._condition(None, begin, end + 1)  # type: ignore[operator,arg-type]
        sql = f"SELECT id, series, begin_start, end_start, kind, value, flag, rule FROM amendment WHERE {where} ORDER BY id"
        found = self._database.frame(sql, params, _SCHEMA)
        return found.filter(pl.col("rule") != "") if level == "flagged" else found


def _effects(frame: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """What the decisions add up to for each value they touch: everything since the last `restore`, in order."""
    valued = pl.col("kind").is_in([AmendmentKind.REPLACE, AmendmentKind.INVALIDATE])
    flagged = valued | (pl.col("kind") == AmendmentKind.FLAG)
    mark = (
        pl.when(pl.col("kind") == AmendmentKind.INVALIDATE)
        .then(pl.lit(INVALIDATED))
        .when((pl.col("kind") == AmendmentKind.REPLACE) & (pl.col("new_flag") == ""))
        .then(pl.lit("N"))
        .otherwise(pl.col("new_flag"))
    )
    number = pl.when(pl.col("kind") == AmendmentKind.REPLACE).then(pl.col("new_value"))
    touched = frame.lazy().select("series", "start").join(decisions.lazy(), on="series")
    touched = touched.filter(pl.col("begin") <= pl.col("start"), pl.col("start") < pl.col("end"))
    restored = pl.when(pl.col("kind") == AmendmentKind.RESTORE).then(pl.col("id")).max().over("series", "start").fill_null(-1)
    standing = touched.with_columns(mark.alias("new_flag"), number.alias("new_value"), restored.alias("restored"))
    standing = standing.filter(pl.col("id") > pl.col("restored")).sort("id")
    return (
        standing.group_by("series", "start", maintain_order=True)
        .agg(
            valued.any().alias("has_value"),
            pl.col("new_value").filter(valued).last(),
            pl.col("new_flag").filter(flagged).last(),
            (pl.col("kind") == AmendmentKind.FINAL).any().alias("is_final"),
        )
        .collect()
    )


def _check(amendment: Amendment) -> None:
    kinds = [str(kind) for kind in AmendmentKind]
    if amendment.kind not in kinds:
        values = {"value": amendment.kind, "allowed": kinds, "nearest": nearest(amendment.kind, kinds)}
        raise BilanError(Problem("store.amendment_kind", values))
    if not amendment.who.strip() or not amendment.why.strip():
        raise BilanError(Problem("store.amendment_reason", {"who": amendment.who, "why": amendment.why}))
    if amendment.begin >= amendment.end:
        raise BilanError(Problem("store.amendment_empty", {"begin": clock.moment(amendment.begin), "end": clock.moment(amendment.end)}))
