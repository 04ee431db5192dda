"""The page that says what applies at a place, its printable opinion among it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext_noop

from bilan.pack.registers import Vocabulary
from bilan.people.roles import Capability, Right
from bilan.problems import BilanError, Problem
from bilan.web.areas.zones import opinion, showing
from bilan.web.areas.zones.asking import Asked, asked
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page, section

SEES = Right(Capability.SEE, "registers")
FILES = {"pdf": opinion.pdf, "docx": opinion.word}
"""Format of the opinion → what writes it."""
section("zones", gettext_noop("Zone check"), icon="polygon", page="zones", order=47, reads=SEES)


@page("zones/check", name="zones", section="zones", reads=SEES, writes=SEES)
def check(request: Request) -> HttpResponse:
    """What the zones at a place allow, limit or forbid; with ``file`` the opinion as PDF or Word."""
    ledger, wanted = request.ledger, request.GET.get("file", "")
    if wanted and wanted not in FILES:
        raise BilanError(Problem("web.bad_parameter", {"name": "file", "value": wanted, "allowed": sorted(FILES)}))
    question, result, drawn, wrong = Asked(), None, None, ""
    try:
        question = asked(request.GET, request.GET.getlist("activity"), ledger)
        if question.place or wanted:
            answer = question.answer(ledger)
            result, drawn = showing.described(ledger, answer), showing.shapes(answer)
            if wanted:
                return FILES[wanted](request, question, answer, result, terms_of(request, question))
    except BilanError as error:
        if wanted:
            raise
        wrong = error.text(numbers.language())
    declared = ledger.declared
    here = [register for register in ledger.registers() if register.zone]
    return show(
        request,
        "zones/check.html",
        asked=question,
        result=result,
        groups=showing.grouped(result["findings"]) if result else [],
        unsure=showing.merged(result["unsure"]) if result else [],
        drawn=drawn or {"zones": showing.collection(), "names": showing.collection(), "place": None},
        wrong=wrong,
        activities=choices(declared.vocabularies["zone-activity"], question.activities),
        industry=industry_title(declared.vocabularies.get("industry"), question.industry),
        layers=[{"name": entry.name, "title": entry.title.text(numbers.language()), "colour": entry.style.colour} for entry in here],
        permalink=permalink(question),
    )


def permalink(question: Asked) -> str:
    """The question as an address ends with it; empty while nothing is asked."""
    if not question.place:
        return ""
    single = {"place": question.place, "industry": question.industry, "description": question.description, "on": question.on.isoformat()}
    return urlencode([*((key, value) for key, value in single.items() if value), *(("activity", code) for code in question.activities)])


def choices(vocabulary: Vocabulary, chosen: tuple[str, ...]) -> list[dict[str, Any]]:
    """Activities with those that are narrower under them, for the list of the form."""
    language, found = numbers.language(), []

    def add(parent: str, depth: int) -> None:
        for term in vocabulary.terms:
            if term.parent == parent:
                text = "\u3000" * depth + term.title.text(language)
                found.append({"code": term.code, "text": text, "chosen": term.code in chosen, "depth": depth})
                add(term.code, depth + 1)

    add("", 0)
    return found


def industry_title(vocabulary: Vocabulary | None, code: str) -> str:
    """Title of an industry code; the code itself where the vocabulary does not go so far."""
    term = vocabulary.by_code.get(code) if vocabulary else None
    return f"{code} {term.title.text(numbers.language())}" if term else code


def terms_of(request: Request, question: Asked) -> dict[str, str]:
    """What was asked, in words, for the opinion."""
    declared, language = request.ledger.declared, numbers.language()
    terms = declared.vocabularies["zone-activity"].by_code
    activities = "、".join(terms[code].title.text(language) for code in question.activities if code in terms)
    return {"activities": activities, "industry": industry_title(declared.vocabularies.get("industry"), question.industry)}
