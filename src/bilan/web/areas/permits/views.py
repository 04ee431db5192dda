"""One permit: every clause beside what was reported, measured, inspected and decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.casework.permits import Clause, OnePermit, Permit, build
from bilan.registers.ledger import Record
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.dossier.views import about, tabs
from bilan.web.areas.permits import words
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST = 3
"""Entries named in a cell; the rest is counted."""


@page("registers/enterprise/entries/<str:code>/permit", name="one-permit", section="registers")
def one_permit(request: Request, code: str) -> HttpResponse:
    """The permits of an enterprise, clause by clause, with the gaps."""
    record = request.ledger.entry("enterprise", code)
    found = build(request.ledger, request.monitoring, request.docket, record, clock.now(site.city().timezone))
    tables = [_table(request, found, permit) for permit in found.permits]
    exported: dict[str, Any] = {table.id: table for table in tables}
    return show(
        request,
        "permits/permit.html",
        one=found,
        permits=[{"permit": permit, "table": table} for permit, table in zip(found.permits, tables, strict=True)],
        gaps=sum(permit.gaps for permit in found.permits),
        clauses=sum(len(permit.clauses) for permit in found.permits),
        **exported,
        tabs=tabs(request, request.ledger.register("enterprise"), record, "one-permit"),
        **about(request, request.ledger.register("enterprise"), record),
    )


def _table(request: Request, one: OnePermit, permit: Permit) -> Table:
    return Table(
        f"clauses-{permit.record.code}",
        [
            Column("says", _("What the permit says"), render=lambda row: row["says_html"], sortable=False),
            Column("outlet", _("Outlet"), render=_outlet),
            Column("state", _("What is missing"), render=_gaps),
            Column("measured", _("Measured in %(days)d days") % {"days": round((one.end - one.begin) / 86400)}),
            Column("reported", _("Reported"), render=lambda row: row["reported_html"], wide=True),
            Column("inspected", _("Inspected in a year"), render=lambda row: row["inspected_html"], wide=True),
            Column("decided", _("Decisions"), render=lambda row: row["decided_html"], wide=True),
            Column("alerts", _("Alerts in a year"), kind="number", decimals=0, wide=True),
            Column("number", _("No."), kind="number", decimals=0, shown=False),
        ],
        [_row(at, clause) for at, clause in enumerate(permit.clauses, 1)],
        request.GET,
        search=("outlet", "says", "state"),
        filters=(
            Filter("kind", _("Clause"), [(kind, str(title)) for kind, title in words.KINDS.items()]),
            Filter("gap", _("What is missing"), [("yes", _("With gaps")), ("no", _("Without gaps"))]),
        ),
        sort="number",
        size=100,
        prefix=f"p{permit.record.number}-",
        caption=_("Clauses of permit %(code)s with what is known about each") % {"code": permit.record.code},
    )


def _row(at: int, clause: Clause) -> Row:
    said = words.says(clause)
    gaps = [words.gap(entry) for entry in clause.gaps]
    return {
        "code": f"{at}",
        "number": at,
        "kind": clause.kind,
        "gap": "yes" if clause.gaps else "no",
        "outlet": clause.outlet or None,
        "entry": clause.entry.code if clause.entry is not None else "",
        "says": said,
        "says_html": _twice(said, clause.standard if clause.kind == "limit" else clause.text),
        "reported": len(clause.reported) or None,
        "reported_html": _named("permit-application", clause.reported),
        "measured": words.measured(clause) or None,
        "inspected": len(clause.inspected) or None,
        "inspected_html": _named("inspection-record", clause.inspected),
        "decided": len(clause.decided) or None,
        "decided_html": _named("enforcement-case", clause.decided),
        "alerts": len(clause.alerts) or None,
        "state": "；".join(gaps) or None,
        "gaps": [(entry.grave, text) for entry, text in zip(clause.gaps, gaps, strict=True)],
    }


def _twice(first: str, second: str) -> SafeString:
    return format_html('{}<br><span class="quiet">{}</span>', first, second) if second else format_html("{}", first)


def _outlet(row: Row) -> SafeString | str:
    if not row["outlet"]:
        return numbers.NOTHING
    return (
        format_html('<a href="{}">{}</a>', reverse("dossier", args=["outlet", row["entry"]]), row["outlet"])
        if row["entry"]
        else row["outlet"]
    )


def _named(register: str, records: Sequence[Record]) -> SafeString | str:
    """The first entries of a list as links, and how many more there are."""
    if not records:
        return numbers.NOTHING
    links: Any = [(reverse("dossier", args=[register, entry.code]), entry.code) for entry in records[:MOST]]
    more = len(records) - MOST
    rest = (
        format_html(' <span class="quiet">{}</span>', ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}) if more > 0 else ""
    )
    return format_html("{}{}", format_html_join(" ", '<a class="code" href="{}">{}</a>', links), rest)


def _gaps(row: Row) -> SafeString:
    if not row["gaps"]:
        return format_html('<span class="status status-ok">{}</span>', _("No gap"))
    return format_html_join(
        " ", '<span class="status status-{}">{}</span>', [("bad" if grave else "risk", text) for grave, text in row["gaps"]]
    )
