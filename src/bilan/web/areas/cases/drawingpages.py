"""Random inspections: pools, seed and result of a draw that anybody can repeat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.casework import drawings as service
from bilan.casework.drawing import OTHERS, TEAM, Inspector, Target, digest
from bilan.casework.models import Case, Drawing
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.web import site
from bilan.web.areas.cases.frame import ASSIGNS, SECTION, SEES, local
from bilan.web.areas.people.frame import role_choices, role_title
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.components.table import Column, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

FIELDS = ("name", "seed", "register", "query", "kind", "share", "team", "role")
_SHARE = re.compile(r"(?:([^=,;，；]+)=)?\s*(\d+(?:\.\d+)?)\s*(%?)")


@page("cases/drawings", name="drawings", section=SECTION, reads=SEES, writes=ASSIGNS)
def drawings(request: Request) -> HttpResponse:
    """Draws so far; shows the pools of a new one, and draws."""
    sent = {name: " ".join(request.POST.get(name, "").split())[:2000] for name in FIELDS}
    pools: dict[str, Any] | None = None
    errors: list[str] = []
    if request.method == "POST":
        try:
            targets, inspectors, share = _pools(request, sent)
            pools = {"targets": targets, "inspectors": inspectors, "digest": digest(targets, inspectors), "classes": _classes(targets)}
            if request.POST.get("do") == "draw":
                if request.POST.get("digest", "") != pools["digest"]:
                    raise BilanError(Problem("drawing.pool_changed", {"value": sent["name"]}))
                made = _draw(request, sent, targets, inspectors, share)
                return redirect("drawing", made.pk)
        except BilanError as error:
            errors = [problem.text(numbers.language()) for problem in error.problems]
    return show(
        request,
        "cases/drawings.html",
        status=422 if errors else 200,
        table=_table(request),
        may=request.docket.can(Capability.ASSIGN),
        registers=[(entry.name, entry.title.text(numbers.language())) for entry in request.ledger.registers()],
        roles=role_choices(),
        sent=sent
        if request.method == "POST"
        else {"share": "5%", "team": str(TEAM), "role": service.INSPECTORS, "register": "pollution-source"},
        spare=request.POST.get("spare", "1" if request.method != "POST" else "") == "1",
        pools=pools,
        errors=errors,
    )


def _pools(request: Request, sent: Mapping[str, str]) -> tuple[list[Target], list[Inspector], dict[str, float]]:
    """Both pools and the shares that a form asks for.

    Raises:
        BilanError: something in it cannot be.
    """
    register = request.ledger.register(sent["register"]).name
    spared = service.positive_list() if request.POST.get("spare") == "1" else ()
    targets = service.targets_of(request.user, register, sent["query"], kind=sent["kind"], spared=spared)
    return targets, service.inspectors_of(sent["role"]), shares_of(sent["share"])


def shares_of(text: str) -> dict[str, float]:
    """Shares as people write them: ``5%`` for all, ``key=25%, *=5%`` by class, a number above 1 for so many.

    Raises:
        BilanError: it is nothing of that.

    Examples:
        >>> shares_of("5%"), shares_of("key=25%, *=3")
        ({'*': 0.05}, {'key': 0.25, '*': 3.0})
    """
    found: dict[str, float] = {}
    for part in re.split(r"[,;，；]", text):
        match = _SHARE.fullmatch(part.strip())
        if match is None:
            raise BilanError(Problem("web.bad_parameter", {"name": "share", "value": part.strip()[:40], "allowed": "5%, 20, key=25%"}))
        name, number, percent = match.groups()
        found[(name or OTHERS).strip()] = float(number) / 100 if percent else float(number)
    return found


def _draw(
    request: Request, sent: Mapping[str, str], targets: Sequence[Target], inspectors: Sequence[Inspector], share: Mapping[str, float]
) -> Drawing:
    team = int(sent["team"]) if sent["team"].isascii() and sent["team"].isdigit() and len(sent["team"]) < 3 else TEAM
    name, query = sent["name"][:200] or sent["seed"][:200], sent["query"]
    return service.draw(request.user, name, sent["seed"][:120], sent["register"], query, targets, inspectors, share, team=team)


def _classes(targets: Sequence[Target]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for target in targets:
        if target.weight:
            counts[target.kind] = counts.get(target.kind, 0) + 1
    return sorted(counts.items(), key=lambda item: -item[1])[:20]


def _table(request: Request) -> Table:
    rows: list[Row] = [
        {
            "code": entry.pk,
            "number": entry.pk,
            "name": entry.name,
            "seed": entry.seed,
            "made": f"{local(entry.made):%Y-%m-%d %H:%M}",
            "pool": len(entry.targets),
            "drawn": len(entry.drawn),
        }
        for entry in request.docket.drawings()[:200]
    ]
    return Table(
        "drawings",
        [
            Column("name", _("Draw"), href=lambda row: reverse("drawing", args=[row["number"]])),
            Column("seed", _("Seed"), wide=True),
            Column("made", _("Drawn at")),
            Column("pool", _("Targets in the pool"), kind="number", decimals=0, wide=True),
            Column("drawn", _("Targets drawn"), kind="number", decimals=0),
        ],
        rows,
        request.GET,
        search=("name", "seed"),
        sort="-made",
        caption=_("Random inspections"),
        empty=_("A draw takes targets and inspectors by chance; seed and pools are kept, so that anybody can repeat it."),
        forms=None if request.docket.can(Capability.EXPORT) else {},
    )


@page("cases/drawings/<int:number>", name="drawing", section=SECTION, reads=SEES, writes=ASSIGNS)
def drawing(request: Request, number: int) -> HttpResponse:
    """One draw: what it rests on, what it gave, and whether repeating it gives the same; opens the inspections when asked to."""
    found = request.docket.drawings().filter(pk=number).select_related("person").first()
    if found is None:
        raise NotVisible(number)
    if request.method == "POST":
        return _open(request, found)
    targets = {row["code"]: row for row in found.targets}
    inspectors = {row["code"]: row["name"] or row["code"] for row in found.inspectors}
    cases = _cases(request, found)
    language = numbers.language()
    rows: list[Row] = [
        {
            "code": entry["target"],
            "order": at,
            "target": targets.get(entry["target"], {}).get("name") or entry["target"],
            "district": site.district_name(targets.get(entry["target"], {}).get("district", ""), language),
            "kind": targets.get(entry["target"], {}).get("kind", ""),
            "weight": targets.get(entry["target"], {}).get("weight"),
            "inspectors": "、".join(inspectors.get(code, code) for code in entry["inspectors"]),
            "case": cases.get(entry["target"], ""),
        }
        for at, entry in enumerate(found.drawn, 1)
    ]
    table = Table(
        "drawing",
        [
            Column("order", _("Order"), kind="number", decimals=0),
            Column("target", _("Drawn target"), href=lambda row: link("dossier", found.register, row["code"])),
            Column("district", _("District"), wide=True),
            Column("kind", _("Class"), wide=True),
            Column("weight", _("Tickets"), kind="number", decimals=0, wide=True),
            Column("inspectors", _("Inspectors")),
            Column("case", _("Case"), href=lambda row: link("case", row["case"]) if row["case"] else ""),
        ],
        rows,
        request.GET,
        search=("target", "code", "inspectors"),
        sort="order",
        caption=_("Targets drawn"),
        forms=None if request.docket.can(Capability.EXPORT) else {},
    )
    return show(
        request,
        "cases/drawing.html",
        drawing=found,
        table=table,
        made=local(found.made),
        holds=service.holds(found),
        shares=[
            (name, f"{100 * part:g} %" if part <= 1 else f"{part:g}") for name, part in found.share.items() if not name.startswith("@")
        ],
        may=request.docket.can(Capability.ASSIGN) and len(cases) < len(found.drawn),
        role=role_title(service.INSPECTORS),
    )


def _cases(request: Request, found: Drawing) -> dict[str, str]:
    """Target → code of the case that its inspection has, as far as the reader sees it."""
    prefix = f"drawing:{found.pk}:"
    seen: list[tuple[str, str]] = list(request.docket.cases().filter(seed__startswith=prefix).values_list("seed", "code"))
    return {seed.removeprefix(prefix): code for seed, code in seen}


def _open(request: Request, found: Drawing) -> HttpResponse:
    try:
        opened: list[Case] = service.open_inspections(found, request.user)
    except BilanError as error:
        messages.error(request, error.text(numbers.language()))
    else:
        messages.success(request, ngettext("%(n)d case was opened", "%(n)d cases were opened", len(opened)) % {"n": len(opened)})
    return redirect("drawing", found.pk)
