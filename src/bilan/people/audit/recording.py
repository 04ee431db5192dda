"""Writing the audit log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from bilan.people import addresses
from bilan.people.audit.anchor import Head, move, read
from bilan.people.audit.chain import HASHED, anchor_file, digest, newest
from bilan.people.models import AuditEntry, Person

LOCK = 0x6269_6C61
"""Number of the lock under which PostgreSQL lets one process at a time add an entry; SQLite lets one write anyway."""


def record(
    action: str,
    about: str = "",
    *,
    who: Person | str | None = None,
    request: HttpRequest | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction that is open: what is rolled back was not done.

    Parameters:
        action: what was done, such as ``login``, ``person.edit``, ``register.export``: see `bilan.people.audit.words`.
        about: what it was done to.
        who: person or user name; by default whoever asks.
        request: the request it was done by, for who and from where.
        detail: further facts that can be written as JSON; no passwords, no secrets.

    Returns:
        The entry.
    """
    if who is None and request is not None and request.user.is_authenticated:
        who = request.user
    values = {
        "moment": timezone.now().isoformat(),
        "who": who.username if isinstance(who, Person) else who or "",
        "action": action,
        "about": about[:200],
        "detail": json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True, default=str),
        "address": addresses.of(request),
    }
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return _add(values)


def record_once(action: str, about: str, *, detail: Mapping[str, Any] | None = None) -> None:
    """Add an entry of what the platform itself noticed, unless the newest of that action says the same: every process notices it."""
    newest_of = AuditEntry.objects.filter(action=action).order_by("-number").values_list("about", flat=True).first()
    if newest_of != about[:200]:
        record(action, about, detail=detail)


def _add(values: dict[str, Any]) -> AuditEntry:
    path = anchor_file()
    last, anchored = newest(), read(path)
    if anchored is None and last.number:
        # The file is gone: say so in the log before a new one is begun.
        last = _append(last, {**values, "who": "", "action": "audit.anchor-lost", "about": "", "detail": "{}"})
    elif anchored is not None and anchored.number > last.number:
        # Entries were cut off: go on behind them, so that the gap stays.
        last = anchored
    head = _append(last, values)
    transaction.on_commit(partial(move, path, head))
    return AuditEntry.objects.get(number=head.number)


def _append(last: Head, values: dict[str, Any]) -> Head:
    entry = {"number": last.number + 1, **values, "previous": last.hash}
    head = Head(entry["number"], digest(entry[name] for name in HASHED))
    AuditEntry.objects.create(**entry, hash=head.hash)
    return head
