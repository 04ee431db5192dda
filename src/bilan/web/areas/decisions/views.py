"""The page of public decisions, which anybody may open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.casework.published import decisions, unnamed
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.pages import show
from bilan.web.registry import public


@public
def published(request: HttpRequest) -> HttpResponse:
    """Cases with a public decision; of all others only how many there are in each district."""
    found, waiting = decisions(), unnamed()
    language = numbers.language()
    side = 1 if language == "en" else 0
    names = {entry.adcode: numbers.named(entry) for entry in site.districts()}
    rows = [
        {
            "code": entry.code,
            "name": entry.name or None,
            "flow": entry.flow[side],
            "state": entry.state[side],
            "district": names.get(entry.district, entry.district) or None,
            "published": timezone.localtime(entry.published).date().isoformat(),
        }
        for entry in found
    ]
    table = Table(
        "decisions",
        [
            Column("name", _("Whom it concerns")),
            Column("flow", _("Matter")),
            Column("state", _("Result")),
            Column("district", _("District")),
            Column("published", _("Public since")),
            Column("code", _("Number"), wide=True),
        ],
        rows,
        request.GET,
        search=("name", "flow", "code"),
        filters=(
            Filter("flow", _("Matter"), [(title, title) for title in sorted({entry.flow[side] for entry in found})]),
            Filter("district", _("District"), [(name, name) for name in sorted({row["district"] for row in rows if row["district"]})]),
        ),
        sort="-published",
        caption=_("Public decisions"),
        empty=_("Nothing is public yet."),
    )
    counts = [{"name": names.get(code, code) or _("Whole city"), "number": number} for code, number in waiting.items()]
    return show(request, "decisions/decisions.html", table=table, counts=counts, total=sum(waiting.values()))
