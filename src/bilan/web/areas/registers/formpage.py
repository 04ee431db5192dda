"""New entries, changes to one, archiving and bringing back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bilan.pack.registers import FieldType, Register
from bilan.pack.registers.fields import Sensitivity
from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed
from bilan.problems import BilanError, Place, Problem
from bilan.registers.ledger import Ledger, covers
from bilan.registers.models import Content, Entry
from bilan.registers.writing import Author, Draft, write
from bilan.web.areas.registers import posted, uploads
from bilan.web.areas.registers.conflict import merge_page, merged
from bilan.web.areas.registers.controls import Control, Controls
from bilan.web.areas.registers.lookup import EDITS
from bilan.web.components import numbers
from bilan.web.components.entries import Shown, link
from bilan.web.pages import show
from bilan.web.registry import Request, page

LONGEST_REASON = 400
_ROOT = re.compile(r"([a-z_][a-z0-9_]*)(?:\[(\w+)\])?(?:\.([a-z_][a-z0-9_]*))?")


@page("registers/<slug:register>/new", name="register-new", section="registers", reads=EDITS, writes=EDITS)
def new(request: Request, register: str) -> HttpResponse:
    """The form of a new entry."""
    declaration = request.ledger.register(register)
    _only_today(request.ledger)
    request.ledger.require(Capability.EDIT, declaration)
    names = editable(request.ledger, declaration, None)
    if request.method != "POST":
        return _form(request, declaration, None, defaults(request, declaration), names)
    uploads.take(request, declaration)
    values = posted.values_of(declaration, request.POST, names, None, request.user)
    code = request.POST.get("code", "").strip()
    author = Author.of(request.user, _reason(request) or _("New entry"), "form")
    result = write(register, [Draft(values, code=code, new=True)], author).results[0]
    if result.problems:
        return _form(request, declaration, None, {**values, "code": code}, names, result.problems)
    messages.success(request, _("Saved: %(name)s") % {"name": result.name})
    if request.POST.get("again"):
        return redirect("register-new", register)
    return redirect(link("dossier", register, result.code) or link("register-list", register))


@page("registers/<slug:register>/entries/<str:code>/edit", name="register-edit", section="registers", reads=EDITS, writes=EDITS)
def edit(request: Request, register: str, code: str) -> HttpResponse:
    """The form of an entry that is there; archives it or brings it back when asked to."""
    declaration = request.ledger.register(register)
    _only_today(request.ledger)
    entry = request.ledger.entry(register, code)
    assert isinstance(entry, Entry)
    request.ledger.require(Capability.EDIT, declaration, entry)
    names = editable(request.ledger, declaration, entry)
    if request.method != "POST":
        return _form(request, declaration, entry, kept(entry), names)
    if action := request.POST.get("action", ""):
        return _archive(request, declaration, entry, names, archived=action == "archive")
    uploads.take(request, declaration)
    reason = _reason(request)
    seen = _version(request)
    if "merge" in request.POST:
        values = merged(request.POST, declaration, names)
    else:
        values = posted.values_of(declaration, request.POST, names, entry, request.user)
    if not reason:
        return _form(request, declaration, entry, {**kept(entry), **values}, names, [Problem("registers.no_reason")], version=seen)
    result = write(register, [Draft(values, code=entry.code, version=seen)], Author.of(request.user, reason, "form")).results[0]
    if any(problem.code == "registers.conflict" for problem in result.problems):
        return merge_page(request, declaration, entry, values, seen, reason)
    if result.problems:
        return _form(request, declaration, entry, {**kept(entry), **values}, names, result.problems, version=seen)
    messages.success(request, _("Nothing was changed") if result.outcome == "unchanged" else _("Saved: %(name)s") % {"name": result.name})
    return redirect(link("dossier", register, entry.code) or link("register-list", register))


def editable(ledger: Ledger, register: Register, entry: Entry | None) -> list[str]:
    """Fields that the writer may fill in: those they may write and, in an entry that is there, read."""
    allowed: frozenset[Sensitivity] = frozenset()
    for reach in ledger.scope.reaches(Capability.EDIT, register):
        if entry is None or covers(reach, register, entry, Capability.EDIT):
            allowed |= reach.sensitivities
    if entry is not None:
        allowed &= ledger.sensitivities(entry)
    return [
        field.name
        for field in register.fields.values()
        if field.type is not FieldType.COMPUTED and register.sensitivity_of(field.name) in allowed
    ]


def kept(entry: Content) -> dict[str, Any]:
    """What an entry holds, under the names of its fields."""
    return {**{name: getattr(entry, name) for name in (*posted.COMMON, "code")}, **entry.data}


def defaults(request: Request, register: Register) -> dict[str, Any]:
    """What a new entry's form begins with: declared defaults, the district one looks at, and what the address names."""
    values: dict[str, Any] = {field.name: field.default for field in register.fields.values() if field.default is not None}
    districts = sorted(request.ledger.scope.districts or ())
    values["district"] = request.district or (districts[0] if len(districts) == 1 else "")
    values["status"] = register.states[0].code if register.states else ""
    known = {field.name: field for field in register.fields.values()}
    for name, text in request.GET.items():
        if name in known and known[name].type in {FieldType.LINK, FieldType.TEXT, FieldType.CHOICE, FieldType.ORGANISATION} and text:
            values[name] = [text] if known[name].many else text[:200]
    return values


def errors_of(register: Register, problems: Sequence[Problem]) -> tuple[dict[str, list[str]], list[str]]:
    """What is wrong by field, and what is wrong with the whole."""
    language = numbers.language()
    fields: dict[str, list[str]] = {}
    general: list[str] = []
    known = {*posted.COMMON, "code", *register.fields}
    for problem in problems:
        text = Problem(problem.code, problem.values).text(language)
        found = _ROOT.match(problem.place.column) if problem.place else None
        if found is None or found[1] not in known:
            general.append(text)
            continue
        fields.setdefault(found[1], []).append(_inside(register, found, text))
    return fields, general


def _inside(register: Register, found: re.Match[str], text: str) -> str:
    name, row, column = found.groups()
    if row is None:
        return text
    where = _("row %(row)s") % {"row": row}
    columns = {entry.name: entry for entry in register.fields[name].columns} if name in register.fields else {}
    if column in columns:
        where = f"{where} {columns[column].title.text(numbers.language())}"
    return f"{where}：{text}" if numbers.language() == "zh-hans" else f"{where}: {text}"


def _form(
    request: Request,
    register: Register,
    entry: Entry | None,
    values: Mapping[str, Any],
    names: Sequence[str],
    problems: Sequence[Problem] = (),
    version: int | None = None,
) -> HttpResponse:
    if problems and not values.get("name") and not any(problem.code == "registers.name_missing" for problem in problems):
        problems = [*problems, Problem("registers.name_missing", {}, Place("", None, "name"))]
    errors, general = errors_of(register, problems)
    language = numbers.language()
    locked: dict[str, str] = {}
    if entry is not None:
        shown = Shown(request.ledger, register, [entry])
        locked = {name: shown.text(entry, name) for name in register.fields if name not in names}
    controls = Controls(request.ledger, register, values, errors, locked)
    shown_names = [name for name in register.fields if name in names or (entry is not None and name in locked)]
    sections = controls.sections(shown_names)
    count = sum(len(entry) for entry in errors.values()) + len(general)
    return show(
        request,
        "registers/form.html",
        register=register,
        name=register.name,
        title=register.title.text(language),
        singular=(register.singular if register.singular.zh else register.title).text(language),
        entry=entry,
        version=version if version is not None else entry.version if entry else None,
        common=controls.common(new=entry is None),
        place=controls.place(),
        parts=sections,
        errors=general,
        wrong=_jumps(sections, controls, errors),
        count=count,
        reason=_reason(request),
        limit=uploads.limit_text(),
        back=(link("dossier", register.name, entry.code) if entry else "") or link("register-list", register.name),
    )


def _jumps(sections: Sequence[tuple[str, Sequence[Control]]], controls: Controls, errors: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Fields with something wrong, to jump to."""
    every = [
        *controls.common(new=True),
        *([place] if (place := controls.place()) else []),
        *(item for _t, part in sections for item in part),
    ]
    return [(control.name, control.title) for control in every if errors.get(control.name)]


def _archive(request: Request, register: Register, entry: Entry, names: Sequence[str], *, archived: bool) -> HttpResponse:
    reason = _reason(request)
    if not reason:
        return _form(request, register, entry, kept(entry), names, [Problem("registers.no_reason")])
    draft = Draft(code=entry.code, version=_version(request), archived=archived)
    result = write(register.name, [draft], Author.of(request.user, reason, "form")).results[0]
    if result.problems:
        return _form(request, register, entry, kept(entry), names, result.problems)
    messages.success(request, (_("Archived: %(name)s") if archived else _("Brought back: %(name)s")) % {"name": entry.name})
    return redirect(link("dossier", register.name, entry.code) or link("register-list", register.name))


def _reason(request: Request) -> str:
    return " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]


def _version(request: Request) -> int:
    """The version the writer looked at; a form without one is refused, since it could overwrite unseen changes."""
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise BilanError(Problem("web.bad_parameter", {"name": "version", "value": text[:20], "allowed": "1, 2 …"}))
    return int(text)


def _only_today(ledger: Ledger) -> None:
    if ledger.as_of is not None:
        raise NotAllowed(Capability.EDIT)
