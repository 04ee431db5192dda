"""Registers and their entries: what lists and forms use is what programs get."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, JsonResponse
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from bilan.pack.roles import Capability
from bilan.people.visibility import NotAllowed, NotVisible
from bilan.registers.ledger import Ledger
from bilan.registers.models import ChangeSet
from bilan.registers.writing import Author, Draft, Outcome, undo, write
from bilan.web.api import arguments, entries
from bilan.web.api.base import RegisterAuth, TokenAuth, language

router = Router(tags=["registers"], auth=[TokenAuth(), RegisterAuth()])

PAGING = frozenset({"q", "sort", "limit", "offset", "as_of", "district_chosen"})
"""Arguments of a list that are no filters."""
LARGEST_BATCH = 10_000

Text = Annotated[str, Field(max_length=400)]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Item(Schema):
    """What one entry shall become: only what is named changes."""

    code: Annotated[str, Field(max_length=80)] = ""
    version: Number | None = None
    archived: bool | None = None
    values: dict[str, Any] = Field(default_factory=dict)


class Single(Item):
    """One entry, and why it changes."""

    reason: Text


class Batch(Schema):
    """Many entries in one change set, and why they change."""

    reason: Text
    dry_run: bool = False
    accept: Annotated[str, Field(pattern="^(all|rows)$")] = "all"
    items: Annotated[list[Item], Field(min_length=1, max_length=LARGEST_BATCH)]


class Why(Schema):
    """Why something is done."""

    reason: Text


@router.get("/registers", summary="Registers you may see · 可见台账")
def registers(request: HttpRequest) -> list[dict[str, Any]]:
    """Every register within your reach, in the order of the tree."""
    return [entries.described(register, language()) for register in request.ledger.registers()]


@router.get("/registers/{name}", summary="One register's declaration · 台账声明")
def declaration(request: HttpRequest, name: str) -> dict[str, Any]:
    """Fields, vocabularies, states and rules of a register."""
    ledger: Ledger = request.ledger
    return entries.declaration(ledger.register(name), ledger.declared, language())


@router.get("/registers/{name}/entries", summary="Entries · 台账条目")
def found(
    request: HttpRequest, name: str, q: str = "", sort: str = "", limit: int = arguments.PAGE, offset: int = 0, as_of: str = ""
) -> dict[str, Any]:
    """Entries that pass the filters; every declared filter is an argument, ranges end in `__from` and `__to`. `as_of` is a past day."""
    ledger, chosen = _chosen(request, name, q, sort)
    size, start = max(1, min(limit, arguments.LARGEST_PAGE)), max(0, min(offset, 2**31))
    items = [entries.plain(ledger, record) for record in chosen[start : start + size]]
    return {"count": chosen.count(), "limit": size, "offset": start, "items": items}


@router.get("/registers/{name}/entries.geojson", summary="Entries as GeoJSON · 台账条目 GeoJSON")
def features(
    request: HttpRequest, name: str, q: str = "", sort: str = "", limit: int = arguments.LARGEST_PAGE, offset: int = 0, as_of: str = ""
) -> JsonResponse:
    """Entries that have a place, as a feature collection."""
    ledger, chosen = _chosen(request, name, q, sort)
    size, start = max(1, min(limit, arguments.LARGEST_PAGE)), max(0, min(offset, 2**31))
    placed = chosen.filter(lon__isnull=False)[start : start + size]
    return JsonResponse({"type": "FeatureCollection", "features": [entries.feature(ledger, record) for record in placed]})


@router.get("/registers/{name}/entries/{code}", summary="One entry · 单个条目")
def one(request: HttpRequest, name: str, code: str, as_of: str = "") -> dict[str, Any]:
    """An entry with its geometry and its links to entries you may see."""
    ledger: Ledger = request.ledger
    record = ledger.entry(name, code)
    links = [
        {"kind": link.kind, "outward": outward, "register": other.register, "code": other.code, "name": other.name}
        for outward in (True, False)
        for link, other in ledger.links(record, outward=outward)
    ]
    return {**entries.plain(ledger, record), "geometry": record.geometry, "links": links}


@router.get("/registers/{name}/entries/{code}/history", summary="An entry's history · 条目历史")
def history(request: HttpRequest, name: str, code: str, as_of: str = "") -> list[dict[str, Any]]:
    """Every revision you may see, newest first, with who, when and why."""
    ledger: Ledger = request.ledger
    return [entries.revised(ledger, revision) for revision in ledger.history(ledger.entry(name, code))]


@router.post(
    "/registers/{name}/entries",
    summary="Add an entry · 新增条目",
    openapi_extra={"responses": {201: {"description": "Added · 已新增"}, 400: {"description": "Refused; why stands in `problems` · 拒绝"}}},
)
def add(request: HttpRequest, name: str, item: Single) -> JsonResponse:
    """Add one entry; without a code the register's rule gives it."""
    return _single(request, name, item, item.code, new=True)


@router.patch(
    "/registers/{name}/entries/{code}",
    summary="Change an entry · 修改条目",
    openapi_extra={
        "responses": {
            400: {"description": "Refused; why stands in `problems` · 拒绝"},
            409: {"description": "Somebody else changed it since · 已被他人修改"},
        }
    },
)
def change(request: HttpRequest, name: str, code: str, item: Single) -> JsonResponse:
    """Change what is named of one entry; with `version`, only when nobody changed it since."""
    return _single(request, name, item, request.ledger.entry(name, code).code, new=False)


@router.post("/registers/{name}/batch", summary="Add and change many entries · 批量写入")
def batch(request: HttpRequest, name: str, items: Batch) -> dict[str, Any]:
    """Write many entries in one change set, or only say what would become of them (`dry_run`)."""
    _writable(request.ledger, name, Capability.IMPORT)
    drafts = [
        Draft(item.values, code=item.code, version=item.version, archived=item.archived, row=row) for row, item in enumerate(items.items, 1)
    ]
    author = Author.of(request.user, items.reason, "import")
    outcome = write(name, drafts, author, dry_run=items.dry_run, accept=items.accept)
    return _told(outcome)


@router.get("/changes", summary="Change sets · 变更记录")
def changes(request: HttpRequest, limit: int = arguments.PAGE, offset: int = 0) -> dict[str, Any]:
    """Who changed what, when and why, newest first."""
    found = request.ledger.changes()
    size, start = max(1, min(limit, arguments.LARGEST_PAGE)), max(0, min(offset, 2**31))
    return {"limit": size, "offset": start, "items": [entries.changed(entry) for entry in found[start : start + size]]}


@router.post("/changes/{change}/undo", summary="Undo a change set · 撤销变更")
def take_back(request: HttpRequest, change: int, why: Why) -> dict[str, Any]:
    """Bring back what was before a change set, when nothing was changed since."""
    ledger: Ledger = request.ledger
    found = ledger.changes().filter(pk=change).first() if change < 2**63 else None
    if found is None:
        raise NotVisible(str(change))
    for register in found.registers:
        _writable(ledger, register, Capability.UNDO)
    taken: ChangeSet = undo(found, Author.of(request.user, why.reason, "undo"))
    return entries.changed(taken)


def _chosen(request: HttpRequest, name: str, q: str, sort: str) -> tuple[Ledger, Any]:
    filters = {key: value for key, value in request.GET.items() if key not in PAGING}
    ledger: Ledger = request.ledger
    return ledger, ledger.entries(name, filters, text=q, sort=sort)


def _single(request: HttpRequest, name: str, item: Single, code: str, *, new: bool) -> JsonResponse:
    _writable(request.ledger, name, Capability.EDIT)
    draft = Draft(item.values, code=code, version=item.version, archived=item.archived, new=new)
    outcome = write(name, [draft], Author.of(request.user, item.reason, "api"))
    told = _told(outcome)["results"][0]
    refused = told["outcome"] == "refused"
    clash = refused and any(problem["code"] == "registers.conflict" for problem in told["problems"])
    return JsonResponse(told, status=409 if clash else 400 if refused else 201 if told["outcome"] == "new" else 200)


def _writable(ledger: Ledger, register: str, capability: Capability) -> None:
    if ledger.as_of is not None:
        raise HttpError(400, "as_of")
    found = ledger.register(register)
    if not ledger.can(capability, found):
        raise NotAllowed(capability)


def _told(outcome: Outcome) -> dict[str, Any]:
    results = [
        {
            "row": result.row,
            "outcome": result.outcome,
            "code": result.code,
            "name": result.name,
            "differences": {name: {"before": before, "after": after} for name, (before, after) in result.differences.items()},
            "problems": [{**problem.as_dict(), "message": problem.text(language())} for problem in result.problems],
        }
        for result in outcome.results
    ]
    return {"change": outcome.change.pk if outcome.change else None, "counts": dict(outcome.counts), "results": results}
