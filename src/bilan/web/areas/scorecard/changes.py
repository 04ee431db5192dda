"""What changed in a target, newest first, with the document that changed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.pack.indicators import Indicator
from bilan.people.roles import Capability
from bilan.plans.models import Commitment, Target
from bilan.plans.planbook import Planbook
from bilan.web import site
from bilan.web.areas.scorecard import words
from bilan.web.components import numbers

SILENT = frozenset({"plan", "comparator", "wording"})
"""Changes of these fields say nothing to a reader by themselves."""
MOST = 40


def events(book: Planbook, target: Target, spec: Indicator | None) -> list[dict[str, Any]]:
    """The changes for a timeline; of shares only those of districts within reach."""
    grouped: dict[tuple[Any, ...], list[str]] = {}
    for entry in book.changes(target).order_by("-at", "-pk")[:MOST]:
        if entry.field in SILENT:
            continue
        before, after = _said(book, entry.field, entry.before, spec), _said(book, entry.field, entry.after, spec)
        if entry.field in {"path", "shares"}:
            before, after = _differing(book, entry.field, entry.before or {}, entry.after or {}, spec)
        if before == after:
            continue
        by = " · ".join(part for part in (entry.document, entry.reason, str(entry.person or "")) if part)
        # What one act changed is told as one.
        key = (timezone.localtime(entry.at).replace(microsecond=0), by)
        said = {"name": words.CHANGED.get(entry.field, entry.field), "before": before or numbers.NOTHING, "after": after or numbers.NOTHING}
        grouped.setdefault(key, []).append(_("%(name)s: %(before)s → %(after)s") % said)
    between = "; " if numbers.language() == "en" else "；"
    return [
        {"when": numbers.wall(at, "day"), "title": between.join(texts), "text": by, "tone": "quiet"} for (at, by), texts in grouped.items()
    ]


def _differing(book: Planbook, field: str, before: Mapping[str, Any], after: Mapping[str, Any], spec: Indicator | None) -> tuple[str, str]:
    """Both sides of what differs only."""
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    sides = ({key: side[key] for key in keys if key in side} for side in (before, after))
    first, second = (_said(book, field, side, spec) for side in sides)
    return first, second


def _said(book: Planbook, field: str, value: Any, spec: Indicator | None) -> str:
    decimals = spec.decimals if spec else None
    if value is None or value in ("", {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "commitment":
        entry = book.commitments().filter(pk=value).first()
        return _sentence(entry) if entry else str(value)
    if isinstance(value, Mapping):
        named = {key: site.district_name(key, numbers.language()) if field == "shares" else key for key in value}
        seen = [key for key in value if field != "shares" or book.can(Capability.SEE, key)]
        between = ", " if numbers.language() == "en" else "，"
        return between.join(f"{named[key]} {words.plain(value[key], decimals)}" for key in seen)
    return words.plain(value, decimals) if isinstance(value, float) else str(value)


def _sentence(entry: Commitment) -> str:
    return f"{entry.plan.code}-{entry.number}"
