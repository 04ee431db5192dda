"""Enforcement documents: a case as the Word file that a template makes of it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from bilan.casework.documents import make, paper
from bilan.people import audit
from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotAllowed
from bilan.web.components import numbers
from bilan.web.registry import Request, page

SEES = Right(Capability.SEE, "kernel/casework")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page("cases/<str:code>/documents/<slug:document>.docx", name="case-document", section="cases", reads=SEES, writes=SEES)
def document(request: Request, code: str, document: str) -> HttpResponse:
    """A document of a case, for those who work on it or may take cases away."""
    case = request.docket.case(code)
    if not (request.docket.can(Capability.HANDLE, case) or request.docket.can(Capability.EXPORT, case)):
        raise NotAllowed(Capability.EXPORT)
    language = numbers.language()
    declared = paper(document)
    content = make(declared, request.docket, request.ledger, case, language)
    audit.record("export", case.code, request=request, detail={"document": document})
    response = HttpResponse(content, content_type=WORD)
    name = quote(f"{case.code} {declared.title.text(language)}.docx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
