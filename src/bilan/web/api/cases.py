"""Cases and their signed steps, to read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from bilan.casework.models import Case, Evidence, Step
from bilan.web.api import arguments
from bilan.web.api.base import RegisterAuth, TokenAuth
from bilan.web.areas.cases import declared
from bilan.web.areas.cases.listing import Wanted, ordered

router = Router(tags=["cases"], auth=[TokenAuth(), RegisterAuth()])
PLAIN = (
    *("code", "title", "flow", "state", "standing", "level", "subject", "register", "entry", "place_name", "district", "town"),
    *("organisation", "lon", "lat", "role", "opened", "changed", "entered", "due", "suspended", "closed", "result", "round", "version"),
)
"""Columns of a case that are told as they are kept."""


@router.get("/cases", summary="Cases · 办件")
def cases(
    request: HttpRequest,
    flow: str = "",
    state: str = "",
    standing: str = "",
    district: str = "",
    owner: str = "",
    overdue: str = "",
    level: str = "",
    subject: str = "",
    campaign: str = "",
    of_register: str = "",
    entry: str = "",
    q: str = "",
    sort: str = "due",
    limit: int = arguments.PAGE,
    offset: int = 0,
) -> dict[str, Any]:
    """Cases you may see, those that are open unless `standing` says otherwise.

    `standing` is ``running``, ``suspended``, ``closed``, ``cancelled`` or ``all``; `owner` is ``me``, ``none`` or a number; `overdue` is
    ``yes``, ``soon`` or ``none``; `sort` is a column, ``-`` before it for downwards.
    """
    asked = {"flow": flow, "state": state, "standing": standing, "owner": owner, "overdue": overdue, "level": level, "q": q}
    asked |= {"subject": subject, "campaign": campaign, "register": of_register, "entry": entry}
    found = Wanted(request.docket, asked, district).cases()
    size, start = max(1, min(limit, arguments.LARGEST_PAGE)), max(0, offset)
    shown = ordered(found, sort).select_related("owner")[start : start + size]
    return {"count": found.order_by().count(), "items": [_described(case) for case in shown]}


@router.get("/cases/{code}", summary="A case with its steps · 办件及办理记录")
def case(request: HttpRequest, code: str) -> dict[str, Any]:
    """One case with what was collected, its signed steps and its evidence (without the files)."""
    found = request.docket.case(code)
    return {
        **_described(found),
        "data": found.data,
        "parts": found.parts,
        "helpers": [str(person) for person in found.helpers.all()],
        "flow_version": found.declared.digest,
        "steps": [_step(step) for step in request.docket.steps(found)],
        "evidence": [_evidence(piece) for piece in request.docket.evidence(found)],
    }


def _described(found: Case) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in PLAIN},
        "flow_title": declared.flow_title(found.flow),
        "state_title": declared.state_title(found.flow, found.state),
        "owner": str(found.owner) if found.owner else None,
    }


def _step(step: Step) -> dict[str, Any]:
    names = ("number", "action", "transition", "part", "before", "after", "author", "role", "note", "values", "checklist", "round")
    return {name: getattr(step, name) for name in (*names, "at", "done", "lon", "lat", "accuracy", "previous", "digest")}


def _evidence(piece: Evidence) -> dict[str, Any]:
    names = ("requirement", "kind", "name", "mime", "size", "digest", "reading", "taken", "received", "lon", "lat", "accuracy", "author")
    return {"id": piece.pk, "step": piece.step.number if piece.step else None, **{name: getattr(piece, name) for name in names}}
