"""Flows, checklists and vocabularies as the phone needs them: text in both languages, conditions as they are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bilan.pack.expressions import Expression
from bilan.pack.flows import Checklist, EvidenceNeed, Flow, Item, Span, Transition
from bilan.pack.registers import Field, Vocabulary
from bilan.pack.registers.words import Bilingual
from bilan.registers.declared import declared
from bilan.web import site

Json = dict[str, Any]
LANGUAGES = ("zh-hans", "en")


def both(text: Bilingual) -> Json:
    """A text in both languages."""
    return {"zh": text.zh, "en": text.en}


def flow(found: Flow) -> Json:
    """A flow with everything that its cases may be asked for in the field."""
    return {
        "name": found.name,
        "title": both(found.title),
        "states": {
            state.name: {"title": both(state.title), "about": both(state.about), "tone": state.tone, "final": state.final}
            for state in found.states
        },
        "transitions": [_transition(entry) for entry in found.transitions],
        "checklists": {name: _checklist(entry) for name, entry in found.checklists.items()},
        "fields": [_field(entry) for entry in found.fields.values()],
    }


def vocabularies(flows: Iterable[Flow]) -> dict[str, list[Json]]:
    """Terms of every vocabulary that the flows choose from, and the districts."""
    names: set[str] = set()
    for found in flows:
        names |= {entry.of for entry in found.fields.values() if entry.of}
        names |= {entry.of for transition in found.transitions for entry in transition.fields if entry.of}
        names |= {item.of for listed in found.checklists.values() for item in listed.items.values() if item.of}
    known = declared().vocabularies
    terms = {name: _terms(known[name]) for name in sorted(names & known.keys())}
    return {**terms, "district": [{"code": area.adcode, "zh": area.name("zh-hans"), "en": area.name("en")} for area in site.districts()]}


def asked_of_entry(found: Flow) -> frozenset[str]:
    """Names that conditions of the flow look at: of the entry's values the phone gets these and no others."""
    conditions: list[Expression | bool | None] = []
    for transition in found.transitions:
        conditions += [value for entry in transition.fields for value in (entry.required, entry.visible)]
        conditions += [need.when for need in transition.evidence]
    conditions += [item.when for listed in found.checklists.values() for item in listed.items.values()]
    return frozenset(name for entry in conditions if isinstance(entry, Expression) for name in entry.names)


def _transition(found: Transition) -> Json:
    return {
        "name": found.name,
        "title": both(found.title),
        "about": both(found.about),
        "from": list(found.sources),
        "to": found.to,
        "kind": str(found.kind),
        "roles": list(found.roles),
        "owner": found.owner,
        "not_by": list(found.not_by),
        "note": found.note,
        "fields": [_field(entry) for entry in found.fields],
        "evidence": [_need(entry) for entry in found.evidence],
        "checklist": found.checklist,
    }


def _field(found: Field) -> Json:
    return {
        "name": found.name,
        "type": str(found.type),
        "title": both(found.title),
        "help": both(found.help),
        "unit": found.unit,
        "lower": found.lower,
        "upper": found.upper,
        "of": found.of,
        "many": found.many,
        "required": _condition(found.required) if isinstance(found.required, Expression) else found.required,
        "visible": _condition(found.visible),
        "default": found.default,
    }


def _need(found: EvidenceNeed) -> Json:
    return {
        "name": found.name,
        "kind": found.kind,
        "title": both(found.title),
        "help": both(found.help),
        "least": found.least,
        "near": found.near,
        "within": _span(found.within),
        "when": _condition(found.when),
    }


def _checklist(found: Checklist) -> Json:
    sections = [{"title": both(section.title), "items": [_item(item) for item in section.items]} for section in found.sections]
    return {"name": found.name, "title": both(found.title), "sections": sections}


def _item(found: Item) -> Json:
    return {
        "name": found.name,
        "ask": both(found.ask),
        "help": both(found.help),
        "answer": found.answer,
        "of": found.of,
        "bad": list(found.bad),
        "na": found.na,
        "unit": found.unit,
        "lower": found.lower,
        "upper": found.upper,
        "note": found.note,
        "photo": found.photo,
        "critical": found.critical,
        "when": _condition(found.when),
        "law": found.law,
    }


def _terms(found: Vocabulary) -> list[Json]:
    return [{"code": term.code, **both(term.title), "depth": len(found.above(term.code)) - 1} for term in found.terms]


def _condition(found: Expression | None) -> str | None:
    return found.text if found is not None else None


def _span(found: Span | None) -> Json | None:
    return {"zh": found.text("zh-hans"), "en": found.text("en")} if found is not None else None
