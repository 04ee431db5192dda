"""Expression indexes of the declared filters, brought in line with the declarations when a city is started, never in a request."""

from __future__ import annotations

import hashlib

from django.db import connection

from bilan.pack.registers import Registers
from bilan.registers import filtering
from bilan.registers.stored import expression, kind_of

PREFIX = "register_filter_"


def wanted(declared: Registers) -> dict[str, str]:
    """Name and statement of every index that the declared filters ask for."""
    statements = {}
    for register in declared.registers.values():
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
        if missing and connection.vendor == "sqlite":
            cursor.execute("ANALYZE registers_entry")
    return len(missing), len(standing - statements.keys())
