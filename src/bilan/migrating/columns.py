"""How values of an SQLite column are written to PostgreSQL, and the one form in which both sides are compared."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LENGTH = re.compile(r"(?:var)?char\((\d+)\)")
_RANGES = {"smallint": 2**15, "smallint unsigned": 2**15, "integer": 2**31, "integer unsigned": 2**31}
_WHOLE = frozenset({*_RANGES, "bigint", "bigint unsigned"})
_REAL = frozenset({"real", "double precision", "float"})


class Kind(StrEnum):
    """How a column's values are kept."""

    PLAIN = "plain"
    WHOLE = "whole"
    REAL = "real"
    TEXT = "text"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    JSON = "json"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        limit: of text, the characters it may have; of whole numbers, the first number that is too great; 0 for none.
    """

    name: str
    kind: Kind
    limit: int = 0

    @property
    def compared(self) -> str:
        """What PostgreSQL is asked for, so that `canonical` can compare it."""
        quoted = f'"{self.name}"'
        if self.kind is Kind.MOMENT:
            return f"(extract(epoch FROM {quoted}) * 1000000)::bigint"
        return f"{quoted}::text" if self.kind in {Kind.JSON, Kind.PLAIN} else quoted


def column_of(name: str, declared: str, *, key: bool, json_checked: bool) -> Column:
    """Read a column's declaration.

    Parameters:
        declared: its type as SQLite's catalogue says it.
        key: whether it is the number of the row, which is 64 bits wide on PostgreSQL.
        json_checked: whether SQLite checks that it is JSON.

    Examples:
        >>> column_of("name", "varchar(200)", key=False, json_checked=False)
        Column(name='name', kind=<Kind.TEXT: 'text'>, limit=200)
        >>> column_of("data", "text", key=False, json_checked=True).kind
        <Kind.JSON: 'json'>
    """
    kind = declared.lower()
    if json_checked:
        return Column(name, Kind.JSON)
    if kind in _WHOLE:
        return Column(name, Kind.WHOLE, 2**63 if key else _RANGES.get(kind, 2**63))
    if kind in _REAL:
        return Column(name, Kind.REAL)
    if kind == "text" or _LENGTH.fullmatch(kind):
        length = _LENGTH.fullmatch(kind)
        return Column(name, Kind.TEXT, int(length[1]) if length else 0)
    return Column(name, {"bool": Kind.BOOLEAN, "datetime": Kind.MOMENT, "blob": Kind.BYTES}.get(kind, Kind.PLAIN))


def fault(column: Column, value: Any) -> str:
    """Why PostgreSQL cannot hold a value that SQLite holds; empty when it can.

    Examples:
        >>> fault(Column("code", Kind.TEXT, 4), "35050")
        'length 5 > 4'
        >>> fault(Column("level", Kind.WHOLE, 2**15), 12)
        ''
    """
    if value is None:
        return ""
    return _FAULTS[column.kind](column, value)


def _text_fault(column: Column, value: Any) -> str:
    if not isinstance(value, str):
        return f"{type(value).__name__}, not text"
    if "\x00" in value:
        return "NUL"
    return f"length {len(value)} > {column.limit}" if column.limit and len(value) > column.limit else ""


def _whole_fault(column: Column, value: Any) -> str:
    if not isinstance(value, int):
        return f"{type(value).__name__}, not a whole number"
    return f"{value} ≥ {column.limit}" if not -column.limit <= value < column.limit else ""


def _json_fault(_column: Column, value: Any) -> str:
    try:
        json.loads(value, parse_constant=_refused)
    except (TypeError, ValueError) as error:
        return str(error)
    return "NUL" if "\\u0000" in value.replace("\\\\", "") else ""


def _moment_fault(_column: Column, value: Any) -> str:
    try:
        _moment(value)
    except (TypeError, ValueError) as error:
        return str(error)
    return ""


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


_FAULTS: dict[Kind, Callable[[Column, Any], str]] = {
    Kind.PLAIN: lambda _column, value: "NUL" if isinstance(value, str) and "\x00" in value else "",
    Kind.WHOLE: _whole_fault,
    Kind.REAL: lambda _column, value: "" if isinstance(value, int | float) else f"{type(value).__name__}, not a number",
    Kind.TEXT: _text_fault,
    Kind.BOOLEAN: lambda _column, value: "" if value in {0, 1} else f"{value!r}, not 0 or 1",
    Kind.MOMENT: _moment_fault,
    Kind.JSON: _json_fault,
    Kind.BYTES: lambda _column, value: "" if isinstance(value, bytes) else f"{type(value).__name__}, not bytes",
}


def sent(column: Column, value: Any) -> Any:
    """A value of SQLite as PostgreSQL takes it: truth values as such, moments in UTC.

    Examples:
        >>> sent(Column("archived", Kind.BOOLEAN), 1)
        True
        >>> sent(Column("made", Kind.MOMENT), "2026-03-01 08:00:00").isoformat()
        '2026-03-01T08:00:00+00:00'
    """
    if value is None:
        return None
    if column.kind is Kind.BOOLEAN:
        return bool(value)
    return _moment(value) if column.kind is Kind.MOMENT else value


def canonical(column: Column, value: Any) -> Any:
    """A value as both sides are compared by, whichever it came from.

    Examples:
        >>> canonical(Column("data", Kind.JSON), '{"b": 1.0, "a": "中"}') == canonical(Column("data", Kind.JSON), '{"a":"中","b":1}')
        True
        >>> canonical(Column("made", Kind.MOMENT), "2026-03-01 08:00:00.25")
        1772352000250000
    """
    if value is None:
        return None
    if column.kind is Kind.JSON:
        return json.dumps(_same(json.loads(value)), ensure_ascii=False, sort_keys=True)
    if column.kind is Kind.MOMENT:
        return (_moment(value) - EPOCH) // timedelta(microseconds=1) if isinstance(value, str) else int(value)
    if column.kind is Kind.REAL:
        return float(value) + 0.0
    if column.kind is Kind.BYTES:
        return bytes(value)
    return bool(value) if column.kind is Kind.BOOLEAN else str(value) if column.kind is Kind.PLAIN else value


def _same(value: Any) -> Any:
    """JSON with whole numbers written without a fraction: PostgreSQL keeps their value, not how they were written."""
    if isinstance(value, float):
        # By its shortest digits, which is what was written: 1e23 is not the whole number nearest to its binary form.
        return int(Decimal(repr(value))) if math.isfinite(value) and value.is_integer() else value
    if isinstance(value, list):
        return [_same(part) for part in value]
    return {name: _same(part) for name, part in value.items()} if isinstance(value, dict) else value


def _moment(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
