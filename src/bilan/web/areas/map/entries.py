"""Addresses of the map that answer about registers: the tree, one layer, one entry, what lies inside, what flows where."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from bilan.people.roles import Action
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.registers.ledger import Record
from bilan.web.areas.map import inside, trace, tree
from bilan.web.areas.map.exporting import exported
from bilan.web.components import numbers
from bilan.web.components.entries import Shown, link, title_of
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST_FIELDS = 10
IN_HEAD = {"code", "name", "status", "district"}


@page("map/registers.json", name="map-registers", section="map")
def registers(request: Request) -> HttpResponse:
    """The registers as layers with counts, as of the day asked for."""
    return _json({"layers": tree.tree(request)})


@page("map/registers/<slug:register>.json", name="map-register", section="map")
def register(request: Request, register: str) -> HttpResponse:
    """How one register is drawn and filtered."""
    found = request.ledger.register(register)
    if not found.mapped:
        raise NotVisible(register)
    return _json(tree.layer(request, found))


@page("map/registers/<slug:register>/<str:code>", name="map-entry", section="map")
def entry(request: Request, register: str, code: str) -> HttpResponse:
    """What the drawer says of one entry; opened by itself it leads to the entry's own page."""
    declaration, record = request.ledger.register(register), request.ledger.entry(register, code)
    dossier = link("dossier", register, record.code, as_of=request.GET.get("as_of", ""))
    if not request.GET.get("part"):
        return redirect(dossier or f"/map?entry={register}/{record.code}")
    names = [name for name in (declaration.columns or tuple(declaration.fields)) if name not in IN_HEAD][:MOST_FIELDS]
    shown, language = Shown(request.ledger, declaration, [record], names), numbers.language()
    return show(
        request,
        "map/entry.html",
        register=declaration,
        register_title=declaration.singular.text(language) or declaration.title.text(language),
        entry=record,
        state=declaration.state.get(record.status),
        state_title=declaration.state[record.status].title.text(language) if record.status in declaration.state else "",
        values=[(title_of(declaration, name), shown.html(record, name)) for name in names],
        dossier=dossier,
    )


@page("map/inside", name="map-inside", section="map", writes=Action.SEE)
def inside_shape(request: Request) -> HttpResponse:
    """What lies inside a shape (JSON in the body, or in the form's ``question`` when a file is asked for); nothing is written."""
    form = request.POST.get("format", "")
    if form:
        return exported(request, inside.question(request, _asked(request)), form)
    try:
        return _json(inside.answer(request, inside.question(request, _asked(request))))
    except BilanError as error:
        return _json({"message": error.text(numbers.language())}, status=400)


@page("map/trace/<slug:register>/<str:code>", name="map-trace", section="map")
def trace_entry(request: Request, register: str, code: str) -> HttpResponse:
    """Where things flow to from an entry (``direction=down``), or come from (``up``)."""
    direction = request.GET.get("direction", "down")
    if direction not in {"up", "down"}:
        raise BilanError(Problem("web.bad_parameter", {"name": "direction", "value": direction, "allowed": "up, down"}))
    record: Record = request.ledger.entry(register, code)
    return _json(trace.traced(request.ledger, record, down=direction == "down"))


def _asked(request: Request) -> dict[str, Any]:
    text = request.POST.get("question", "") if request.POST else request.body.decode("utf-8", "replace")
    try:
        asked = json.loads(text or "{}")
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise BilanError(Problem("shape.no_geometry", {"value": text[:60]}))
    return asked


def _json(value: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(value, status=status, json_dumps_params={"ensure_ascii": False})
