"""What is not verified: every row of the tables that nobody has checked against the text of its standard."""

from __future__ import annotations

import polars as pl

from bilan.science.catalogue.listing import tables
from bilan.science.tables import Row, table

SURE = ("verified_2plus", "verified_1", "derived", "official", "convention", "local", "")
"""Confidences that need no mark."""
_NAMES = ("item_zh", "name_zh", "pollutant", "column", "rule_id", "name", "code", "key")
_NAMES_EN = ("item_en", "name_en", "pollutant", "column", "rule_id", "name", "code", "key")


def unverified(medium: str = "") -> pl.DataFrame:
    """List the rows of recollection.

    Parameters:
        medium: only tables of this medium.

    Returns:
        Frame of ``table``, ``medium``, ``row`` (line of the file), ``what_zh``, ``what_en``, ``value``, ``standard``, ``clause``,
        ``confidence``, ``note``.

    Examples:
        >>> found = unverified("surface_water")
        >>> set(found["confidence"]) <= {"memory_only", "unverified", "assumed"}
        True
    """
    found = [
        {
            "table": entry.name,
            "medium": entry.medium,
            "row": number,
            "what_zh": _what(row, _NAMES),
            "what_en": _what(row, _NAMES_EN),
            "value": " · ".join(row[column] for column in entry.values if row.get(column)),
            "standard": " ".join(part for part in (row.get("standard") or row.get("source", ""), row.get("version", "")) if part),
            "clause": row.get("clause", ""),
            "confidence": row["confidence"],
            "note": row.get("note", ""),
        }
        for entry in tables()
        if medium in {"", entry.medium}
        for number, row in enumerate(table(entry.name), start=2)
        if row.get("confidence", "") not in SURE
    ]
    columns = ("table", "medium", "row", "what_zh", "what_en", "value", "standard", "clause", "confidence", "note")
    return pl.DataFrame(found, schema={column: pl.Int64 if column == "row" else pl.String for column in columns})


def _what(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
