"""The page that shows how far the platform realises the two plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.web.areas.coverage.rows import STATUSES, Item, counts, groups, items
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

STATES = {
    "works": ("ok", gettext_lazy("Works")),
    "partly": ("risk", gettext_lazy("Partly")),
    "not yet": ("quiet", gettext_lazy("Not yet")),
}
"""Status → tone and words."""
PLANS = {"xiamen": gettext_lazy("Xiamen"), "quanzhou": gettext_lazy("Quanzhou")}


@page("coverage", name="coverage", section="registers")
def coverage(request: Request) -> HttpResponse:
    """Every item of the plans by group, with how far it is realised, by what, and what is missing."""
    found, language = items(), numbers.language()
    titles = {entry.name: entry.title.text(language) for entry in request.ledger.registers()}
    total = Counter(item.status for item in found)
    return show(
        request,
        "coverage/coverage.html",
        table=_table(request, [_row(item, titles) for item in found]),
        total=len(found),
        states=[{"status": name, "tone": STATES[name][0], "words": STATES[name][1], "count": total[name]} for name in STATUSES],
        groups=[
            {
                "code": code,
                "title": groups()[code].text(language),
                "total": sum(counted.values()),
                "parts": [{"status": name, "count": counted[name], "words": STATES[name][1]} for name in STATUSES],
                "chosen": request.GET.get("group") == code,
            }
            for code, counted in counts(found)
        ],
    )


def _row(item: Item, titles: dict[str, str]) -> Row:
    language = numbers.language()
    return {
        "id": item.id,
        "code": item.id,
        "name": item.title.text(language),
        "english": item.title.en,
        "group": item.group,
        "plan": item.plan,
        "article": f"{PLANS[item.plan]} {item.article}",
        "status": item.status,
        "registers": ", ".join(titles[name] for name in item.registers if name in titles) or None,
        "links": [(reverse("register-list", args=[name]), titles[name]) for name in item.registers if name in titles],
        "note": item.note.text(language) or None,
        "test": item.test or None,
        "files": " ".join(item.files) or None,
    }


def _table(request: Request, rows: list[Row]) -> Table:
    language = numbers.language()
    return Table(
        "coverage",
        [
            Column("id", _("No."), wide=True),
            Column("name", _("What the plan calls for")),
            Column("status", _("State"), render=_status),
            Column("registers", _("Registers"), render=_links),
            Column("note", _("What is there, what is missing"), sortable=False),
            Column("article", _("Plan and article"), wide=True),
            Column("group", _("Group"), shown=False),
            Column("test", _("Shown by"), shown=False),
            Column("files", _("Files"), shown=False, sortable=False),
        ],
        rows,
        request.GET,
        search=("id", "name", "english", "registers", "note", "article"),
        filters=(
            Filter("group", _("Group"), [(code, f"{code} {title.text(language)}") for code, title in groups().items()]),
            Filter("status", _("State"), [(name, str(words)) for name, (_tone, words) in STATES.items()]),
            Filter("plan", _("Plan"), [(name, str(words)) for name, words in PLANS.items()]),
        ),
        sort="id",
        caption=_("What the plans call for and how far it is realised"),
    )


def _status(row: Row) -> SafeString:
    tone, words = STATES[row["status"]]
    return format_html('<span class="status status-{}">{}</span>', tone, words)


def _links(row: Row) -> SafeString | str:
    links: Collection[Any] = row["links"]
    return format_html_join(", ", '<a href="{}">{}</a>', links) if links else numbers.NOTHING
