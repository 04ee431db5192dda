"""Taking one piece of evidence from a phone."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse

from bilan.casework import evidence
from bilan.casework.models import Case, Evidence
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.web.areas.field.answers import only_posts, refusal
from bilan.web.areas.field.rights import HANDLES
from bilan.web.registry import Request, page


@page("field/evidence", name="field-upload", section="field", reads=HANDLES, writes=HANDLES)
@only_posts
def upload(request: Request) -> HttpResponse:
    """Keep a file, or a measurement, as evidence of a case; the same key again changes nothing and is answered alike."""
    try:
        claim = evidence.Claim.read(request.POST.dict())
        kept = _kept(request, _case(request, request.POST.get("case", "")), claim)
    except BilanError as error:
        return refusal(error)
    return JsonResponse({"number": kept.pk, "key": kept.key, "digest": kept.digest, "received": kept.received.isoformat()})


def _kept(request: Request, case: Case, claim: evidence.Claim) -> Evidence:
    if claim.kind == "measurement":
        return evidence.measure(case, _reading(request.POST.get("reading", "")), claim, request.user)
    file = request.FILES.get("file")
    if file is None:
        raise BilanError(Problem("evidence.no_file"))
    return evidence.keep(case, file, file.name or "", claim, request.user)


def _case(request: Request, code: str) -> Case:
    """The case, if the person may handle it.

    Raises:
        BilanError: there is no such case for them.
    """
    try:
        case = request.docket.case(code[:60])
    except NotVisible:
        case = None
    if case is None or not request.docket.can(Capability.HANDLE, case):
        raise BilanError(Problem("field.not_yours", {"value": code[:60]}))
    return case


def _reading(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text[:4000])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BilanError(Problem("field.form", {"value": text[:40]}))
    return found
