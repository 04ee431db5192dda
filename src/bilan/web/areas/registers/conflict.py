"""Two people changed the same entry: what each said, what it was before, and a choice field by field."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, QueryDict
from django.utils import timezone

from bilan.pack.registers import Register
from bilan.pack.registers.validation import clean
from bilan.problems import BilanError, Problem
from bilan.registers.models import CONTENT, Entry, Revision
from bilan.registers.writing import common
from bilan.web.areas.registers import posted
from bilan.web.components import numbers
from bilan.web.components.entries import EMPTY, Shown, link, title_of
from bilan.web.pages import show
from bilan.web.registry import Request

LONGEST = 2_000_000


def merge_page(request: Request, register: Register, entry: Entry, values: Mapping[str, Any], seen: int, reason: str) -> HttpResponse:
    """Show what both changed; what only one of them changed needs no choice.

    Parameters:
        values: what the writer sent, raw.
        seen: version the writer looked at.
    """
    before = Revision.objects.filter(entry=entry, version=seen).first()
    if before is None:
        raise BilanError(Problem("registers.not_found", {"value": f"{entry.code} v{seen}"}))
    last = entry.revisions.order_by("-version").select_related("change").first()
    yours = _yours(request, register, entry, values)
    rows = [_row(request, register, name, before, entry, yours) for name in values]
    changed = [row for row in rows if row["mine"]]
    return show(
        request,
        "registers/merge.html",
        status=409,
        register=register,
        name=register.name,
        title=register.title.text(numbers.language()),
        entry=entry,
        clashes=[row for row in changed if row["clash"]],
        quiet=[row for row in changed if not row["clash"] and not row["same"]],
        theirs=[row for row in rows if row["other"] and not row["mine"]],
        who=last.change.author if last else "",
        when=f"{timezone.localtime(entry.changed):%Y-%m-%d %H:%M}",
        values=json.dumps({row["name"]: values[row["name"]] for row in changed}, cls=DjangoJSONEncoder, ensure_ascii=False),
        reason=reason,
        version=entry.version,
        back=link("dossier", register.name, entry.code) or link("register-list", register.name),
    )


def merged(post: QueryDict, register: Register, names: Collection[str]) -> dict[str, Any]:
    """Values that a merge page sends: those of the writer, without the fields for which the other's were chosen.

    Raises:
        BilanError: what was sent is not what the page sends.
    """
    try:
        values = json.loads(post["merge"][:LONGEST])
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise BilanError(Problem("web.bad_parameter", {"name": "merge", "value": post["merge"][:40], "allowed": "{…}"}))
    allowed = {*posted.COMMON, *names}
    return {name: value for name, value in values.items() if name in allowed and post.get(f"take-{name}", "yours") == "yours"}


def _yours(request: Request, register: Register, entry: Entry, values: Mapping[str, Any]) -> Revision:
    """The entry as the writer would have it: cleaned where it can be, as written where it cannot."""
    made = Revision(**{name: getattr(entry, name) for name in CONTENT})
    shared = {name: value for name, value in values.items() if name in posted.COMMON}
    for name, value in common.cleaned(register, shared, None).columns.items():
        setattr(made, name, value)
    around = {name: getattr(made, name) for name in posted.COMMON if name != "geometry"}
    raw = {name: value for name, value in values.items() if name in register.fields}
    cleaned, _problems = clean(register, request.ledger.declared, {**entry.data, **raw}, common=around, today=timezone.localdate())
    refused = {name: value for name, value in raw.items() if value not in EMPTY and name not in cleaned}
    made.data = {**cleaned, **refused}
    return made


def _row(request: Request, register: Register, name: str, before: Revision, entry: Entry, yours: Revision) -> dict[str, Any]:
    old, their, your = (_value(record, name) for record in (before, entry, yours))
    mine, other = your != old, their != old
    row: dict[str, Any] = {"name": name, "title": title_of(register, name), "mine": mine, "other": other, "same": your == their}
    row["clash"] = mine and other and not row["same"]
    if mine or other:
        shown = Shown(request.ledger, register, [before, entry, yours], [name])
        row |= {"before": shown.text(before, name), "their": shown.text(entry, name), "your": shown.text(yours, name)}
        if row["their"] == row["your"]:
            row |= {"their": _whole(their), "your": _whole(your), "before": _whole(old)}
    return row


def _value(record: Entry | Revision, name: str) -> Any:
    value = record.data.get(name) if name in record.data or not hasattr(record, name) else getattr(record, name)
    return None if value in EMPTY else value


def _whole(value: Any) -> str:
    """A value in full, where two differ but say the same in short."""
    return "" if value in EMPTY else json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)[:2000]
