"""JSON Schema of declarations for editors, from the table of keys that the reader goes by."""

from __future__ import annotations

from typing import Any

from bilan.pack.registers.keys import COLUMN_KEYS, COLUMN_TYPES, Key, keys

_TEXT: dict[str, Any] = {"type": "string"}
_KINDS: dict[str, dict[str, Any]] = {
    "text": _TEXT,
    "name": {"type": "string", "pattern": "^[a-z][a-z0-9_-]*$"},
    "bilingual": {"type": "string", "pattern": "^.+ · .+$"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "texts": {"type": "array", "items": _TEXT},
    "expression": _TEXT,
    "flag or expression": {"type": ["boolean", "string"]},
    "pattern": {"type": "string", "format": "regex"},
    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "colour": {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"},
    "icon": _TEXT,
    "value": {"type": ["string", "number", "boolean"]},
}
_INNER = {
    ("register", "states"): "state",
    ("register", "style"): "style",
    ("register", "list"): "list",
    ("register", "series"): "series",
    ("register", "sections"): "section",
    ("register", "rules"): "rule",
    ("register", "zone"): "zone",
    ("register", "code"): "code",
    ("section", "fields"): "field",
    ("field", "columns"): "column",
    ("zone", "rules"): "activity",
    ("list-rule", "criteria"): "criterion",
}
"""Key of a mapping → mapping that stands under it."""


def json_schema(kind: str = "register") -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a register, a zone or a list rule.

    Args:
        kind: ``register`` (zones too) or ``list-rule``.

    Examples:
        >>> json_schema()["properties"]["geometry"]["enum"]
        ['none', 'point', 'line', 'polygon', 'any']
    """
    tables = keys()
    definitions = {name: _mapping(name, entries) for name, entries in tables.items()}
    columns = {name: entry for name, entry in tables["field"].items() if name in COLUMN_KEYS}
    definitions["column"] = _mapping("field", columns)
    definitions["column"]["properties"]["type"]["enum"] = list(COLUMN_TYPES)
    top = definitions.pop(kind)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"bilan {kind}", **top, "$defs": definitions}


def _mapping(table: str, entries: dict[str, Key]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [entry.name for entry in entries.values() if entry.needed],
        "properties": {entry.name: _value(table, entry) for entry in entries.values()},
    }


def _value(table: str, entry: Key) -> dict[str, Any]:
    about = {"description": f"{entry.about.zh} · {entry.about.en}"}
    inner = {"$ref": f"#/$defs/{_INNER[table, entry.name]}"} if (table, entry.name) in _INNER else {}
    if entry.kind == "mappings":
        return {"type": "array", "items": inner, **({"minItems": 1} if entry.needed else {}), **about}
    if entry.kind == "mapping":
        return {**inner, **about}
    if entry.kind == "text or mapping":
        return {"anyOf": [_TEXT, inner], **about}
    return {**_KINDS[entry.kind], **({"enum": list(entry.allowed)} if entry.allowed else {}), **about}
