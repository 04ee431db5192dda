"""The address of the tiles."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from bilan.pack.registers import Register
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible, Reach
from bilan.registers import filtering
from bilan.registers.models import ChangeSet
from bilan.tabular.places.tiles import is_tile
from bilan.web.areas.tiles.drawing import drawn
from bilan.web.registry import Request, page

TYPE = "application/vnd.mapbox-vector-tile"
DRAWING = 2
"""Counts changes of how tiles are drawn."""


@page("tiles/<slug:register>/<int:z>/<int:x>/<int:y>.mvt", name="tiles", section="map")
def tile(request: Request, register: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile of a register; filters, words and the date are asked for as in its list; 304 while nothing has changed."""
    declaration = request.ledger.register(register)
    if not declaration.mapped or not is_tile(z, x, y):
        raise NotVisible(register)
    tag = _tag(request, declaration)
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        wanted = {name: request.GET[name] for name in filtering.arguments_of(declaration) if request.GET.get(name)}
        wanted.pop("district", None)
        found = request.ledger.entries(register, wanted, text=request.GET.get("q", "").strip(), district=request.district)
        response = HttpResponse(drawn(found, declaration, readable_style(request, declaration), z, x, y), content_type=TYPE)
    response.headers["ETag"] = tag
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response


def readable_style(request: Request, register: Register) -> str:
    """The field whose choice colours the entries, when the reader may read it throughout; else nothing."""
    by = register.style.by
    reaches = request.ledger.scope.reaches(Capability.SEE, register)
    return by if by and all(reach.reads(register.sensitivity_of(by)) for reach in reaches) else ""


def _tag(request: Request, register: Register) -> str:
    """Changes when any entry, the declarations, the reach of the reader or the question does."""
    newest = ChangeSet.objects.order_by("-pk").values_list("pk", flat=True).first()
    reaches = [_words(reach) for reach in request.ledger.scope.reaches(Capability.SEE, register)]
    asked = sorted((key, value) for key, value in request.GET.items())
    known: list[Any] = [DRAWING, newest, request.ledger.declared.signature, request.district, sorted(reaches), request.path, asked]
    return f'"{hashlib.sha256(repr(known).encode()).hexdigest()[:24]}"'


def _words(reach: Reach) -> str:
    parts = [reach.districts, reach.organisations, reach.sensitivities]
    return repr([None if part is None else sorted(map(str, part)) for part in parts])
