"""Values inside an entry's data as the database compares, sorts and indexes them."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import BooleanField, CharField, FloatField, Func

from bilan.pack.registers import Field, FieldType

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


KINDS: dict[str, tuple[type[Any], str]] = {
    "text": (CharField, ""),
    "number": (FloatField, "::double precision"),
    "boolean": (BooleanField, "::boolean"),
}
"""How a value is compared → Django's field, and PostgreSQL's cast."""


class Stored(Func):
    """A declared field of an entry's data, written so that the expression index of a declared filter serves it.

    Args:
        name: name of the field; only names that a declaration can have are taken, since it becomes part of the statement.
        kind: ``text``, ``number`` or ``boolean``.
        place: of a list, which member; None for the value itself.

    Raises:
        ValueError: the name is none of a field.
    """

    arity = 1

    def __init__(self, name: str, kind: str = "text", place: int | None = None) -> None:
        if not NAME.match(name):
            raise ValueError(f"{name!r} is no field name")
        self.name, self.kind, self.place = name, kind, place
        super().__init__("data", output_field=KINDS[kind][0]())

    @classmethod
    def of(cls, field: Field) -> Stored:
        """The stored value of a declared field."""
        return cls(field.name, kind_of(field))

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        """JSON path of SQLite."""
        column, values = compiler.compile(self.source_expressions[0])
        return expression("sqlite", self.name, self.kind, column, self.place), values

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        """JSON operator of PostgreSQL."""
        column, values = compiler.compile(self.source_expressions[0])
        return expression("postgresql", self.name, self.kind, column, self.place), values


def kind_of(field: Field) -> str:
    """How a field's values are compared."""
    if field.numeric or (field.type is FieldType.COMPUTED and (field.unit != "" or field.decimals is not None)):
        return "number"
    return "boolean" if field.type is FieldType.BOOLEAN else "text"


def expression(vendor: str, name: str, kind: str, column: str = "data", place: int | None = None) -> str:
    """The statement's part that takes a value out of the data; indexes and queries must write it alike.

    Examples:
        >>> expression("sqlite", "flow", "number")
        "json_extract(data, '$.flow')"
        >>> expression("postgresql", "flow", "number")
        "((data ->> 'flow')::double precision)"
    """
    if vendor == "sqlite":
        return f"json_extract({column}, '$.{name}{'' if place is None else f'[{place}]'}')"
    value = f"{column} ->> '{name}'" if place is None else f"{column} -> '{name}' ->> {place}"
    return f"(({value}){KINDS[kind][1]})"
