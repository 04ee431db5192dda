"""Analyses kept under a name: one's own, or shared with whoever may see all of its points."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.people.roles import Action
from bilan.registers.models import SavedView
from bilan.web.api import arguments
from bilan.web.registry import Request, page

KEPT_UNDER = "@analysis"
"""In place of a register's name, which never begins like this."""
LONGEST_NAME, LONGEST_QUERY, MOST = 80, 2000, 50


@page("analysis/saved", name="analysis-saved", section="explorer", writes=Action.SEE)
def saved(request: Request) -> HttpResponse:
    """Keep an analysis under a name, or forget one of one's own; leads back to it."""
    query = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY].lstrip("?")).urlencode()
    if request.method == "POST" and (number := request.POST.get("forget", "")):
        own = SavedView.objects.filter(person=request.user, register=KEPT_UNDER)
        own.filter(pk=int(number) if number.isascii() and number.isdigit() else 0).delete()
    elif request.method == "POST":
        name = " ".join(request.POST.get("name", "").split())[:LONGEST_NAME]
        shared = request.POST.get("shared") == "1" and request.monitoring.can(Action.OPERATE)
        full = SavedView.objects.filter(person=request.user, register=KEPT_UNDER).count() >= MOST
        if name and not full:
            kept = {"query": query, "shared": shared}
            SavedView.objects.update_or_create(person=request.user, register=KEPT_UNDER, name=name, defaults=kept)
            messages.success(request, _("Kept as “%(name)s”") % {"name": name})
        else:
            messages.error(request, _("An analysis needs a name; at most %(most)d are kept") % {"most": MOST})
    return redirect(reverse("analysis") + (f"?{query}" if query else ""))


def of(request: Request) -> list[dict[str, Any]]:
    """What the reader has: own ones first; shared ones only when all their points may be seen."""
    own = request.user.pk
    seen = {point.code for point in request.monitoring.points()}
    found = SavedView.objects.filter(Q(person=request.user) | Q(shared=True), register=KEPT_UNDER).select_related("person")
    return [
        {
            "number": view.pk,
            "name": view.name,
            "href": f"{reverse('analysis')}?{view.query}",
            "own": view.person_id == own,
            "owner": "" if view.person_id == own else str(view.person),
            "shared": view.shared,
        }
        for view in sorted(found, key=lambda view: (view.person_id != own, view.name))
        if view.person_id == own or _points(view.query) <= seen
    ]


def _points(query: str) -> set[str]:
    values = QueryDict(query)
    return {*(arguments.codes(values.get("points", "")) or []), *(arguments.codes(values.get("met", "")) or [])}
