"""What a form sent, as raw values by field: the write service makes of them what is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.http import QueryDict

from bilan.pack.registers import Field, FieldType, Register
from bilan.problems import BilanError
from bilan.registers import attachments
from bilan.registers.models import Entry
from bilan.tabular.places.parsing import Location, read_location

COMMON = ("name", "aliases", "status", "district", "town", "organisation", "valid_from", "valid_to", "geometry")
PARAMETER = ("parameter", "limit", "unit", "clause")
PERSON = ("name", "phone")
MOST_ROWS = 1000
_SEPARATOR = re.compile(r"[\n;；]+")


def values_of(register: Register, post: QueryDict, names: Collection[str], entry: Entry | None, person: Any) -> dict[str, Any]:
    """Raw values of the fields `names` and of what every entry has; what was left empty is None.

    Parameters:
        entry: the entry that is changed; None for a new one.
        person: who sent it, for the files they brought.
    """
    found = {name: common_value(name, post) for name in COMMON if name != "geometry" or register.mapped}
    for name in names:
        field = register.fields[name]
        if field.type is FieldType.ATTACHMENT:
            numbers = [int(text) for text in post.getlist(name) if text.isascii() and text.isdigit()]
            found[name] = attachments.references(numbers, register.name, name, entry, person) or None
        else:
            found[name] = value_of(field, post, name)
    return found


def common_value(name: str, post: QueryDict) -> Any:
    """One value that every entry has."""
    text = post.get(name, "").strip()
    if name == "aliases":
        return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
    if name == "geometry":
        return geometry_of(text)
    return text or None


def geometry_of(text: str) -> Any:
    """A geometry as the map sends it (GeoJSON) or as people write coordinates; what is neither stays text and will be refused."""
    text = text.strip()
    if not text:
        return None
    if text.startswith("{"):
        try:
            return json.loads(text[:2_000_000])
        except (ValueError, RecursionError):
            return text
    try:
        found = read_location(text[:200])
    except BilanError:
        return text
    return {"type": "Point", "coordinates": [round(found.lon, 7), round(found.lat, 7)]} if isinstance(found, Location) else text


def value_of(field: Field, post: QueryDict, key: str) -> Any:
    """The raw value of a declared field."""
    match field.type:
        case FieldType.PERSON:
            parts = {part: post.get(f"{key}.{part}", "").strip() for part in PERSON}
            return parts if any(parts.values()) else None
        case FieldType.PERIOD:
            ends = [post.get(f"{key}.from", "").strip() or None, post.get(f"{key}.to", "").strip() or None]
            return ends if any(ends) else None
        case FieldType.PARAMETER:
            rows = [row for row in rows_of(post, key, PARAMETER) if row["parameter"] or row["limit"]]
            return (rows or None) if field.many else (rows[0] if rows else None)
        case FieldType.TABLE:
            rows = [_row(field, row) for row in rows_of(post, key, [column.name for column in field.columns])]
            return [row for row in rows if row] or None
    if field.many:
        return [text for text in post.getlist(key) if text.strip()] or None
    text = post.get(key, "")
    return (text if field.type is FieldType.LONG else text.strip()) or None


def rows_of(post: QueryDict, key: str, columns: Iterable[str]) -> list[dict[str, str]]:
    """Rows of a table in the order in which they stood: keys are ``FIELD[ROW].COLUMN`` with any numbers for rows."""
    pattern = re.compile(re.escape(key) + r"\[(\w{1,12})\]\.")
    known = list(columns)
    order = list(dict.fromkeys(found[1] for name in post if (found := pattern.match(name))))[:MOST_ROWS]
    return [{column: post.get(f"{key}[{row}].{column}", "").strip() for column in known} for row in order]


def _row(field: Field, row: Mapping[str, str]) -> dict[str, Any]:
    types = {column.name: column for column in field.columns}
    found: dict[str, Any] = {}
    for name, text in row.items():
        if text:
            found[name] = {"parameter": text} if types[name].type is FieldType.PARAMETER else text
    return found
