"""All registers of the city in their tree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from bilan.pack.registers.loading import faults
from bilan.people.roles import Capability, Right
from bilan.registers.ledger import Ledger
from bilan.web.areas.registers.asof import AsOf
from bilan.web.areas.registers.lookup import EDITS, SEES
from bilan.web.areas.registers.tree import tree
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.pages import show
from bilan.web.registry import Request, page

LATEST = 8
SHOWN = 20
"""Mistakes of declarations that the page lists; `bilan pack check` lists all."""


@page("registers", name="registers", section="registers", reads=SEES, writes=EDITS)
def index(request: Request) -> HttpResponse:
    """The tree of registers with counts, the latest changes, and the way to everything else."""
    branches = tree(request.ledger, request.district)
    language = numbers.language()
    shown = [
        {
            "title": branch.group.title.text(language),
            "icon": branch.group.icon,
            "code": branch.group.code,
            "entries": branch.entries,
            "leaves": [
                {
                    "name": leaf.register.name,
                    "title": leaf.register.title.text(language),
                    "about": leaf.register.about.text(language),
                    "icon": leaf.register.style.icon,
                    "entries": leaf.entries,
                    "mapped": leaf.register.mapped,
                    "open": leaf.register.sensitivity.value,
                }
                for leaf in branch.leaves
            ],
        }
        for branch in branches
    ]
    return show(
        request,
        "registers/index.html",
        branches=shown,
        total=sum(branch.entries for branch in branches),
        registers=sum(len(branch.leaves) for branch in branches),
        latest=_latest(request.ledger),
        faults=_faults(request),
        as_of=AsOf.of(request),
        links=[
            (link(name), icon, name)
            for name, icon in (("register-changes", "history"), ("coverage", "checklist"), ("register-lists", "list-check"))
            if link(name)
        ],
    )


def _faults(request: Request) -> list[str]:
    """What is wrong with the city's declarations, for those who may put it right."""
    if not request.ledger.scope.can(Right(Capability.DECLARE, "registers")):
        return []
    return [problem.text(numbers.language()) for problem in faults(settings.CITY.pack)[:SHOWN]]


def _latest(ledger: Ledger) -> list[dict[str, Any]]:
    """The latest change sets the reader may know of."""
    language = numbers.language()
    found = []
    for change in ledger.changes()[:LATEST]:
        names = [ledger.declared.registers[name] for name in change.registers if name in ledger.declared.registers]
        found.append(
            {
                "href": link("register-change", change.pk),
                "when": f"{timezone.localtime(change.made):%m-%d %H:%M}",
                "who": change.author,
                "what": "、".join(register.title.text(language) for register in names[:3]),
                "reason": change.reason,
                "counts": change.counts,
            }
        )
    return found
