"""Cases of an entry, for its dossier."""

from __future__ import annotations

from typing import Any

from django.db.models import Case as Choice
from django.db.models import F, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from bilan.people.roles import Capability
from bilan.web.areas.cases.board import card
from bilan.web.areas.cases.frame import OPEN
from bilan.web.registry import Request

SHOWN = 6


def cases_of(request: Request, register: str, code: str) -> dict[str, Any] | None:
    """Cases about an entry, open ones first, with the way to all of them and to a new one; None for who sees no cases."""
    docket = request.docket
    if not docket.can(Capability.SEE):
        return None
    found = docket.cases().filter(register=register, entry=code)
    now = timezone.now()
    rank = Choice(When(standing__in=OPEN, then=Value(0)), default=Value(1))
    shown = list(found.annotate(rank=rank).order_by("rank", F("due").asc(nulls_last=True), "-opened").select_related("owner")[: SHOWN + 1])
    address = urlencode({"register": register, "entry": code})
    return {
        "cards": [card(case, now) for case in shown[:SHOWN]],
        "all": f"{reverse('cases')}?{urlencode({'standing': 'all'})}&{address}" if shown else "",
        "new": f"{reverse('case-new')}?{address}" if docket.can(Capability.HANDLE) else "",
    }
