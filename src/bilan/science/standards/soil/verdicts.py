"""What judging farmland and construction land has in common: values read, classes put together, names joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

import narwhals as nw

from bilan.science.engine import AnyFrame
from bilan.science.standards.water.main_pollutants import joined, with_largest
from bilan.science.standards.water.numbers import read_text, usable

KEPT = 5
"""How many items over their limit are named."""
_TIE = 1e-9


class Entry(Protocol):
    """What both standards' items have."""

    @property
    def column(self) -> str: ...
    @property
    def symbol(self) -> str: ...
    @property
    def confidence(self) -> str: ...


def with_values(data: AnyFrame, columns: Sequence[str]) -> AnyFrame:
    """Add ``_v_<column>``: contents as numbers; a non-detect written as text counts as half of its detection limit."""
    schema = data.collect_schema()
    return data.with_columns(
        (read_text(column) if schema[column] == nw.String else usable(column)).alias(f"_v_{column}") for column in columns
    )


def item_class(value: nw.Expr, screening: nw.Expr, intervention: nw.Expr | None) -> nw.Expr:
    """1 up to the screening value, 2 up to the intervention value, 3 above it; empty without a value or a limit."""
    beyond = (value > screening).cast(nw.Int64) + 1
    if intervention is None:
        return beyond
    return nw.when(value > screening).then(beyond + (value > intervention).cast(nw.Int64)).otherwise(beyond)


def in_force(expression: nw.Expr, effective_from: date, dated: bool) -> nw.Expr:
    """The expression where the row's ``start`` is not before the version; everywhere when rows have no date."""
    if not dated:
        return expression
    begin = datetime(effective_from.year, effective_from.month, effective_from.day)
    return nw.when(nw.col("start") >= nw.lit(begin)).then(expression)


def screening_index(column: str) -> str:
    """Name of the column that holds the content of an item over its screening value."""
    return f"index_{column}"


def put_together(data: AnyFrame, present: Sequence[Entry], graded: Sequence[Entry], standard: str, version: str) -> AnyFrame:
    """Add grade, main, deciding, attained, items, standard, version, valid and unverified from ``class_*`` and ``factor_*``.

    Parameters:
        data: rows with ``class_<column>`` and ``factor_<column>`` of the `present` items.
        present: items that were judged.
        graded: those of them that set the grade.
    """
    classes = {entry.column: nw.col(f"class_{entry.column}") for entry in present}
    none = nw.lit(None).cast(nw.Int64)
    grade = nw.max_horizontal(*[classes[entry.column] for entry in graded]) if graded else none
    measured = [(~one.is_null()).cast(nw.Int64) for one in classes.values()]
    data = data.with_columns(
        grade=grade,
        items=nw.sum_horizontal(*measured),
        attained=nw.max_horizontal(*classes.values()) == 1,
        standard=nw.lit(standard),
        version=nw.lit(version),
        unverified=joined(
            [nw.when(~classes[entry.column].is_null()).then(nw.lit(entry.symbol)) for entry in present if entry.confidence == "memory_only"]
            or [nw.lit(None).cast(nw.String)]
        ),
    )
    worst = nw.col("grade")
    named = [nw.when((classes[entry.column] == worst) & (worst > 1)).then(nw.lit(entry.symbol)) for entry in graded]
    keys = {entry.symbol: nw.col(f"factor_{entry.column}") - position * _TIE for position, entry in enumerate(present)}
    data = data.with_columns(deciding=joined(named or [nw.lit(None).cast(nw.String)]), valid=~worst.is_null())
    return with_largest(data, keys, "main", KEPT)


def drop_helpers(data: AnyFrame) -> AnyFrame:
    """Drop the columns that only the computation needed."""
    helpers: list[Any] = [name for name in data.collect_schema().names() if name.startswith("_")]
    return data.drop(helpers)
