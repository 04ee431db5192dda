"""Putting a dossier together, with a number of queries that does not grow with what is linked."""

from __future__ import annotations

from bilan.people.monitoring import Monitoring
from bilan.registers.computing import Computing
from bilan.registers.dossier import fields, permits, readings
from bilan.registers.dossier.model import Dossier
from bilan.registers.dossier.relations import Relations
from bilan.registers.dossier.surroundings import surroundings
from bilan.registers.dossier.timeline import events
from bilan.registers.ledger import Ledger, Record
from bilan.registers.saying import Speaker

MOST_HOLDERS = 40
"""Entries pointing here that are looked through for limits and monitoring points."""


def build(ledger: Ledger, monitoring: Monitoring, record: Record, language: str) -> Dossier:
    """Everything that a reader may know of an entry.

    Parameters:
        language: ``zh-hans`` or ``en``.
    """
    register = ledger.declared.registers[record.register]
    speaker = Speaker(ledger, language)
    speaker.learn(register, [ledger.values(record)], [record.organisation])
    relations = Relations(ledger, speaker)
    groups = relations.of([record])[record.number]
    inward = [end for key, ends in groups.items() if not key[2] for end in ends][:MOST_HOLDERS]
    outward = [end for key, ends in groups.items() if key[2] for end in ends][:MOST_HOLDERS]
    setting = [holder for holder in inward if permits.limit_fields(ledger.declared.registers[holder.register])]
    holding = permits.limits(ledger, speaker, record, setting)
    owned = readings.owners(ledger, record, inward)
    files = list(ledger.attachments(record))
    return Dossier(
        register=register,
        record=record,
        state=register.state.get(record.status),
        facts=fields.facts(speaker, register, record),
        completeness=record.completeness,
        gaps=fields.gaps(speaker, register, record),
        parts=fields.parts(ledger, Computing(ledger, monitoring), speaker, register, record),
        linked=relations.linked(record, groups),
        chain=relations.chain(record, groups),
        surroundings=surroundings(ledger, record),
        gauges=readings.gauges(ledger, monitoring, speaker, owned, holding),
        permits=permits.permits(ledger, speaker, record, [*setting, *(end for end in outward if end.register == "discharge-permit")]),
        documents=[(register.fields[file.field], file) for file in files if file.field in register.fields],
        events=events(ledger, speaker, register, record),
        limits=holding,
    )
