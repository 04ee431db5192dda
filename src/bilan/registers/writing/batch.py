"""From drafts to what each entry would become: cleaned, linked, coded and compared, with nothing written yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from bilan.pack.registers import COMMON, Register, Registers
from bilan.pack.registers.validation import clean
from bilan.people.roles import Capability
from bilan.problems import Place, Problem, nearest
from bilan.registers.completeness import completeness
from bilan.registers.models import CONTENT, Entry
from bilan.registers.portions import portions
from bilan.registers.writing import codes, common
from bilan.registers.writing.model import Author, Draft, Result
from bilan.registers.writing.targets import Targets, Uniques

COMPARED = tuple(name for name in CONTENT if name not in {"completeness", "schema", "cell", "lon", "lat", "west", "south", "east", "north"})
"""Columns whose change makes a new revision; the others follow from them."""


@dataclass(slots=True)
class Prepared:
    """One draft on its way to become an entry.

    Attributes:
        entry: as it stands; None for a new one.
        columns: all columns it would have.
        action: ``create``, ``update``, ``archive``, ``restore``; empty when nothing changes.
    """

    draft: Draft
    code: str
    entry: Entry | None
    columns: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    differences: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    action: str = ""

    def result(self) -> Result:
        """What to tell of it."""
        outcome = "refused" if self.problems else {"": "unchanged", "create": "new"}.get(self.action, "changed")
        name = str(self.columns.get("name") or (self.entry.name if self.entry else ""))
        return Result(self.draft.row, outcome, self.code, name, self.differences, tuple(self.problems), tuple(self.notes))


def prepare(
    register: Register,
    declared: Registers,
    drafts: Sequence[Draft],
    author: Author,
    numbering: codes.Numbering,
    *,
    action: str = "",
) -> tuple[list[Prepared], Targets]:
    """Work out what each draft would do.

    Parameters:
        numbering: gives codes to new entries.
        action: what to call every change (``undo``, ``merge``); empty to tell creating, changing, archiving apart.
    """
    standing = _standing(register, drafts)
    batch = [Prepared(draft, draft.code, standing.get(draft.code)) for draft in drafts]
    today = timezone.localdate()
    for item in batch:
        _merge(item, register, declared, author, today)
    targets = Targets(register, (item.columns["data"] for item in batch if not item.problems))
    uniques = Uniques(register, (item.columns["data"] for item in batch if not item.problems))
    own = {draft.code for draft in drafts if draft.code}
    seen: set[str] = set()
    for item in batch:
        if not item.problems:
            _finish(item, register, numbering, targets, uniques, own, seen, author)
        if not item.problems:
            _compare(item, register, action)
    return batch, targets


def _standing(register: Register, drafts: Sequence[Draft]) -> dict[str, Entry]:
    wanted = sorted({draft.code for draft in drafts if draft.code})
    return {entry.code: entry for part in portions(wanted) for entry in Entry.objects.filter(register=register.name, code__in=part)}


def _merge(item: Prepared, register: Register, declared: Registers, author: Author, today: date) -> None:
    """Lay the draft over what stands, and clean the whole."""
    draft, entry, place = item.draft, item.entry, _place(item, author)
    unknown = [name for name in draft.values if name not in register.fields and name not in COMMON]
    if unknown:
        known = [*COMMON, *register.fields]
        for name in unknown:
            values = {"value": name, "allowed": known, "nearest": nearest(name, known)}
            item.problems.append(Problem("registers.unknown_field", values, place))
    if entry is not None and (draft.new or draft.version not in (None, entry.version)):
        item.problems.append(_clash(draft, entry, place))
        return
    held: dict[str, Any] = {name: getattr(entry, name) for name in CONTENT} if entry else {"register": register.name, "archived": False}
    fresh = common.cleaned(register, draft.values if entry else {"status": "", **draft.values}, place)
    item.problems += fresh.problems
    item.columns = {**_BLANK, **held, **fresh.columns}
    given: Mapping[str, Any] = {name: value for name, value in draft.values.items() if name in register.fields}
    before = entry.data if entry else {}
    shared = {name: item.columns.get(name) for name in COMMON if name not in {"code", "geometry"}}
    data, problems = clean(register, declared, {**before, **given}, common=shared, held=before, today=today)
    item.problems += [Problem(entry.code, entry.values, _with_row(entry.place, place)) for entry in problems]
    item.columns["data"] = data
    if draft.archived is not None:
        item.columns["archived"] = draft.archived


_BLANK: dict[str, Any] = {
    **dict.fromkeys(("valid_from", "valid_to", "geometry", "lon", "lat", "west", "south", "east", "north", "cell")),
    **dict.fromkeys(("name", "status", "district", "town", "organisation"), ""),
    "aliases": [],
}


def _clash(draft: Draft, entry: Entry, place: Place) -> Problem:
    if draft.new:
        return Problem("registers.code_taken", {"value": entry.code}, Place(place.file, place.row, "code"))
    last = entry.revisions.order_by("-version").select_related("change").first()
    values = {
        "author": last.change.author if last else "",
        "when": f"{timezone.localtime(entry.changed):%Y-%m-%d %H:%M}",
        "value": draft.version,
        "allowed": entry.version,
    }
    return Problem("registers.conflict", values, place)


def _finish(
    item: Prepared,
    register: Register,
    numbering: codes.Numbering,
    targets: Targets,
    uniques: Uniques,
    own: set[str],
    seen: set[str],
    author: Author,
) -> None:
    """Check what needs the rest of the register: reach, order of dates, code, links, unique values."""
    columns, place = item.columns, _place(item, author)
    if not columns["name"]:
        item.problems.append(Problem("registers.name_missing", {}, Place(place.file, place.row, "name")))
    if columns["valid_from"] and columns["valid_to"] and columns["valid_from"] > columns["valid_to"]:
        values = {"value": columns["valid_from"].isoformat(), "allowed": columns["valid_to"].isoformat()}
        item.problems.append(Problem("registers.validity_order", values, Place(place.file, place.row, "valid_from")))
    item.problems += targets.problems(columns["data"], own, place)
    if not item.problems and not item.code:
        item.code = numbering.code({**columns["data"], **{name: columns[name] for name in ("district", "town")}})
        if "{serial" not in register.code.pattern and item.code and numbering.taken(item.code):
            item.problems.append(Problem("registers.code_taken", {"value": item.code}, Place(place.file, place.row, "code")))
    item.problems += _code_problems(item, register, seen, place)
    item.problems += uniques.problems(columns["data"], item.code, place)
    columns["code"] = item.code
    item.problems += reach_problems(item, register, author)


def _code_problems(item: Prepared, register: Register, seen: set[str], place: Place) -> list[Problem]:
    where = Place(place.file, place.row, "code")
    if not item.code:
        return [] if item.problems else [Problem("registers.code_missing", {}, where)]
    if item.code in seen:
        return [Problem("registers.code_twice", {"value": item.code}, where)]
    seen.add(item.code)
    if item.entry is None and len(item.code) > codes.LONGEST:
        return [Problem("registers.code_length", {"value": len(item.code), "allowed": codes.LONGEST}, where)]
    if item.entry is None and not codes.fits(register, item.code):
        return [Problem("registers.code_form", {"value": item.code, "allowed": register.code.matches or codes.PLAIN.pattern}, where)]
    return []


def reach_problems(item: Prepared, register: Register, author: Author) -> list[Problem]:
    """A writer must reach an entry where it is and where it would be."""
    if author.scope is None:
        return []
    reaches = author.scope.reaches(_CAPABILITIES.get(author.source, Capability.EDIT), register)
    after = tuple(item.columns[name] for name in ("district", "town", "organisation"))
    before = [] if item.entry is None else [(item.entry.district, item.entry.town, item.entry.organisation)]
    for where in (*before, after):
        if not any(reach.covers(*where) for reach in reaches):
            values = {"value": item.code or str(item.columns["name"])}
            return [Problem("registers.out_of_reach", values, Place(author.file, item.draft.row, "district"))]
    return []


_CAPABILITIES = {"import": Capability.IMPORT, "undo": Capability.UNDO, "merge": Capability.MERGE}
"""Source of a change → what its author must be allowed to do; `EDIT` for all others."""


def _compare(item: Prepared, register: Register, action: str) -> None:
    item.columns["completeness"] = completeness(item.columns, register)
    if item.entry is None:
        item.action = action or "create"
        return
    before, after = item.entry, item.columns
    for name in COMPARED:
        if name == "data":
            fields = [*before.data, *(key for key in after["data"] if key not in before.data)]
            pairs = {key: (before.data.get(key), after["data"].get(key)) for key in fields}
            item.differences.update({key: pair for key, pair in pairs.items() if pair[0] != pair[1]})
        elif getattr(before, name) != after[name]:
            item.differences[name] = (getattr(before, name), after[name])
    if item.differences:
        moved = item.differences.get("archived")
        item.action = action or ("update" if moved is None else "archive" if moved[1] else "restore")


def _place(item: Prepared, author: Author) -> Place:
    return Place(author.file, item.draft.row)


def _with_row(place: Place | None, row: Place) -> Place:
    return Place(row.file, row.row, place.column if place else "")
