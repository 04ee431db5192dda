"""Writing many rows at once where Django's own way would take a statement of a thousand parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import connection, models

Item = TypeVar("Item")
LOCK = 0x616C_6572
"""Number of the lock under which PostgreSQL lets one process at a time turn findings into episodes; SQLite lets one write anyway."""


def one_at_a_time() -> None:
    """Wait until no other process changes episodes; holds until the open transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def update(rows: Iterable[models.Model], names: Sequence[str]) -> None:
    """Write some fields of many rows of one table, in one statement that is run for each.

    Parameters:
        names: of the fields.
    """
    changed = list(rows)
    if not changed:
        return
    meta = type(changed[0])._meta
    fields = [meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {quote(meta.pk.column)} = %s"
    values = [(*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk) for row in changed]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
