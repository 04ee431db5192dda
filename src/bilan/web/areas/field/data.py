"""Everything a person needs for a shift without a net, in one answer."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from bilan.casework.moving import flow_of
from bilan.web import site
from bilan.web.areas.field import declared
from bilan.web.areas.field.rights import HANDLES
from bilan.web.areas.field.tasks import MOST, mine, roles_of, task
from bilan.web.registry import Request, page


@page("field/data", name="field-data", section="field", reads=HANDLES, writes=HANDLES)
def data(request: Request) -> HttpResponse:
    """Tasks with the flows they run, the vocabularies these choose from, and who is asking; renews the token that forms carry."""
    get_token(request)
    cases = list(mine(request)[: MOST + 1])
    flows = {case.declared.digest: flow_of(case) for case in cases}
    person = request.user
    answer = {
        "person": {"id": person.pk, "name": str(person), "roles": sorted(roles_of(person))},
        "moment": timezone.now().isoformat(),
        "tasks": [task(request, case) for case in cases[:MOST]],
        "more": len(cases) > MOST,
        "flows": {digest: declared.flow(found) for digest, found in flows.items()},
        "vocabularies": declared.vocabularies(flows.values()),
        "outlines_version": _outlines_version(),
    }
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@cache
def _outlines_version() -> str:
    return hashlib.sha256(json.dumps(site.outlines(), sort_keys=True).encode()).hexdigest()[:12]
