"""Roles: what each of them may, as it is declared."""

from __future__ import annotations

from collections import Counter

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bilan.pack.roles import GROUP, KERNEL, REGISTERS, Grant
from bilan.people.models import Person
from bilan.web.areas.people import frame, words
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("people/roles", name="roles", section=frame.SECTION, reads=frame.READ, writes=frame.WRITE)
def roles(request: Request) -> HttpResponse:
    """Every role and its grants."""
    held = Counter(code for codes in Person.objects.filter(is_active=True).values_list("roles", flat=True) for code in codes)
    language = numbers.language()
    known = [
        {
            "code": role.code,
            "title": role.title.text(language),
            "about": role.about.text(language),
            "factor": role.second_factor,
            "excludes": " · ".join(frame.role_title(code) for code in role.excludes),
            "held": held[role.code],
        }
        for role in frame.known_roles().values()
    ]
    return show(request, "people/roles.html", tabs=frame.tabs("roles"), roles=known, table=_table(request))


def _table(request: Request) -> Table:
    rows = [
        {
            "role": role.code,
            "title": role.title.text(numbers.language()),
            "on": " · ".join(_on(request, target) for target in grant.on),
            "may": " · ".join(str(title) for code, title in words.CAPABILITIES.items() if code in grant.may),
            "extent": str(words.EXTENTS[grant.extent]),
            "sensitivity": _sensitivity(grant),
        }
        for role in frame.known_roles().values()
        for grant in role.grants
    ]
    columns = [
        Column("title", _("Role")),
        Column("on", _("On")),
        Column("may", _("May")),
        Column("extent", _("How far")),
        Column("sensitivity", _("Sensitivity")),
    ]
    filters = [Filter("role", _("Role"), frame.role_choices())]
    return Table("roles", columns, rows, request.GET, ("title", "on", "may"), filters, size=100, caption=_("What each role may"))


def _on(request: Request, target: str) -> str:
    """What a grant is about, in words."""
    if target.startswith(KERNEL):
        return str(words.KERNELS[target.removeprefix(KERNEL)])
    if target == f"{REGISTERS}*":
        return _("All registers")
    code, declared, language = target.partition("/")[2], request.ledger.declared, numbers.language()
    if target.startswith(GROUP):
        return declared.groups[code].title.text(language) if code in declared.groups else code
    return declared.registers[code].title.text(language) if code in declared.registers else code


def _sensitivity(grant: Grant) -> str:
    if not grant.on_any_register:
        return ""
    return " · ".join(str(title) for code, title in words.SENSITIVITIES.items() if code in grant.sensitivities)
