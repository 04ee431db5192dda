"""The types of declared columns, as frames have them."""

from __future__ import annotations

from typing import Any

import polars as pl

from bilan.pack.indicators import Table

TYPES: dict[str, Any] = {
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "boolean": pl.Boolean,
    "time": pl.Datetime("us"),
    "geometry": pl.Binary,
}


def type_of(name: str) -> Any:
    """Type of a column that is declared as `name`; lists are declared with ``[]`` behind.

    Examples:
        >>> type_of("number"), type_of("text[]")
        (Float64, List(String))
    """
    return pl.List(TYPES[name.removesuffix("[]")]) if name.endswith("[]") else TYPES[name]


def empty(table: Table) -> pl.DataFrame:
    """A table without rows.

    Examples:
        >>> from bilan.pack.indicators import tables
        >>> empty(tables()["districts"]).shape
        (0, 3)
    """
    return pl.DataFrame(schema={column.name: type_of(column.type) for column in table.columns.values()})
