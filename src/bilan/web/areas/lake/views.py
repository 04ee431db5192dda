"""The catalogue of the lake, and one table of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.lake import Manifest
from bilan.lake.asking import is_register
from bilan.lake.places import geometries
from bilan.pack.indicators import Table as Declared
from bilan.people.roles import Action
from bilan.people.visibility import NotVisible
from bilan.web.areas.lake.freshness import Freshness, moment
from bilan.web.areas.lake.opening import ways
from bilan.web.areas.lake.seen import one, readable
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

PLATFORM, REGISTERS = "platform", "registers"
MEGABYTE = 1e6


@page("lake", name="lake", section="explorer")
def catalogue(request: Request) -> HttpResponse:
    """Every table with its size and freshness."""
    freshness = Freshness.now_of(may_know_why=request.monitoring.can(Action.ADMINISTER))
    held = {table.name: (table, manifest) for table, manifest in readable(request)}
    found = [_row(*entry, freshness) for entry in held.values()]
    kinds = [(PLATFORM, _("Of the platform")), (REGISTERS, _("Of the registers"))]
    table = Table(
        "lake",
        [
            Column("title", _("Table"), href=lambda row: reverse("lake-table", args=[row["name"]])),
            Column("name", _("Name in queries")),
            Column("rows", _("Row count"), "number", decimals=0),
            Column("megabytes", _("Size"), "number", unit="MB", decimals=1, wide=True),
            Column("span", _("Days it holds"), wide=True),
            Column("lineage", _("Made from"), wide=True),
            Column("checked", _("Brought up to date"), "time"),
            Column("state", _("State")),
        ],
        found,
        request.GET,
        search=("title", "name", "lineage"),
        filters=[Filter("kind", _("Kind"), kinds), Filter("fresh", _("State"), freshness.states())],
        sort="-rows",
        caption=_("Tables of the lake"),
        size=100,
    )
    written = sum(1 for row in found if row["rows"] is not None)
    return show(
        request,
        "lake/lake.html",
        table=table,
        written=written,
        total=len(found),
        megabytes=sum(row["megabytes"] or 0 for row in found),
        freshness=freshness,
        faults=freshness.faults({row["name"]: row["title"] for row in found}, {name: entry[1] for name, entry in held.items()}),
    )


@page("lake/<str:table>", name="lake-table", section="explorer")
def table(request: Request, table: str) -> HttpResponse:
    """One table: columns, where it comes from, its files, how to open it."""
    found = one(request, table)
    if found is None:
        raise NotVisible(table)
    declared, held = found
    language = numbers.language()
    freshness = Freshness.now_of(may_know_why=request.monitoring.can(Action.ADMINISTER))
    return show(
        request,
        "lake/table.html",
        freshness=freshness,
        faults=freshness.faults({declared.name: declared.title.text(language)}, {declared.name: held}),
        declared=declared,
        title=declared.title.text(language),
        about=declared.about.text(language),
        lineage=declared.lineage.text(language),
        held=held,
        megabytes=held.size / MEGABYTE if held else 0,
        checked=moment(held.checked) if held else None,
        span=_span(held),
        columns=_columns(request, declared),
        files=_files(request, held),
        ways=ways(declared.name, declared.by, places=bool(geometries(declared))),
    )


def _row(declared: Declared, held: Manifest | None, freshness: Freshness) -> Row:
    language = numbers.language()
    title = declared.title.text(language)
    past = declared.name.startswith("history.")
    return {
        "name": declared.name,
        "title": _("%(title)s: history") % {"title": title} if past else title,
        "lineage": declared.lineage.text(language),
        "kind": REGISTERS if is_register(declared.name) else PLATFORM,
        "rows": held.rows if held else None,
        "megabytes": held.size / MEGABYTE if held else None,
        "span": _span(held),
        "checked": moment(held.checked) if held else None,
        "fresh": freshness.of(declared.name, held),
        "state": dict(freshness.states())[freshness.of(declared.name, held)],
    }


def _columns(request: Request, declared: Declared) -> Table:
    language = numbers.language()
    rows = [
        {"place": place, "column": column.name, "meaning": column.title.text(language), "type": column.type, "unit": column.unit}
        for place, column in enumerate(declared.columns.values(), 1)
    ]
    heads = [
        Column("place", _("No."), "number", wide=True),
        Column("column", _("Column")),
        Column("meaning", _("Meaning")),
        Column("type", _("Type"), wide=True),
        Column("unit", _("Unit")),
    ]
    return Table("columns", heads, rows, request.GET, size=200, sort="place", prefix="c-", caption=_("Columns"))


def _files(request: Request, held: Manifest | None) -> Table:
    rows = [
        {"file": part.file, "rows": part.rows, "kilobytes": part.size / 1e3, "first": part.first, "last": part.last}
        for part in (held.parts if held else ())
    ]
    heads = [
        Column("file", _("File")),
        Column("rows", _("Row count"), "number", decimals=0),
        Column("kilobytes", _("Size"), "number", unit="kB", decimals=0),
        Column("first", _("First day"), wide=True),
        Column("last", _("Last day"), wide=True),
    ]
    return Table("files", heads, rows, request.GET, size=24, sort="-file", prefix="f-", caption=_("Files"), empty=_("Not published yet"))


def _span(held: Manifest | None) -> str:
    first, last = held.span if held else ("", "")
    return f"{first} – {last}" if first else ""
