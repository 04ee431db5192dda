"""How entries and declarations read over the API."""

from __future__ import annotations

from typing import Any

from bilan.pack.registers import Field, Register, Registers
from bilan.registers.ledger import Ledger, Record
from bilan.registers.models import ChangeSet, Revision


def described(register: Register, language: str) -> dict[str, Any]:
    """A register in short."""
    return {
        "name": register.name,
        "title": register.title.text(language),
        "title_zh": register.title.zh,
        "title_en": register.title.en,
        "about": register.about.text(language),
        "group": register.group,
        "geometry": register.geometry,
        "zone": register.zone is not None,
        "sensitivity": register.sensitivity.value,
    }


def declaration(register: Register, registers: Registers, language: str) -> dict[str, Any]:
    """A register with its states, sections and fields."""
    return {
        **described(register, language),
        "code": {"pattern": register.code.pattern, "matches": register.code.matches},
        "laws": list(register.laws),
        "states": [{"code": state.code, "title": state.title.text(language), "active": state.active} for state in register.states],
        "sections": [
            {"title": section.title.text(language), "fields": [_field(field, registers, language) for field in section.fields]}
            for section in register.sections
        ],
    }


def _field(field: Field, registers: Registers, language: str) -> dict[str, Any]:
    vocabulary = registers.vocabularies.get(field.of)
    shown = {
        "name": field.name,
        "type": field.type.value,
        "title": field.title.text(language),
        "unit": field.unit,
        "decimals": field.decimals,
        "lower": field.lower,
        "upper": field.upper,
        "of": field.of,
        "many": field.many,
        "filter": field.filter,
        "required": field.required if isinstance(field.required, bool) else field.required.text,
        "visible": field.visible.text if field.visible else None,
        "formula": field.formula.text if field.formula else None,
        "columns": [_field(column, registers, language) for column in field.columns],
    }
    if vocabulary is not None:
        shown["terms"] = [
            {"code": term.code, "title": term.title.text(language), "parent": term.parent, "confidence": term.confidence}
            for term in vocabulary.terms
        ]
    return shown


def plain(ledger: Ledger, record: Record) -> dict[str, Any]:
    """An entry with the values its reader may see."""
    return {
        "register": record.register,
        "code": record.code,
        "name": record.name,
        "aliases": record.aliases,
        "status": record.status,
        "district": record.district,
        "town": record.town,
        "organisation": record.organisation,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "lon": record.lon,
        "lat": record.lat,
        "archived": record.archived,
        "completeness": record.completeness,
        "version": record.version,
        "data": ledger.values(record),
    }


def feature(ledger: Ledger, record: Record) -> dict[str, Any]:
    """An entry as a GeoJSON feature."""
    properties = plain(ledger, record)
    return {"type": "Feature", "id": record.code, "geometry": record.geometry, "properties": {**properties.pop("data"), **properties}}


def revised(ledger: Ledger, revision: Revision) -> dict[str, Any]:
    """One revision of an entry."""
    return {
        **plain(ledger, revision),
        "action": revision.action,
        "since": revision.since,
        "until": revision.until,
        "change": changed(revision.change),
    }


def changed(change: ChangeSet) -> dict[str, Any]:
    """One change set."""
    return {
        "id": change.pk,
        "made": change.made,
        "author": change.author,
        "reason": change.reason,
        "source": change.source,
        "file": change.file,
        "registers": change.registers,
        "counts": change.counts,
        "undoes": change.undoes_id,
    }
