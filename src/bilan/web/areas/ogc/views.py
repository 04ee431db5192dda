"""OGC API – Features (OGC 17-069r4): landing page, conformance, collections, items; for programs, so JSON only."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from bilan.people.visibility import NotVisible
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.ogc.offered import COMMON, served
from bilan.web.registry import Request, page

ITEM_ARGUMENTS = frozenset(
    ("bbox", "bbox-crs", "crs", "datetime", "f", "lang", "limit", "offset", "properties", "q", "resulttype", "skipGeometry", "sortby")
) | {"as_of"}
GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


@page("ogc/", name="ogc", programs=True)
def landing(request: Request) -> HttpResponse:
    """Where everything else is."""
    return _answer(request, "landing_page")


@page("ogc/openapi", name="ogc-openapi", programs=True)
def openapi(request: Request) -> HttpResponse:
    """The description of the service."""
    response = JsonResponse(_service().openapi(request.ledger, _root(request), _title(), numbers.language()))
    response["Content-Type"] = OPENAPI
    return response


@page("ogc/conformance", name="ogc-conformance", programs=True)
def conformance(_request: Request) -> HttpResponse:
    """Classes of the standard that the service conforms to."""
    return JsonResponse({"conformsTo": list(_service().CONFORMANCE)})


@page("ogc/collections", name="ogc-collections", programs=True)
def collections(request: Request) -> HttpResponse:
    """Registers with places that the reader may see."""
    return _answer(request, "describe_collections")


@page("ogc/collections/<slug:register>", name="ogc-collection", programs=True)
def collection(request: Request, register: str) -> HttpResponse:
    """One register."""
    request.ledger.register(register)
    return _answer(request, "describe_collections", register)


@page("ogc/collections/<slug:register>/items", name="ogc-items", programs=True)
def items(request: Request, register: str) -> HttpResponse:
    """Entries of a register as features."""
    declared = request.ledger.register(register)
    known = ITEM_ARGUMENTS | set(COMMON) | {field.name for field in declared.fields.values() if served(field)}
    strange = sorted(set(request.GET) - known)
    if not all(request.GET.get("sortby", "code").split(",")):
        strange.append("sortby")
    if strange:
        return JsonResponse(
            {"code": "InvalidParameterValue", "type": "InvalidParameterValue", "description": ", ".join(strange)}, status=400
        )
    return _answer(request, "get_collection_items", register, kind=GEOJSON)


@page("ogc/collections/<slug:register>/items/<str:code>", name="ogc-item", programs=True)
def item(request: Request, register: str, code: str) -> HttpResponse:
    """One entry as a feature."""
    found = request.ledger.register(register)
    if not found.mapped:
        raise NotVisible(code)
    return _answer(request, "get_collection_item", register, code, kind=GEOJSON)


def _answer(request: Request, function: str, *arguments: str, kind: str = "application/json") -> HttpResponse:
    asked = _as_json(request)
    headers, status, content = _service().answer(function, asked, request.ledger, _root(request), _title(), numbers.language(), *arguments)
    response = HttpResponse(content, status=status, content_type=kind if status == 200 else "application/json")
    if "Content-Crs" in headers:
        response["Content-Crs"] = headers["Content-Crs"]
    return response


def _service() -> ModuleType:
    """The service, imported when it is asked for: it takes a second that no other page needs."""
    return import_module("bilan.web.ogc.service")


def _as_json(request: Request) -> HttpRequest:
    """The request as it would be had it asked for JSON: the service has no pages."""
    query: QueryDict = request.GET.copy()
    query["f"] = "json"
    query.pop("as_of", None)
    request.GET = query
    return request


def _root(request: Request) -> str:
    return request.build_absolute_uri("/ogc")


def _title() -> str:
    city = site.city()
    return f"{city.name_zh} {city.name_en} · 碧蓝 Bilan".strip()
