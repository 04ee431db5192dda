"""Computing the chain of the log, and finding where it is broken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bilan.people.audit.anchor import BEGINNING, Head, read
from bilan.people.models import AuditEntry

HASHED = ("number", "moment", "who", "action", "about", "detail", "address", "previous")
"""What the hash of an entry is computed of, in this order."""
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class ChainState:
    """How the log stands.

    Attributes:
        count: entries that are there.
        broken: number of the first entry that is changed, missing or not where it belongs; None when all is well.
        reason: ``changed``, ``missing``, ``cut``, ``anchor`` (the file is gone) or empty.
        head: the newest entry there is.
    """

    count: int
    broken: int | None
    reason: str
    head: Head


def anchor_file() -> Path:
    """Where the newest entry is written down beside the database."""
    folder: Path = settings.CITY.data
    return folder / "audit.head"


def digest(values: Iterable[object]) -> str:
    """Hash of an entry from its values in the order of `HASHED`: SHA-256 of them as a JSON list.

    Examples:
        >>> digest([1, "2026-01-01T00:00:00+00:00", "a", "login", "", "{}", "", "0" * 64])[:8]
        '6295d3e4'
    """
    return hashlib.sha256(json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def state() -> ChainState:
    """Walk the whole log and say how it stands."""
    expected, head, count, broken, reason = 1, Head(), 0, None, ""
    rows = AuditEntry.objects.order_by("number").values_list(*HASHED, "hash").iterator(chunk_size=CHUNK)
    for *values, kept in rows:
        count += 1
        if broken is None and values[0] != expected:
            broken, reason = expected, "missing"
        elif broken is None and (kept != digest(values) or values[-1] != head.hash):
            broken, reason = values[0], "changed"
        expected, head = values[0] + 1, Head(values[0], kept)
    if broken is None:
        broken, reason = _held_against(head)
    return ChainState(count, broken, reason, head)


def verify() -> int | None:
    """Number of the first entry that is not as it was written; None when all are."""
    return state().broken


def newest() -> Head:
    """The newest entry that is in the database."""
    row = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
    return Head(*row) if row else Head()


def _held_against(head: Head) -> tuple[int | None, str]:
    """Hold the newest entry against what is written down beside the database."""
    anchored = read(anchor_file())
    if anchored is None:
        return (None, "") if head.hash == BEGINNING else (head.number + 1, "anchor")
    if anchored.number > head.number:
        return head.number + 1, "cut"
    if anchored.number == head.number and anchored.hash != head.hash:
        return head.number, "changed"
    return None, ""
