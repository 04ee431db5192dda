"""Values inside an entry's data as the database compares, sorts and indexes them."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import CharField, FloatField, Func

from bilan.pack.registers import Field, FieldType

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class Stored(Func):
    """A declared field of an entry's data, written so that the expression index of a declared filter serves it.

    Args:
        name: name of the field; only names that a declaration can have are taken, since it becomes part of the statement.
        numeric: whether it is compared as a number.

    Raises:
        ValueError: the name is none of a field.
    """

    arity = 1

    def __init__(self, name: str, *, numeric: bool = False) -> None:
        if not NAME.match(name):
            raise ValueError(f"{name!r} is no field name")
        self.name, self.numeric = name, numeric
        super().__init__("data", output_field=FloatField() if numeric else CharField())

    @classmethod
    def of(cls, field: Field) -> Stored:
        """The stored value of a declared field."""
        return cls(field.name, numeric=field.numeric or (field.type is FieldType.COMPUTED and field.unit != ""))

    def deconstructible(self) -> tuple[str, bool]:
        """What tells two of them apart."""
        return self.name, self.numeric

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        """JSON path of SQLite."""
        column, values = compiler.compile(self.source_expressions[0])
        return f"json_extract({column}, '$.{self.name}')", values

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        """JSON operator of PostgreSQL."""
        column, values = compiler.compile(self.source_expressions[0])
        return (f"(({column} ->> '{self.name}')::double precision)" if self.numeric else f"({column} ->> '{self.name}')"), values
