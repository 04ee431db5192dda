"""The dossier of an entry: as a page, as a drawer, and on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.pack.registers import Register
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.registers.dossier import build
from bilan.registers.ledger import Record
from bilan.registers.models import Entry
from bilan.registers.printing import FORMS, Printed
from bilan.web import site
from bilan.web.areas.cases.ofentry import cases_of
from bilan.web.areas.dossier.around import around
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("registers/<slug:register>/entries/<str:code>", name="dossier", section="registers")
def dossier(request: Request, register: str, code: str) -> HttpResponse:
    """Everything about one entry; a former code leads to the entry it is now."""
    record = request.ledger.entry(register, code)
    declared = request.ledger.register(register)
    survivor = _survivor(request, record)
    if survivor is not None or record.code != code:
        query = request.GET.urlencode()
        address = reverse("dossier", args=[register, (survivor or record).code])
        return redirect(f"{address}?{query}" if query else address)
    language = numbers.language()
    found = build(request.ledger, request.monitoring, record, language)
    if form := request.GET.get("export", ""):
        request.ledger.require(Capability.EXPORT, declared, record)
        return _file(request, form, found)
    template = "dossier/drawer.html" if request.GET.get("part") == "drawer" else "dossier/dossier.html"
    return show(
        request,
        template,
        dossier=found,
        around=around(found, language),
        cases=cases_of(request, register, record.code) if request.ledger.as_of is None else None,
        exports=request.ledger.can(Capability.EXPORT, declared, record),
        tabs=tabs(request, declared, record, "dossier"),
        **about(request, declared, record),
    )


def about(request: Request, register: Register, record: Record) -> dict[str, Any]:
    """What the head of every page of an entry needs."""
    return {
        "register": register,
        "record": record,
        "title": record.name or record.code,
        "register_title": register.title.text(numbers.language()),
        "singular": register.singular.text(numbers.language()),
        "state": register.state.get(record.status),
        "as_of": request.ledger.as_of,
        "editable": request.ledger.as_of is None and not record.archived and request.ledger.can(Capability.EDIT, register, record),
    }


def tabs(request: Request, register: Register, record: Record, current: str) -> list[dict[str, Any]]:
    """The pages of an entry."""
    as_of = request.GET.get("as_of", "")
    names = {"dossier": _("Dossier"), "register-history": _("History")}
    if register.name == "enterprise":
        names["one-permit"] = _("One permit")
    return [
        {
            "href": reverse(name, args=[record.code] if name == "one-permit" else [register.name, record.code])
            + (f"?as_of={quote(as_of)}" if as_of else ""),
            "title": title,
            "current": name == current,
        }
        for name, title in names.items()
    ]


def _survivor(request: Request, record: Record) -> Record | None:
    """The entry that this one was merged into, when it can be seen."""
    if not isinstance(record, Entry) or not record.archived or record.merged_id is None:
        return None
    return request.ledger.by_numbers([record.merged_id]).get(record.merged_id)


def _file(request: Request, form: str, found: Any) -> HttpResponse:
    if form not in FORMS:
        raise BilanError(Problem("web.bad_parameter", {"name": "export", "value": form, "allowed": list(FORMS)}))
    city = site.city()
    printed = Printed(
        dossier=found,
        language=numbers.language(),
        city=city.name_en if numbers.language() == "en" else city.name_zh,
        person=str(request.user),
        moment=timezone.localtime().replace(tzinfo=None),
        as_of=request.GET.get("as_of", "") if request.ledger.as_of is not None else "",
        demo=city.demo,
        outlines=site.outlines(),
    )
    content, mime = FORMS[form](printed)
    response = HttpResponse(content, content_type=mime)
    name = quote(f"{found.record.code} {found.record.name}.{form}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
