"""Limits that hold for an entry: its own, and those of permits and other entries that point to it or to what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bilan.pack.registers import Field, FieldType, Register
from bilan.registers.computing import codes_of
from bilan.registers.dossier.model import Limit, Permit
from bilan.registers.ledger import Ledger, Record
from bilan.registers.saying import EMPTY, Grid, Speaker


def limit_fields(register: Register) -> list[Field]:
    """Fields that hold limits: parameters, and tables with a column of them."""
    return [
        field
        for field in register.fields.values()
        if field.type is FieldType.PARAMETER
        or (field.type is FieldType.TABLE and any(column.type is FieldType.PARAMETER for column in field.columns))
    ]


def permits(ledger: Ledger, speaker: Speaker, record: Record, others: Iterable[Record]) -> list[Permit]:
    """Entries among `others` that set limits, each with what it says about this entry."""
    found = []
    for other in others:
        register = ledger.declared.registers[other.register]
        fields = limit_fields(register)
        if not fields:
            continue
        values = ledger.values(other)
        speaker.learn(register, [values])
        grids = [(speaker.words(field.title), grid) for field in fields if (grid := _grid(speaker, field, values.get(field.name), record))]
        if grids:
            found.append(Permit(other, register, grids))
    return found


def limits(ledger: Ledger, speaker: Speaker, record: Record, holders: Iterable[Record]) -> list[Limit]:
    """Every limit with a number among the values of this entry and of `holders`."""
    found = []
    for holder in [record, *holders]:
        register = ledger.declared.registers[holder.register]
        values = ledger.values(holder)
        own = holder.number == record.number
        for field in limit_fields(register):
            for entry in _parameters(field, _about(field, values.get(field.name), None if own else record)):
                limit = entry.get("limit")
                if isinstance(limit, int | float) and entry.get("parameter"):
                    source = speaker.words(register.singular) + f" {holder.code}"
                    found.append(
                        Limit(str(entry["parameter"]), float(limit), str(entry.get("unit") or ""), source, None if own else holder)
                    )
    return found


def _grid(speaker: Speaker, field: Field, value: Any, record: Record) -> Grid | None:
    kept = _about(field, value, record)
    return speaker.said(field, kept).grid if kept not in EMPTY else None


def _about(field: Field, value: Any, record: Record | None) -> Any:
    """Rows of a table that are about one entry, where rows name entries of its register; everything else as it is."""
    if field.type is not FieldType.TABLE or record is None or not isinstance(value, list):
        return value
    naming = [column for column in field.columns if column.type is FieldType.LINK and column.of == record.register]
    if not naming:
        return value
    return [row for row in value if any(record.code in codes_of(row.get(column.name)) for column in naming)]


def _parameters(field: Field, value: Any) -> Sequence[Mapping[str, Any]]:
    if value in EMPTY:
        return []
    if field.type is FieldType.PARAMETER:
        return value if isinstance(value, list) else [value]
    columns = [column.name for column in field.columns if column.type is FieldType.PARAMETER]
    cells = [row.get(name) for row in value for name in columns]
    return [entry for cell in cells for entry in (cell if isinstance(cell, list) else [cell]) if isinstance(entry, Mapping)]
