"""A list's address under a name: one's own, or for everybody who may see the register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.pack.registers import Register
from bilan.people.roles import Capability
from bilan.registers.models import SavedView
from bilan.web.areas.registers.lookup import SEES
from bilan.web.registry import Request, page

LONGEST_NAME, LONGEST_QUERY, MOST = 80, 2000, 50
IGNORED = ("page", "export", "table", "part", "csrfmiddlewaretoken")


@page("registers/<slug:register>/views", name="register-views", section="registers", reads=SEES, writes=SEES)
def views(request: Request, register: str) -> HttpResponse:
    """Keep the list as it stands under a name, or forget one of one's own; leads back to the list."""
    declaration = request.ledger.register(register)
    query = kept(request.POST.get("query", ""))
    if request.method == "POST" and (number := request.POST.get("forget", "")):
        SavedView.objects.filter(pk=int(number) if number.isascii() and number.isdigit() else 0, person=request.user).delete()
    elif request.method == "POST":
        name = " ".join(request.POST.get("name", "").split())[:LONGEST_NAME]
        shared = request.POST.get("shared") == "1" and request.ledger.can(Capability.EDIT, declaration)
        full = SavedView.objects.filter(person=request.user, register=register).count() >= MOST
        if name and not full and len(query) <= LONGEST_QUERY:
            SavedView.objects.update_or_create(
                person=request.user, register=register, name=name, defaults={"query": query, "shared": shared}
            )
            messages.success(request, _("Kept as “%(name)s”") % {"name": name})
        else:
            messages.error(request, _("A view needs a name; at most %(most)d are kept") % {"most": MOST})
    return redirect(reverse("register-list", args=[register]) + (f"?{query}" if query else ""))


def kept(query: str) -> str:
    """What of an address makes a view: filters, words, sorting, columns."""
    values = QueryDict(query[: 2 * LONGEST_QUERY].lstrip("?"), mutable=True)
    for name in IGNORED:
        values.pop(name, None)
    for name in [name for name in values if not values[name]]:
        values.pop(name)
    return values.urlencode()


def of(request: Request, register: Register) -> list[dict[str, Any]]:
    """The views of a register that the reader has: own ones first."""
    now = kept(request.GET.urlencode())
    found = SavedView.objects.filter(Q(person=request.user) | Q(shared=True), register=register.name).select_related("person")
    own = request.user.pk
    views = sorted(found, key=lambda view: (view.person_id != own, view.name))
    return [
        {
            "number": view.pk,
            "name": view.name,
            "href": f"?{view.query}",
            "own": view.person_id == own,
            "owner": "" if view.person_id == own else str(view.person),
            "shared": view.shared,
            "current": view.query == now,
        }
        for view in views
    ]
