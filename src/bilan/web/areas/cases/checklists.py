"""A checklist as a form draws it and sends it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bilan.casework.models import Case
from bilan.pack.flows import NOT_APPLICABLE, Checklist, Item
from bilan.problems import Problem
from bilan.registers.ledger import Ledger
from bilan.web.areas.cases import bringing, words
from bilan.web.components import numbers
from bilan.web.registry import Request

LONGEST = 2000
"""Characters of an answer or a note."""


def shown(ledger: Ledger, checklist: Checklist, given: Mapping[str, Mapping[str, Any]], errors: Mapping[str, list[str]]) -> dict[str, Any]:
    """The questions with what was answered already and what is wrong with it."""
    language = numbers.language()
    return {
        "title": checklist.title.text(language),
        "about": checklist.about.text(language) if checklist.about else "",
        "sections": [
            (
                section.title.text(language),
                [_item(ledger, item, given.get(item.name, {}), errors.get(item.name, [])) for item in section.items],
            )
            for section in checklist.sections
        ],
    }


def _item(ledger: Ledger, item: Item, given: Mapping[str, Any], errors: Sequence[str]) -> dict[str, Any]:
    language = numbers.language()
    return {
        "item": item,
        "name": item.name,
        "key": f"item.{item.name}",
        "ask": item.ask.text(language),
        "help": item.help.text(language) if item.help else "",
        "options": _options(ledger, item),
        "answer": str(given.get("answer", "")),
        "note": str(given.get("note", "")),
        "evidence": list(given.get("evidence", [])),
        "when": item.when.text if item.when else "",
        "bad": " ".join(item.bad),
        "errors": errors,
    }


def _options(ledger: Ledger, item: Item) -> list[tuple[str, str]]:
    """Answers to choose from; none where one writes or types a number."""
    offered = []
    if item.answer == "yesno":
        offered = [(name, str(words.ANSWERS[name])) for name in ("yes", "no")]
    elif item.answer == "choice" and item.of in ledger.declared.vocabularies:
        offered = [(term.code, term.title.text(numbers.language())) for term in ledger.declared.vocabularies[item.of].terms]
    if item.na:
        offered.append((NOT_APPLICABLE, str(words.ANSWERS["na"])))
    return offered


def answers_of(request: Request, case: Case, checklist: Checklist, problems: list[Problem]) -> list[dict[str, Any]]:
    """Answers that a form sent, photos that came with them kept first; questions left open are not there."""
    found = []
    for name in checklist.items:
        key = f"item.{name}"
        answer = (request.POST.get(key, "") or request.POST.get(f"{key}.na", "")).strip()[:LONGEST]
        kept = [int(text) for text in request.POST.getlist(f"{key}.evidence") if text.isascii() and text.isdigit()]
        kept += bringing.photo(request, case, f"{key}.photo", problems)
        if answer:
            found.append({"item": name, "answer": answer, "note": request.POST.get(f"{key}.note", "").strip()[:LONGEST], "evidence": kept})
    return found
