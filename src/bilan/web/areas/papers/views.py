"""Enforcement documents: a case as the Word file that a template makes of it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from bilan.casework.documents import make, paper
from bilan.people import audit
from bilan.people.roles import Capability, Right
from bilan.web.components import numbers
from bilan.web.registry import Request, page

HANDLES = Right(Capability.HANDLE, "kernel/casework")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page("cases/<str:code>/documents/<slug:document>.docx", name="case-document", section="cases", reads=HANDLES, writes=HANDLES)
def document(request: Request, code: str, document: str) -> HttpResponse:
    """A document of a case, for those who may work on it."""
    case = request.docket.case(code)
    request.docket.require(Capability.HANDLE, case)
    language = numbers.language()
    declared = paper(document)
    content = make(declared, request.docket, request.ledger, case, language)
    audit.record("export", case.code, request=request, detail={"document": document})
    response = HttpResponse(content, content_type=WORD)
    name = quote(f"{case.code} {declared.title.text(language)}.docx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
