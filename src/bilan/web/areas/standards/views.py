"""Pages of the standards: the tables, one table with its editions, two editions compared, what is not verified."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.people.visibility import NotVisible
from bilan.problems import BilanError
from bilan.science import catalogue
from bilan.science.catalogue import Edition, TableInfo
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.standards import changes
from bilan.web.areas.standards.columns import heading, titled, worded
from bilan.web.areas.standards.tabs import KINDS, MEDIA, confidence, tabs, title_of
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

MODULES = (changes,)
"""Modules whose pages are registered because they are loaded."""
SHOWN = 2
"""Standards of a table that are named in the list."""
WIDE = 8
"""Columns of a table that are shown until the reader chooses."""
LAST = ("confidence", "note", "source_key", "source", "rule_id")


@page("standards", name="standards", section="ranking")
def standards(request: Request) -> HttpResponse:
    """Every table of the standards with its editions and how much of it is verified."""
    unsure = dict(catalogue.unverified().group_by("table").len().iter_rows())
    today = _today()
    found = [_listed(entry, unsure.get(entry.name, 0), today) for entry in catalogue.tables()]
    table = Table(
        "standards",
        [
            Column("title", _("Table"), href=lambda row: row["href"]),
            Column("medium_title", _("Medium")),
            Column("kind_title", _("Kind")),
            Column("standards", _("Standard")),
            Column("force", _("In force since"), wide=True),
            Column("rows", _("Rows"), kind="number"),
            Column("unsure", _("Not verified"), kind="number"),
            Column("name", _("File"), shown=False),
        ],
        found,
        request.GET,
        search=("title", "standards", "name"),
        filters=(
            Filter("medium", _("Medium"), [(name, str(words)) for name, words in MEDIA.items()]),
            Filter("kind", _("Kind"), [(name, str(words)) for name, words in KINDS.items()]),
        ),
        sort="medium_title",
        caption=_("Tables of the standards"),
    )
    return show(request, "standards/list.html", table=table, tabs=tabs("standards"), total=len(found), unsure=sum(unsure.values()))


@page("standards/tables/<slug:standard>", name="standard-table", section="ranking")
def standard_table(request: Request, standard: str) -> HttpResponse:
    """Rows of one table, of one edition when it is chosen."""
    entry = _info(standard)
    editions = catalogue.editions(standard)
    chosen = request.GET.get("edition", "")
    rows = [
        {name: worded(value) if name != "confidence" else value for name, value in row.items()}
        for row in catalogue.rows(standard, chosen).to_dicts()
    ]
    names = list(rows[0]) if rows else []
    names = [name for name in names if name not in LAST] + [name for name in LAST if name in names]
    filled = [name for name in names if any(row[name] for row in rows)]
    table = Table(
        f"standard-{standard}",
        [_column(name, place) for place, name in enumerate(filled)],
        rows,
        request.GET,
        search=tuple(filled),
        sort="",
        caption=title_of(entry),
    )
    return show(
        request,
        "standards/table.html",
        table=table,
        tabs=tabs("standards"),
        title=title_of(entry),
        entry=entry,
        editions=[_edition(standard, edition, chosen) for edition in editions],
        compared=f"{reverse('standard-changes')}?of={standard}" if changes.newest_pair(standard) else "",
    )


@page("standards/unverified", name="standards-unverified", section="ranking")
def unverified(request: Request) -> HttpResponse:
    """Every row that rests on recollection and is first to be checked against the text."""
    titles = {entry.name: title_of(entry) for entry in catalogue.tables()}
    what = "what_en" if request.LANGUAGE_CODE == "en" else "what_zh"
    rows = [
        {
            **row,
            "what": row[what],
            "table_title": titles[row["table"]],
            "medium_title": str(MEDIA.get(row["medium"], row["medium"])),
            "href": reverse("standard-table", args=[row["table"]]),
        }
        for row in catalogue.unverified().to_dicts()
    ]
    table = Table(
        "standards-unverified",
        [
            Column("table_title", _("Table"), href=lambda row: row["href"]),
            Column("row", _("Line"), kind="number", wide=True),
            Column("what", _("What")),
            Column("value", _("Value")),
            Column("standard", _("Standard")),
            Column("clause", _("Clause"), wide=True),
            Column("confidence", _("Confidence"), render=confidence),
            Column("note", _("Note"), wide=True, sortable=False),
        ],
        rows,
        request.GET,
        search=("table_title", "what", "standard", "note"),
        filters=(Filter("medium", _("Medium"), [(name, str(words)) for name, words in MEDIA.items()]),),
        sort="table_title",
        caption=_("Not verified"),
    )
    return show(request, "standards/unverified.html", table=table, tabs=tabs("standards-unverified"), total=len(rows))


def _info(name: str) -> TableInfo:
    try:
        return catalogue.info(name)
    except BilanError as error:
        raise NotVisible(name) from error


def _listed(entry: TableInfo, unsure: int, today: date) -> Row:
    editions = catalogue.editions(entry.name)
    held = [
        edition for edition in editions if edition.begins and edition.begins <= today and (edition.ends is None or today <= edition.ends)
    ]
    return {
        "name": entry.name,
        "title": title_of(entry),
        "medium": entry.medium,
        "medium_title": str(MEDIA.get(entry.medium, entry.medium)),
        "kind": entry.kind,
        "kind_title": str(KINDS.get(entry.kind, entry.kind)),
        "standards": _named(list(dict.fromkeys(edition.standard for edition in editions))),
        "force": max((edition.begins.isoformat() for edition in held if edition.begins), default=None),
        "rows": catalogue.rows(entry.name).height,
        "unsure": unsure or None,
        "href": reverse("standard-table", args=[entry.name]),
    }


def _named(standards: list[str]) -> str | None:
    """The first of the standards, and how many more."""
    if len(standards) <= SHOWN:
        return ", ".join(standards) or None
    return _("%(first)s and %(more)s more") % {"first": ", ".join(standards[:SHOWN]), "more": len(standards) - SHOWN}


def _column(name: str, place: int) -> Column:
    if name == "confidence":
        return Column(name, heading(name), render=confidence)
    return Column(name, heading(name), shown=place < WIDE, wide=place >= WIDE // 2)


def _edition(standard: str, edition: Edition, chosen: str) -> dict[str, Any]:
    return {
        "name": titled(edition.name),
        "href": f"?edition={edition.name.replace('+', '%2B')}" if edition.name != chosen else reverse("standard-table", args=[standard]),
        "begins": edition.begins,
        "ends": edition.ends,
        "rows": edition.rows,
        "current": edition.name == chosen,
    }


def _today() -> date:
    return clock.moment(clock.now(site.city().timezone)).date()
