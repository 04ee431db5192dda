"""The tables of the lake: their columns, their key, and which of two rows with the same key is the later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from bilan.problems import BilanError, Problem, nearest

ROLLED_UP = -1
"""`source` of a value that the roll-up computed; a value that a device reported itself always wins over it."""

OBSERVATION_SCHEMA: dict[str, Any] = {
    "series": pl.Int64,
    "start": pl.Int64,
    "seconds": pl.Int32,
    "value": pl.Float64,
    "flag": pl.String,
    "quality": pl.Int32,
    "arrived": pl.Int64,
    "source": pl.Int64,
}
VERDICT_SCHEMA: dict[str, Any] = {
    "method": pl.String,
    "point": pl.String,
    "start": pl.Int64,
    "seconds": pl.Int32,
    "value": pl.Float64,
    "grade": pl.Int32,
    "main": pl.String,
    "standard": pl.String,
    "version": pl.String,
    "detail": pl.String,
    "valid": pl.Boolean,
    "computed": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table of the lake.

    Attributes:
        schema: columns and their types, in order.
        key: columns that name a row; rows are sorted by them.
        age: expressions that order the versions of a row, oldest first.
        defaults: values of columns that a frame may leave out.
    """

    name: str
    schema: Mapping[str, Any]
    key: tuple[str, ...]
    age: tuple[pl.Expr, ...]
    defaults: Mapping[str, Any]
    stamp: str

    def empty(self) -> pl.DataFrame:
        """A frame with the columns and no row."""
        return pl.DataFrame(schema=dict(self.schema))

    def prepare(self, frame: pl.DataFrame, kind: str, stamp: int) -> pl.DataFrame:
        """Bring `frame` into the columns and types of the dataset; Datetime columns become seconds of the wall clock.

        Raises:
            BilanError: a column is missing.
        """
        given = {**self.defaults, self.stamp: stamp, "method": kind}
        columns = []
        for name, kind_of in self.schema.items():
            if name in frame.columns:
                column = pl.col(name)
                column = column.dt.epoch("s") if frame.schema[name].is_temporal() else column
                columns.append((column.fill_null(given[name]) if name in given else column).cast(kind_of).alias(name))
            elif name in given:
                columns.append(pl.lit(given[name], dtype=kind_of).alias(name))
            else:
                raise BilanError(Problem("store.missing_column", {"value": name, "given": frame.columns}))
        prepared = frame.select(columns)
        return prepared.with_columns(pl.when(pl.col("value").is_finite()).then(pl.col("value")).alias("value"))

    def newest(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Keep the latest version of each row, sorted by key; of equally old ones the last given."""
        if self._is_in_order(rows):
            return rows
        ages = {f"_age{place}": expression for place, expression in enumerate(self.age)}
        ordered = rows.with_columns(**ages).sort([*self.key, *ages], maintain_order=True).drop(ages)
        last_of_its_key = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(-1)) for name in self.key)
        return ordered.filter(last_of_its_key)

    def _is_in_order(self, rows: pl.DataFrame) -> bool:
        """Whether each key is greater than the one before; nothing has to be sorted or dropped then."""
        outer, inner = (pl.col(name) for name in self.key)
        greater = (outer > outer.shift()) | ((outer == outer.shift()) & (inner > inner.shift()))
        return bool(rows.select(greater.fill_null(value=True).all()).item())


OBSERVATION = Dataset(
    "observation",
    OBSERVATION_SCHEMA,
    ("series", "start"),
    (pl.col("source") != ROLLED_UP, pl.col("arrived")),
    {"flag": "N", "quality": 0, "source": 0},
    "arrived",
)
VERDICT = Dataset(
    "verdict",
    VERDICT_SCHEMA,
    ("point", "start"),
    (pl.col("computed"),),
    {"main": "", "standard": "", "version": "", "detail": "{}", "valid": True},
    "computed",
)
_KNOWN = {"observation": OBSERVATION, "verdict": VERDICT}


def dataset_named(name: str) -> Dataset:
    """The dataset with this name.

    Raises:
        BilanError: there is none; the message names the nearest.
    """
    if name not in _KNOWN:
        allowed = list(_KNOWN)
        raise BilanError(Problem("value.unknown_choice", {"value": name, "allowed": allowed, "nearest": nearest(name, allowed)}))
    return _KNOWN[name]
