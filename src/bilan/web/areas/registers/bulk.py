"""Changing many entries together: choose the fields, see what would change, then one change set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.pack.registers import FieldType, Register
from bilan.people.roles import Capability, Right
from bilan.problems import BilanError, Problem
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, Outcome, write
from bilan.web.areas.registers import posted
from bilan.web.areas.registers.controls import Controls
from bilan.web.areas.registers.formpage import LONGEST_REASON, editable, errors_of
from bilan.web.areas.registers.listing import Wanted
from bilan.web.components import numbers
from bilan.web.components.entries import Shown, link, title_of
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST = 20_000
"""Entries that one request may change; more are an import's business."""
LISTED = 100
"""Changes and refusals shown of a preview."""
COMMON = ("status", "district", "town", "organisation", "valid_from", "valid_to")
SINGLE = (FieldType.ATTACHMENT, FieldType.TABLE, FieldType.COMPUTED)
"""Fields that make no sense for many at once."""


BULKS = Right(Capability.BULK, "registers")
"""What a page asks of who changes many entries at once."""


@page("registers/<slug:register>/bulk", name="register-bulk", section="registers", reads=BULKS, writes=BULKS)
def bulk(request: Request, register: str) -> HttpResponse:
    """Choose fields for the entries that the address names, look at what would change, and change it."""
    declaration = request.ledger.register(register)
    request.ledger.require(Capability.BULK, declaration)
    codes = _codes(request, declaration)
    names = [name for name in editable(request.ledger, declaration, None) if _fit(declaration, name)]
    fields = [name for name in request.POST.getlist("field") if name in names or name in COMMON]
    reason = " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]
    archived = {"archive": True, "restore": False}.get(request.POST.get("archived", ""))
    values = _values(request, declaration, fields)
    problems: list[Problem] = []
    outcome: Outcome | None = None
    if request.method == "POST":
        if not fields and archived is None:
            problems.append(Problem("registers.nothing_to_do"))
        if not reason:
            problems.append(Problem("registers.no_reason"))
    if request.method == "POST" and not problems:
        sure = request.POST.get("sure") == "1"
        drafts = [Draft(values, code=code, archived=archived) for code in codes]
        accept = "rows" if request.POST.get("rows") == "1" else "all"
        outcome = write(register, drafts, Author.of(request.user, reason, "bulk"), dry_run=not sure, accept=accept)
        if sure and outcome.change is not None:
            n = sum(outcome.change.counts.values())
            messages.success(request, ngettext("%(n)d entry was changed", "%(n)d entries were changed", n) % {"n": n})
            return redirect(link("register-change", outcome.change.pk) or link("register-list", register))
    return _page(request, declaration, codes, names, fields, values, reason, archived, problems, outcome)


def _codes(request: Request, register: Register) -> list[str]:
    """Codes of the entries that are ticked, or of all that the list's filters find; only those within reach of changing many.

    Raises:
        BilanError: none or too many.
    """
    reachable = request.ledger.visible([register], Capability.BULK)
    if request.GET.get("all"):
        found = Wanted.of(request.ledger, register, request.GET, request.district).entries().filter(pk__in=reachable.values("pk"))
        codes = list(found.values_list("code", flat=True)[: MOST + 1])
    else:
        asked = list(dict.fromkeys(request.GET.getlist("codes")))[: MOST + 1]
        known = {code for at in range(0, len(asked), 900) for code in _known(reachable, asked[at : at + 900])}
        codes = [code for code in asked if code in known]
    if not codes:
        raise BilanError(Problem("registers.nothing_to_do"))
    if len(codes) > MOST:
        raise BilanError(Problem("registers.too_many", {"value": f"> {MOST}", "allowed": MOST}))
    return codes


def _known(reachable: Any, codes: Sequence[str]) -> list[str]:
    return list(reachable.filter(code__in=codes).values_list("code", flat=True))


def _fit(register: Register, name: str) -> bool:
    field = register.fields[name]
    return field.type not in SINGLE and not field.unique and not (field.type is FieldType.PARAMETER and field.many)


def _values(request: Request, register: Register, fields: Sequence[str]) -> dict[str, Any]:
    return {
        name: posted.value_of(register.fields[name], request.POST, name)
        if name in register.fields
        else posted.common_value(name, request.POST)
        for name in fields
    }


def _page(
    request: Request,
    register: Register,
    codes: Sequence[str],
    names: Sequence[str],
    fields: Sequence[str],
    values: Mapping[str, Any],
    reason: str,
    archived: bool | None,
    problems: Sequence[Problem],
    outcome: Outcome | None,
) -> HttpResponse:
    language = numbers.language()
    errors, general = errors_of(register, problems)
    controls = Controls(request.ledger, register, values, errors, {})
    common = [control for control in controls.common(new=True) if control.name in COMMON]
    parts = [(_("What every entry has"), common), *controls.sections(names)]
    for _title, part in parts:
        for control in part:
            control.required, control.required_when, control.visible_when = False, "", ""
    return show(
        request,
        "registers/bulk.html",
        register=register,
        name=register.name,
        title=register.title.text(language),
        count=len(codes),
        first=_first(request, register, codes),
        parts=[(title, [(control, control.name in fields) for control in part]) for title, part in parts],
        reason=reason,
        archived=archived,
        errors=general,
        preview=_preview(request, register, outcome) if outcome else None,
        back=f"{link('register-list', register.name)}?{_list_query(request)}",
    )


def _first(request: Request, register: Register, codes: Sequence[str]) -> list[str]:
    found = request.ledger.titles(register.name, codes[:5])
    return [found.get(code, code) for code in codes[:5]]


def _list_query(request: Request) -> str:
    query = request.GET.copy()
    for name in ("codes", "all"):
        query.pop(name, None)
    return query.urlencode()


def _preview(request: Request, register: Register, outcome: Outcome) -> dict[str, Any]:
    """What a trial says: counts, the first changes with before and after, and every reason for a refusal with how often it holds."""
    language = numbers.language()
    refused = outcome.refused
    reasons: dict[str, list[str]] = {}
    for result in refused:
        for text in {Problem(problem.code, problem.values).text(language) for problem in result.problems}:
            reasons.setdefault(text, []).append(result.name or result.code)
    changed = [result for result in outcome.results if result.outcome == "changed"]
    shown = {name for result in changed[:LISTED] for name in result.differences}
    entries = {
        entry.code: entry for entry in Entry.objects.filter(register=register.name, code__in=[result.code for result in changed[:LISTED]])
    }
    names = [name for name in (*COMMON, "archived", *register.fields) if name in shown]
    before = Shown(request.ledger, register, list(entries.values()), names)
    rows = []
    after = _after(request, register, changed[:LISTED], entries)
    for result in changed[:LISTED]:
        entry, then = entries[result.code], after[result.code]
        cells = [(before.text(entry, name), then[0].text(then[1], name) if name in result.differences else None) for name in names]
        rows.append({"code": result.code, "name": result.name, "cells": cells})
    return {
        "changed": len(changed),
        "unchanged": outcome.counts["unchanged"],
        "refused": len(refused),
        "reasons": [(text, len(named), "、".join(named[:3])) for text, named in sorted(reasons.items(), key=lambda item: -len(item[1]))][
            :LISTED
        ],
        "heads": [title_of(register, name) for name in names],
        "rows": rows,
        "more": max(0, len(changed) - LISTED),
    }


def _after(request: Request, register: Register, results: Sequence[Any], entries: Mapping[str, Entry]) -> dict[str, tuple[Shown, Entry]]:
    """The entries as they would be."""
    made = {}
    for result in results:
        entry = entries[result.code]
        columns = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
        changed = Entry(**{**columns, "data": dict(entry.data)})
        for name, (_before, after) in result.differences.items():
            if name in register.fields:
                changed.data[name] = after
            else:
                setattr(changed, name, after)
        made[result.code] = changed
    shown = Shown(request.ledger, register, list(made.values()))
    return {code: (shown, entry) for code, entry in made.items()}
