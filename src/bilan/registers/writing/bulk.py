"""Many rows into one table with one prepared statement: the object mapper costs several times what the database does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models

PORTION = 5000
"""Rows sent in one go."""


def numbers(model: type[models.Model], count: int) -> range | list[int]:
    """Primary keys for new rows, taken inside the writing transaction.

    Parameters:
        count: how many.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return [int(row[0]) for row in cursor.fetchall()]
        cursor.execute(
            f"SELECT max(coalesce((SELECT max(id) FROM {table}), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        last = int(cursor.fetchone()[0])
    return range(last + 1, last + 1 + count)


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, over: str = "") -> None:
    """Insert rows given as plain values in the order of `columns` (column names of the database).

    Parameters:
        over: column on whose conflict the other columns are overwritten; empty when there can be none.
    """
    table = model._meta.db_table
    if connection.vendor == "postgresql" and not over:
        _copy(table, columns, rows)
        return
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(columns))})'
    if over:
        kept = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name != over)
        statement += f' ON CONFLICT ("{over}") DO UPDATE SET {kept}'
    source = iter(rows)
    with connection.cursor() as cursor:
        while portion := [[_plain(value) for value in row] for row in islice(source, PORTION)]:
            cursor.executemany(statement, portion)


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value for value in row])


_AS_IT_IS = frozenset({str, int, float, bool, type(None)})


@lru_cache(maxsize=64)
def _moment(value: datetime) -> Any:
    """A moment as the driver takes it; the rows of a change set share theirs."""
    return connection.ops.adapt_datetimefield_value(value)


def _plain(value: Any) -> Any:
    """A value as the driver takes it: JSON as text, moments in UTC as Django keeps them."""
    if value.__class__ in _AS_IT_IS:
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def update(model: type[models.Model], rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write fields of rows that are there already, each row its own values.

    Django's own way builds one expression with a case for each row and field, which costs a hundred times what the database does.

    Parameters:
        names: fields to write; all others stay as they are.
    """
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    statement = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "id" = %s'
    values = ([*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk] for row in rows)
    with connection.cursor() as cursor:
        while portion := list(islice(values, PORTION)):
            cursor.executemany(statement, portion)
