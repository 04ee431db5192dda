"""The keys a declaration may have: one table that the reader, the editors' schema and the reference page are made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bilan.pack.loader import base, read_csv
from bilan.pack.registers.words import Bilingual


@dataclass(frozen=True, slots=True)
class Key:
    """One key.

    Attributes:
        kind: what its value is: ``name``, ``text``, ``bilingual``, ``expression``, ``texts`` …
        needed: whether it must be there.
        allowed: values it may have; empty for any.
        types: field types it makes sense for; empty for all.
    """

    name: str
    kind: str
    needed: bool
    allowed: tuple[str, ...]
    types: tuple[str, ...]
    about: Bilingual


COLUMN_TYPES = ("text", "long", "integer", "decimal", "date", "period", "boolean", "choice", "parameter", "district", "url", "computed")
"""Types a column of a table may have."""
COLUMN_KEYS = frozenset(
    {"name", "type", "title", "help", "unit", "decimals", "min", "max", "of", "many", "required", "visible", "default", "aliases"}
    | {"formula", "pattern", "check"}
)
"""Keys a column of a table may have."""


@cache
def keys(folder: str = "registers") -> dict[str, dict[str, Key]]:
    """Keys by the mapping they stand in: ``register``, ``field``, ``state``, ``zone`` …

    Args:
        folder: folder of the base pack whose declarations they belong to.

    Examples:
        >>> keys()["register"]["geometry"].allowed
        ('none', 'point', 'line', 'polygon', 'any')
    """
    tables: dict[str, dict[str, Key]] = {}
    for row in read_csv(base(folder, "keys.csv"), ("table", "key", "kind", "needed", "allowed", "types", "zh", "en")):
        allowed, types = (tuple(part for part in row[name].split("|") if part) for name in ("allowed", "types"))
        entry = Key(row["key"], row["kind"], row["needed"] == "yes", allowed, types, Bilingual(row["zh"], row["en"]))
        tables.setdefault(row["table"], {})[entry.name] = entry
    return tables
