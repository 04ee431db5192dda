"""Limits that hold for an entry: its own, and those of permits and other entries that point to it or to what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bilan.pack.registers import Field, FieldType, Register
from bilan.registers.computing import codes_of
from bilan.registers.dossier.model import Limit, Permit
from bilan.registers.ledger import Ledger, Record
from bilan.registers.saying import EMPTY, Speaker

LONGEST_NUMBER = 20
"""Characters of a text that may be the number under which an entry is known elsewhere, such as the outlet ``DW001`` of a permit."""


def limit_fields(register: Register) -> list[Field]:
    """Fields that hold limits: parameters, and tables with a column of them."""
    return [
        field
        for field in register.fields.values()
        if field.type is FieldType.PARAMETER
        or (field.type is FieldType.TABLE and any(column.type is FieldType.PARAMETER for column in field.columns))
    ]


def permits(ledger: Ledger, speaker: Speaker, record: Record, others: Iterable[Record], owners: Iterable[Record] = ()) -> list[Permit]:
    """Entries that set limits, each with what it says about this entry.

    Parameters:
        others: entries that this one is linked to.
        owners: entries that set limits for what this one belongs to: only what they say of this one by name counts.
    """
    found = []
    for other, named in _holders(others, owners):
        register = ledger.declared.registers[other.register]
        values = ledger.values(other)
        speaker.learn(register, [values])
        kept = [(field, _about(field, values.get(field.name), record, named=named)) for field in limit_fields(register)]
        grids = [
            (speaker.words(field.title), grid) for field, value in kept if value not in EMPTY and (grid := speaker.said(field, value).grid)
        ]
        if grids:
            found.append(Permit(other, register, grids))
    return found


def limits(ledger: Ledger, speaker: Speaker, record: Record, others: Iterable[Record], owners: Iterable[Record] = ()) -> list[Limit]:
    """Every limit with a number for this entry: its own, and those of `others` and `owners` as in `permits`; rows must name it."""
    found = []
    for holder, named in [(record, False), *_holders(others, owners)]:
        register = ledger.declared.registers[holder.register]
        values = ledger.values(holder)
        own = holder.number == record.number
        for field in limit_fields(register):
            value = values.get(field.name)
            strict = named or field.type is FieldType.TABLE
            for entry in _parameters(field, value if own else _about(field, value, record, named=strict)):
                limit = entry.get("limit")
                if isinstance(limit, int | float) and entry.get("parameter"):
                    source = speaker.words(register.singular) + f" {holder.code}"
                    found.append(
                        Limit(str(entry["parameter"]), float(limit), str(entry.get("unit") or ""), source, None if own else holder)
                    )
    return found


def _holders(others: Iterable[Record], owners: Iterable[Record]) -> list[tuple[Record, bool]]:
    """Entries once each, with whether they must name the dossier's entry."""
    known = {other.number: (other, False) for other in others}
    return [*known.values(), *((owner, True) for owner in owners if owner.number not in known)]


def _about(field: Field, value: Any, record: Record, *, named: bool) -> Any:
    """What a value says of an entry: rows of a table that name it by link, code or number; without such rows all of it, unless `named`."""
    if field.type is not FieldType.TABLE or not isinstance(value, list):
        return None if named else value
    linking = [column.name for column in field.columns if column.type is FieldType.LINK and column.of == record.register]
    texts = [column.name for column in field.columns if column.type is FieldType.TEXT]
    own = {record.code, *(text for text in record.data.values() if isinstance(text, str) and 0 < len(text) <= LONGEST_NUMBER)}
    rows = [
        row
        for row in value
        if any(record.code in codes_of(row.get(name)) for name in linking) or any(row.get(name) in own for name in texts)
    ]
    return rows if rows or named or linking else value


def _parameters(field: Field, value: Any) -> Sequence[Mapping[str, Any]]:
    if value in EMPTY:
        return []
    if field.type is FieldType.PARAMETER:
        return value if isinstance(value, list) else [value]
    columns = [column.name for column in field.columns if column.type is FieldType.PARAMETER]
    cells = [row.get(name) for row in value for name in columns]
    return [entry for cell in cells for entry in (cell if isinstance(cell, list) else [cell]) if isinstance(entry, Mapping)]
