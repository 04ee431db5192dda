"""What of a register the map service offers; kept apart from pygeoapi, which takes a second to import."""

from __future__ import annotations

from contextvars import ContextVar

from bilan.pack.registers import Field, FieldType
from bilan.registers.ledger import Ledger

LEDGER: ContextVar[Ledger] = ContextVar("ledger")
"""The ledger of the request that is being answered."""
COMMON = {name: {"type": "string"} for name in ("code", "name", "status", "district", "town", "organisation", "valid_from", "valid_to")}
"""Properties that the entries of every register have → JSON Schema."""


def served(field: Field) -> bool:
    """Whether a field is a property of features: tables, files and persons are not."""
    return field.type not in {FieldType.TABLE, FieldType.ATTACHMENT, FieldType.PERSON, FieldType.PARAMETER}
