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

PERMIT = "discharge-permit"
"""Register whose entries are shown among the permits of what they point to and of what points to them."""
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
    permitting = [*setting, *(end for end in outward if end.register == PERMIT)]
    owners = _owners(ledger, relations, record, outward)
    holding = permits.limits(ledger, speaker, record, setting, owners)
    owned = readings.owners(ledger, record, inward)
    ruling = {owner.number: permits.limits(ledger, speaker, owner, [], [*setting, record]) for owner in owned.values() if owner is not None}
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
        gauges=readings.gauges(ledger, monitoring, speaker, owned, {**ruling, 0: holding}),
        permits=permits.permits(ledger, speaker, record, permitting, owners),
        documents=[(register.fields[file.field], file) for file in files if file.field in register.fields],
        events=events(ledger, speaker, register, record),
        limits=holding,
    )


def _owners(ledger: Ledger, relations: Relations, record: Record, outward: list[Record]) -> list[Record]:
    """Entries that set limits for what an entry belongs to: the permits of an outlet's enterprise."""
    known = ledger.declared.registers
    above = [
        end for end in outward if any(permits.limit_fields(source) for source, _field in ledger.declared.pointing.get(end.register, ()))
    ]
    found: dict[int, Record] = {}
    for groups in relations.of(above).values() if above else ():
        for key, ends in groups.items():
            if not key[2] and permits.limit_fields(known[ends[0].register]):
                found.update({end.number: end for end in ends[:MOST_HOLDERS] if end.number != record.number})
    return list(found.values())
