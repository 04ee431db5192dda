"""Signing steps: each carries a hash over its content and over the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bilan.casework.models import Case, Evidence, Step

SIGNED = (
    *("number", "action", "transition", "part", "before", "after", "author", "role", "note", "values", "checklist", "round", "at", "done"),
    *("lon", "lat", "accuracy", "key", "previous"),
)
"""What of a step is signed, beside the code of its case and the evidence handed in with it."""


def digest_of(step: Step, code: str, evidence: Iterable[tuple[int, str]]) -> str:
    """SHA-256 over a step.

    Parameters:
        code: of its case.
        evidence: number and digest of each piece handed in with it.
    """
    content = {name: _plain(getattr(step, name)) for name in SIGNED}
    content |= {"case": code, "evidence": sorted([number, digest] for number, digest in evidence)}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(case: Case) -> int | None:
    """Number of the first step that is not what was signed: altered, taken out or put in; None when all are.

    The last must be the one that the case's version names.
    """
    previous, expected = "", 1
    pieces: dict[int, list[tuple[int, str]]] = {}
    for number, step, digest in Evidence.objects.filter(case=case, step__isnull=False).values_list("pk", "step_id", "digest"):
        pieces.setdefault(step, []).append((number, digest))
    for step in Step.objects.filter(case=case).order_by("number"):
        right = step.number == expected and step.previous == previous and step.digest == digest_of(step, case.code, pieces.get(step.pk, ()))
        if not right:
            return expected
        previous, expected = step.digest, expected + 1
    return None if expected == case.version + 1 else expected


def _plain(value: Any) -> Any:
    """The same value however a database gives it back: whole numbers as such, moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
