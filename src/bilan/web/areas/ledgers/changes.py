"""Change sets: who changed what, when, why and from which file; and taking one back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.registers import histories
from bilan.registers.models import ChangeSet
from bilan.registers.writing import Author, undo
from bilan.web.areas.ledgers.words import ACTIONS, COUNTS, SOURCES, TONES
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST = 1000
"""Change sets the list looks back on."""
SHOWN = 50
"""Entries of a change set on a page."""


@page("registers/changes", name="register-changes", section="registers")
def changes(request: Request) -> HttpResponse:
    """Change sets within the reader's reach, newest first; ``register``, ``author``, ``from`` and ``to`` narrow them down."""
    known = {entry.name: entry.title.text(numbers.language()) for entry in request.ledger.registers()}
    rows = [_row(change, known) for change in _wanted(request)[:MOST]]
    authors = sorted({row["author"] for row in rows})
    kinds = sorted({row["source"] for row in rows})
    table = Table(
        id="register-changes",
        caption=_("Changes of the registers"),
        columns=[
            Column("number", _("Number"), kind="number", href=lambda row: reverse("register-change", args=[row["number"]])),
            Column("made", _("When")),
            Column("author", _("Changed by")),
            Column("registers", _("Registers")),
            Column("done", _("What was done")),
            Column("reason", _("Reason"), wide=True),
            Column("source_title", _("Came from"), wide=True),
            Column("file", _("File"), wide=True),
            Column("undone", _("Taken back"), render=_undone),
        ],
        rows=rows,
        query=request.GET,
        search=("author", "reason", "file", "registers"),
        filters=[
            Filter("author", _("Everybody"), [(name, name) for name in authors]),
            Filter("source", _("All ways"), [(name, str(SOURCES.get(name, name))) for name in kinds]),
        ],
        sort="-number",
        empty=_("Nothing was changed yet."),
    )
    chosen = {name: request.GET.get(name, "") for name in ("register", "from", "to")}
    return show(request, "ledgers/changes.html", table=table, registers=known, chosen=chosen)


@page("registers/changes/<int:change>", name="register-change", section="registers", writes=Right(Capability.UNDO, "registers"))
def change(request: Request, change: int) -> HttpResponse:
    """What a change set did, entry by entry; takes it back when sent with a reason."""
    found = request.ledger.changes().filter(pk=change).select_related("undoes").first()
    if found is None:
        raise NotVisible(str(change))
    if request.method == "POST":
        return _undo(request, found)
    revisions = request.ledger.revisions(found)
    total = revisions.count()
    at = _page(request, total)
    steps = histories.done(request.ledger, found, list(revisions[at * SHOWN : (at + 1) * SHOWN]), numbers.language())
    taken_back = ChangeSet.objects.filter(undoes=found).first()
    return show(
        request,
        "ledgers/change.html",
        change=found,
        source=SOURCES.get(found.source, found.source),
        steps=[_step(step) for step in steps],
        total=total,
        hidden=sum(found.counts.values()) > total,
        counts=[(COUNTS.get(name, name), number) for name, number in found.counts.items()],
        taken_back=taken_back,
        undoable=taken_back is None and request.ledger.as_of is None and _may_undo(request, found),
        previous=f"?page={at}" if at else "",
        following=f"?page={at + 2}" if (at + 1) * SHOWN < total else "",
        number=at + 1,
        pages=max(1, -(-total // SHOWN)),
    )


def _wanted(request: Request) -> Any:
    """Change sets that the address asks for."""
    found = request.ledger.changes()
    if register := request.GET.get("register", ""):
        request.ledger.register(register)
        found = found.filter(revisions__register=register).distinct()
    for name, lookup in (("from", "made__date__gte"), ("to", "made__date__lte")):
        if day := request.GET.get(name, ""):
            found = found.filter(**{lookup: _day(name, day)})
    return found.select_related("undone_by")


def _day(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": text, "allowed": "YYYY-MM-DD"})) from None


def _row(change: ChangeSet, known: dict[str, str]) -> dict[str, Any]:
    undone = getattr(change, "undone_by", None)
    return {
        "number": change.pk,
        "made": f"{timezone.localtime(change.made):%Y-%m-%d %H:%M}",
        "author": change.author,
        "registers": ", ".join(known[name] for name in change.registers if name in known),
        "done": ", ".join(f"{COUNTS.get(name, name)} {number}" for name, number in change.counts.items()),
        "reason": change.reason,
        "source": change.source,
        "source_title": str(SOURCES.get(change.source, change.source)),
        "file": change.file,
        "undone": undone.author if undone else None,
    }


def _undone(row: Any) -> str:
    return format_html('<span class="status status-risk">{}</span>', row["undone"]) if row["undone"] else numbers.NOTHING


def _page(request: Request, total: int) -> int:
    asked = request.GET.get("page", "")[:9]
    return min(max(1, int(asked) if asked.isascii() and asked.isdigit() else 1), max(1, -(-total // SHOWN))) - 1


def _step(step: histories.Step) -> dict[str, Any]:
    revision = step.revision
    return {
        "step": step,
        "revision": revision,
        "action": ACTIONS.get(revision.action, revision.action),
        "tone": TONES.get(revision.action, "quiet"),
        "singular": step.register.singular.text(numbers.language()),
    }


def _may_undo(request: Request, change: ChangeSet) -> bool:
    """Whether the reader may undo in each register it touched; entry by entry this is checked when it is done."""
    known = request.ledger.declared.registers
    return all(name in known and request.ledger.can(Capability.UNDO, known[name]) for name in change.registers)


def _undo(request: Request, found: ChangeSet) -> HttpResponse:
    if not _may_undo(request, found):
        request.ledger.require(Capability.UNDO, request.ledger.register(found.registers[0]))
    reason = request.POST.get("reason", "").strip()[:400]
    if not reason:
        messages.error(request, Problem("registers.no_reason").text(numbers.language()))
        return redirect("register-change", found.pk)
    try:
        taken = undo(found, Author.of(request.user, reason, "undo"))
    except BilanError as error:
        messages.error(request, error.text(numbers.language()))
        return redirect("register-change", found.pk)
    messages.success(request, _("Taken back."))
    return redirect("register-change", taken.pk)
