"""Entries as a typed table: one type a column, whatever the entries of the day hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from bilan.pack.registers import Field, FieldType, Register

_COMMON: dict[str, Any] = {
    "code": pl.String,
    "name": pl.String,
    "aliases": pl.List(pl.String),
    "status": pl.String,
    "district": pl.String,
    "town": pl.String,
    "organisation": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
    "geometry": pl.String,
    "completeness": pl.Int64,
    "changed": pl.Datetime("us"),
}
_TYPES: dict[FieldType, Any] = {
    FieldType.INTEGER: pl.Int64,
    FieldType.DECIMAL: pl.Float64,
    FieldType.DATE: pl.Date,
    FieldType.BOOLEAN: pl.Boolean,
    FieldType.PERIOD: pl.List(pl.Date),
}
_PLAIN = {FieldType.TEXT, FieldType.LONG, FieldType.CHOICE, FieldType.LINK, FieldType.ORGANISATION, FieldType.DISTRICT, FieldType.URL}


def column_type(register: Register, name: str) -> Any:
    """Type of a column: what a field declares, text (JSON) for what has parts."""
    field = register.fields.get(name)
    if field is None:
        return _COMMON[name]
    if field.type is FieldType.COMPUTED:
        return pl.Float64 if field.unit or field.decimals is not None else pl.String
    if field.type in _PLAIN:
        return pl.List(pl.String) if field.many else pl.String
    return _TYPES.get(field.type, pl.String)


def typed_frame(register: Register, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a frame with the types that the register declares; what does not fit its type is left empty."""
    schema = {name: column_type(register, name) for name in names}
    readers = {name: _reader(kind, register.fields.get(name)) for name, kind in schema.items()}
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for row in rows:
        for name, values in columns.items():
            value = row.get(name)
            values.append(None if value is None else readers[name](value))
    return pl.DataFrame(columns, schema=schema)


def _reader(kind: Any, field: Field | None) -> Callable[[Any], Any]:
    if kind == pl.Float64:
        return lambda value: float(value) if isinstance(value, int | float) else None
    if kind == pl.Int64:
        return lambda value: int(value) if isinstance(value, int | float) else None
    if kind == pl.Boolean:
        return lambda value: value if isinstance(value, bool) else None
    if kind == pl.Date:
        return _date
    if kind == pl.List(pl.Date):
        return lambda value: [_date(day) for day in value] if isinstance(value, list) else None
    if kind == pl.List(pl.String):
        return lambda value: [str(part) for part in value] if isinstance(value, list) else [str(value)]
    if kind == pl.Datetime("us"):
        return lambda value: value if isinstance(value, datetime) else None
    return lambda value: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
