"""Expression indexes of the declared filters of large registers.

Every index costs each insert of every register a few microseconds, and a register of some thousand entries is read as a whole in a few
milliseconds, so only large registers have them. They are brought in line when a city is started and after a bulk load, never for a page.
"""

from __future__ import annotations

import hashlib

from django.db import connection
from django.db.models import Count

from bilan.pack.registers import Registers
from bilan.registers import filtering
from bilan.registers.models import Entry
from bilan.registers.stored import expression, kind_of

PREFIX = "register_filter_"
LARGE = 10_000
"""Entries from which on a register's filters are indexed."""


def wanted(declared: Registers) -> dict[str, str]:
    """Name and statement of every index that the declared filters of large registers ask for."""
    statements = {}
    counted = Entry.objects.values_list("register").annotate(count=Count("pk")).filter(count__gte=LARGE)
    large = [declared.registers[name] for name, _count in counted if name in declared.registers]
    for register in large:
        for field in filtering.filters_of(register):
            value = expression(connection.vendor, field.name, kind_of(field))
            body = f"ON registers_entry ({value}, code) WHERE register = '{register.name}'"
            digest = hashlib.sha256(body.encode()).hexdigest()[:20]
            statements[PREFIX + digest] = f"CREATE INDEX IF NOT EXISTS {PREFIX}{digest} {body}"
    return statements


def align(declared: Registers) -> tuple[int, int]:
    """Make the indexes that are missing and drop those that no filter asks for any more.

    Returns:
        How many were made and dropped.
    """
    statements = wanted(declared)
    with connection.cursor() as cursor:
        standing = {name for name in connection.introspection.get_constraints(cursor, "registers_entry") if name.startswith(PREFIX)}
        for name in sorted(standing - statements.keys()):
            cursor.execute(f"DROP INDEX {name}")
        missing = sorted(statements.keys() - standing)
        for name in missing:
            cursor.execute(statements[name])
        if missing:
            cursor.execute("ANALYZE registers_entry")
            cursor.execute("ANALYZE registers_revision")
    return len(missing), len(standing - statements.keys())
