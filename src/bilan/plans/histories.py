"""What happened to a commitment, by whom, as the audit log says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bilan.people.models import AuditEntry
from bilan.plans.models import Commitment

SINGLE = (
    "plan.confirm",
    "plan.correct",
    "plan.reject",
    "plan.reopen",
    "plan.link",
    "plan.split",
    "plan.merge",
    "plan.add-commitment",
)
"""Acts that are logged of a commitment, as PLAN-NUMBER."""
MANY = ("plan.confirm", "plan.link")
"""Acts that are also logged of many commitments at once, as PLAN."""
READ = "plan.read"
BEGUN = (READ, "plan.add-commitment")
"""Acts that a commitment begins with, at version 0."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done.

    Attributes:
        at: when, in UTC.
        who: user name; empty for the platform itself.
        act: such as ``plan.correct``.
        before, after: field → value, of what changed; of a link under ``indicator``.
        others: numbers of the commitments it was split into, merged with or into.
    """

    at: datetime
    who: str
    act: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    others: tuple[int, ...] = ()


def history(held: Commitment) -> list[Event]:
    """What happened to a commitment, newest first; how it was read comes last.

    Whether somebody may see the commitment is the caller's to ask.
    """
    plan = held.plan.code
    own = AuditEntry.objects.filter(action__in=SINGLE, about=f"{plan}-{held.number}")
    together = AuditEntry.objects.filter(action__in=(*MANY, READ), about=plan)
    found = []
    for entry in sorted([*own, *together], key=lambda entry: -entry.number):
        detail = json.loads(entry.detail)
        if entry.about == plan and not _touches(entry.action, detail, held):
            continue
        found.append(_event(entry, detail, held.number if entry.about == plan else None))
    return found


def since(held: Commitment, version: int) -> list[Event]:
    """What happened to a commitment after somebody looked at a version of it, newest first."""
    return [event for event in history(held) if event.act not in BEGUN][: max(0, held.version - version)]


def _touches(act: str, detail: Mapping[str, Any], held: Commitment) -> bool:
    """Whether an act on a whole plan was on this commitment too."""
    if act == READ:
        return "added" not in held.notes and held.source_id is None
    return str(held.number) in {str(number) for number in detail.get("links" if act == "plan.link" else "numbers") or ()}


def _event(entry: AuditEntry, detail: Mapping[str, Any], of_many: int | None) -> Event:
    before, after = detail.get("before"), detail.get("after")
    if of_many is not None and "links" in detail:
        before, after = "", detail["links"][str(of_many)]
    if isinstance(before, str) or isinstance(after, str):
        before, after = {"indicator": before or ""}, {"indicator": after or ""}
    others = detail.get("parts") or detail.get("with") or detail.get("into") or ()
    numbers = tuple(others) if isinstance(others, list | tuple) else (int(others),)
    return Event(datetime.fromisoformat(entry.moment), entry.who, entry.action, before or {}, after or {}, numbers)
