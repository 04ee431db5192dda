"""The registers as layers of the map: the tree by medium and department with counts, and how each is drawn and filtered."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.pack.registers import Field, FieldType, Register
from bilan.people.roles import Capability
from bilan.registers import filtering
from bilan.web.areas.tiles.views import readable_style
from bilan.web.components import numbers
from bilan.web.components.entries import link, readable
from bilan.web.registry import Request

MOST_TERMS = 80
"""Terms a filter may offer; longer vocabularies are filtered in the register's list."""


def mapped(request: Request, capability: Capability = Capability.SEE) -> list[Register]:
    """Registers whose entries have a place and of which the reader may see any."""
    return [register for register in request.ledger.registers(capability) if register.mapped]


def tree(request: Request) -> list[dict[str, Any]]:
    """The layers, in the order of their groups, each with how many entries with a place the reader may see."""
    registers = mapped(request)
    counts = _counts(request, registers)
    groups, language = request.ledger.declared.groups, numbers.language()
    return [
        {
            "name": register.name,
            "title": register.title.text(language),
            "group": groups[register.group].title.text(language) if register.group in groups else register.group,
            "icon": groups[register.group].icon if register.group in groups else "",
            "department": register.department.text(language) or _("Without a department"),
            "count": counts.get(register.name, 0),
            "geometry": register.geometry,
            "colour": register.style.colour,
            "shape": register.style.shape,
            "zoom": register.style.zoom,
        }
        for register in registers
    ]


def _counts(request: Request, registers: list[Register]) -> dict[str, int]:
    found = request.ledger.visible(registers).filter(archived=False, west__isnull=False)
    if request.district:
        found = found.filter(Q(district=request.district) | Q(district=""))
    return dict(found.order_by().values("register").annotate(count=Count("pk")).values_list("register", "count"))


def layer(request: Request, register: Register) -> dict[str, Any]:
    """How one register is drawn: the choices that colour it, and what it can be filtered by."""
    language, by = numbers.language(), readable_style(request, register)
    vocabularies = request.ledger.declared.vocabularies
    terms = vocabularies[register.fields[by].of].terms if by else ()
    open_fields = readable(request.ledger, register)
    offered = [field for field in filtering.filters_of(register) if _offered(request, field, open_fields)]
    return {
        "by": register.fields[by].title.text(language) if by else "",
        "choices": [{"code": term.code, "title": term.title.text(language), "colour": term.colour} for term in terms],
        "field": by,
        "filters": [_status(register), *(_filter(request, field) for field in offered)],
        "list": link("register-list", register.name),
        "tiles": reverse("tiles", args=[register.name, 0, 0, 0]).replace("/0/0/0.mvt", "/{z}/{x}/{y}.mvt"),
    }


def _status(register: Register) -> dict[str, Any]:
    language = numbers.language()
    return {
        "name": "status",
        "title": _("State"),
        "terms": [{"code": state.code, "title": state.title.text(language)} for state in register.states],
    }


def _offered(request: Request, field: Field, open_fields: frozenset[str]) -> bool:
    if field.name not in open_fields:
        return False
    if field.type is FieldType.BOOLEAN:
        return True
    return field.type is FieldType.CHOICE and len(request.ledger.declared.vocabularies[field.of].terms) <= MOST_TERMS


def _filter(request: Request, field: Field) -> dict[str, Any]:
    language = numbers.language()
    if field.type is FieldType.BOOLEAN:
        terms = [{"code": "true", "title": _("Yes")}, {"code": "false", "title": _("No")}]
    else:
        terms = [{"code": term.code, "title": term.title.text(language)} for term in request.ledger.declared.vocabularies[field.of].terms]
    return {"name": field.name, "title": field.title.text(language), "terms": terms}
