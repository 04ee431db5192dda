"""Organisations: the tree, adding and changing."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bilan.people import audit
from bilan.people.models import Kind, Organisation, Person
from bilan.people.visibility import NotVisible
from bilan.web.areas.people import frame
from bilan.web.areas.people.forms import OrganisationForm
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("people/organisations", name="organisations", section=frame.SECTION, reads=frame.READ, writes=frame.WRITE)
def organisations(request: Request) -> HttpResponse:
    """Every organisation, each below the one it belongs to."""
    may = request.monitoring.scope.can(frame.WRITE)
    return show(request, "people/organisations.html", tabs=frame.tabs("organisations"), table=_table(request), may=may)


@page("people/organisations/new", name="organisation-new", section=frame.SECTION, reads=frame.WRITE, writes=frame.WRITE)
def organisation_new(request: Request) -> HttpResponse:
    """Add an organisation."""
    return _form(request, Organisation(), "organisation.add")


@page("people/organisations/<str:code>", name="organisation", section=frame.SECTION, reads=frame.READ, writes=frame.WRITE)
def organisation(request: Request, code: str) -> HttpResponse:
    """Change an organisation."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotVisible(code)
    return _form(request, found, "organisation.edit")


def _form(request: Request, entry: Organisation, action: str) -> HttpResponse:
    form = OrganisationForm(request.POST or None, instance=entry)
    if request.method == "POST" and form.is_valid():
        changed = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        saved = form.save()
        audit.record(action, saved.code, request=request, detail=changed)
        messages.success(request, _("Saved."))
        return redirect("organisations")
    values = {
        "form": form,
        "entry": entry if entry.pk else None,
        "may": request.monitoring.scope.can(frame.WRITE),
        "persons": Person.objects.filter(organisation=entry.code).order_by("username") if entry.pk else [],
        "below": entry.children.all() if entry.pk else [],
        "tabs": frame.tabs("organisations"),
    }
    return show(request, "people/organisation.html", **values)


def _table(request: Request) -> Table:
    counts = dict(Person.objects.exclude(organisation="").values_list("organisation").annotate(Count("pk")))
    kinds = dict(Kind.choices)
    rows = [
        {
            "place": place,
            "depth": depth,
            "name": entry.name(numbers.language()),
            "code": entry.code,
            "kind": entry.kind,
            "kind_name": str(kinds[entry.kind]),
            "district": frame.district_name(entry.district) if entry.district else "",
            "uscc": entry.uscc,
            "persons": counts.get(entry.code, 0),
            "valid": " – ".join(str(day or "") for day in (entry.valid_from, entry.valid_to)) if entry.valid_from or entry.valid_to else "",
        }
        for place, (depth, entry) in enumerate(_tree())
    ]
    columns = [
        Column("name", _("Name"), render=_indented, href=lambda row: reverse("organisation", args=[row["code"]])),
        Column("code", _("Code"), wide=True),
        Column("kind_name", _("Kind")),
        Column("district", _("District"), wide=True),
        Column("uscc", _("Unified social credit code"), wide=True),
        Column("persons", _("Persons"), kind="number"),
        Column("valid", _("Valid"), wide=True),
        Column("place", _("Place in the tree"), kind="number", shown=False),
    ]
    filters = [Filter("kind", _("Kind"), [(code, str(title)) for code, title in Kind.choices])]
    return Table(
        "organisations", columns, rows, request.GET, ("name", "code", "uscc", "district"), filters, sort="place", caption=_("Organisations")
    )


def _indented(row: Row) -> str:
    return format_html('<span style="padding-inline-start:{}rem">{}</span>', 1.2 * row["depth"], row["name"])


def _tree() -> Iterator[tuple[int, Organisation]]:
    """Every organisation with how deep it lies, each before those below it."""
    below: dict[int | None, list[Organisation]] = {}
    for entry in Organisation.objects.all():
        below.setdefault(entry.parent_id, []).append(entry)

    def walk(parent: int | None, depth: int) -> Iterator[tuple[int, Organisation]]:
        for entry in below.get(parent, []):
            yield depth, entry
            yield from walk(entry.pk, depth + 1)

    return walk(None, 0)
