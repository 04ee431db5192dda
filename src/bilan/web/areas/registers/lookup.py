"""What type-ahead fields offer: entries of a register, terms of a vocabulary, parameters."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from bilan.pack.vocab import parameters
from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotVisible
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.registry import Request, page

MOST = 20
SEES = Right(Capability.SEE, "registers")
EDITS = Right(Capability.EDIT, "registers")


@page("registers/<slug:register>/lookup", name="register-lookup", section="registers", reads=SEES, writes=EDITS)
def entries(request: Request, register: str) -> HttpResponse:
    """Entries that hold what was typed in names, codes or searched fields; the first by code when nothing was."""
    declaration = request.ledger.register(register)
    text = request.GET.get("q", "").strip()
    found = request.ledger.search(text, MOST, [register]) if text else list(request.ledger.entries(register, sort="code")[:MOST])
    language = numbers.language()
    items = []
    for record in found:
        state = declaration.state.get(record.status)
        notes = [record.code, site.district_name(record.district, language) if record.district else ""]
        notes.append(state.title.text(language) if state and not state.active else "")
        items.append({"code": record.code, "text": record.name or record.code, "note": " · ".join(filter(None, notes))})
    return JsonResponse({"items": items})


@page("registers/terms/<slug:vocabulary>", name="register-terms", section="registers", reads=SEES, writes=EDITS)
def terms(request: Request, vocabulary: str) -> HttpResponse:
    """Terms of a vocabulary that hold what was typed, each below its broader terms; ``valid=1`` leaves out what no longer holds."""
    found = request.ledger.declared.vocabularies.get(vocabulary)
    if found is None:
        raise NotVisible(vocabulary)
    language, words = numbers.language(), request.GET.get("q", "").lower().split()[:6]
    today = timezone.localdate().isoformat() if request.GET.get("valid") else ""
    items = []
    for term in found.terms:
        if today and (term.valid_from > today or (term.valid_to and term.valid_to < today)):
            continue
        if all(word in f"{term.code} {term.title.zh} {term.title.en}".lower() for word in words):
            above = found.by_code.get(term.parent)
            note = " · ".join(filter(None, [term.code, above.title.text(language) if above else ""]))
            items.append({"code": term.code, "text": term.title.text(language), "note": note})
    beginning = (lambda item: not item["code"].lower().startswith(words[0])) if words else (lambda _item: False)
    return JsonResponse({"items": sorted(items, key=beginning)[: 3 * MOST]})


@page("registers/parameters", name="register-parameters", section="registers", reads=SEES, writes=EDITS)
def factors(request: Request) -> HttpResponse:
    """Parameters whose code, symbol or name holds what was typed."""
    words = request.GET.get("q", "").lower().split()[:6]
    items = []
    for code, entry in parameters().items():
        if all(word in f"{code} {entry.column} {entry.symbol} {entry.name_zh} {entry.name_en} {entry.aliases}".lower() for word in words):
            unit = numbers.unit(entry.emission_unit or entry.unit)
            note = " · ".join(filter(None, [numbers.named(entry), code, unit]))
            items.append({"code": code, "text": numbers.labelled(entry), "note": note, "unit": entry.emission_unit or entry.unit})
    return JsonResponse({"items": items[: 2 * MOST]})
