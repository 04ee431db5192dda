"""The fields of an entry by section, as its reader may read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilan.pack.registers import Field, FieldType, Register
from bilan.registers import completeness
from bilan.registers.computing import Computing
from bilan.registers.dossier.model import Gap, Line, Part
from bilan.registers.ledger import Ledger, Record
from bilan.registers.models import content_of
from bilan.registers.saying import EMPTY, Said, Speaker

_WIDE = {FieldType.TABLE, FieldType.LONG, FieldType.PARAMETER}


def parts(ledger: Ledger, computing: Computing, speaker: Speaker, register: Register, record: Record) -> list[Part]:
    """Sections with the fields that apply; attachments stand among the documents."""
    values = computing.complete(record)
    readable = ledger.sensitivities(record)
    names: Mapping[str, Any] = {**record.data, **{name: getattr(record, name) for name in ("status", "district", "name")}}
    found = []
    for section in register.sections:
        lines, blank = [], 0
        for field in section.fields:
            if field.type is FieldType.ATTACHMENT or (field.visible is not None and not field.visible.holds(names)):
                continue
            masked = register.sensitivity_of(field.name) not in readable
            held = record.data.get(field.name) if field.name not in register.volatile else values.get(field.name)
            if held in EMPTY:
                blank += 1
                continue
            lines.append(_line(speaker, register, field, values.get(field.name), masked))
        found.append(Part(speaker.words(section.title), lines, blank))
    return [part for part in found if part.lines or part.blank]


def _line(speaker: Speaker, register: Register, field: Field, value: Any, masked: bool) -> Line:
    said = speaker.said(field, value) if not masked or field.type in {FieldType.PERSON, FieldType.TEXT, FieldType.LONG} else Said()
    return Line(
        field.name,
        speaker.words(field.title),
        said,
        masked=masked,
        formula=field.formula.text if field.formula else "",
        live=field.name in register.volatile,
        help=speaker.words(field.help),
        wide=field.type in _WIDE or said.grid is not None,
    )


def gaps(speaker: Speaker, register: Register, record: Record) -> list[Gap]:
    """Fields that should be filled, the required ones first."""
    names = completeness.missing(content_of(record), register)
    return [Gap(name, speaker.title(register, name), _required(register, record, name)) for name in names]


def _required(register: Register, record: Record, name: str) -> bool:
    field = register.fields.get(name)
    if field is None:
        return False
    if isinstance(field.required, bool):
        return field.required
    return field.required.holds({**record.data, "status": record.status, "district": record.district, "name": record.name})


def facts(speaker: Speaker, register: Register, record: Record) -> list[tuple[str, str]]:
    """What every entry has, as far as it says something, with its title."""
    names = ("district", "town", "organisation", "valid_from", "valid_to", "aliases")
    said = [(name, speaker.common(register, name, getattr(record, name))) for name in names]
    return [(speaker.title(register, name), text) for name, text in said if text]
