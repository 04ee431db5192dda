"""A commitment as the review page shows it: a line of the list, and all of it once it is opened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bilan.plans.models import Check, Commitment, Kind, Plan
from bilan.web.areas.commitments import saying
from bilan.web.components.entries import link

SHOWN = ("subject", "metric", "comparator", "value", "upper", "unit", "wording", "baseline_year", "baseline", "deadline", "nature")
"""Fields that an opened commitment always shows in this order, as far as they say something."""
MARKED = ("handed_down", "threshold", "owner")
LINE = (
    "pk",
    "number",
    "section",
    "block",
    "begin",
    "finish",
    "subject",
    "metric",
    "comparator",
    "value",
    "upper",
    "wording",
    "unit",
    "deadline",
    "kind",
    "handed_down",
    "indicator",
    "check_state",
    "version",
    "plan_id",
)
"""Columns that a line of the list needs."""


class Lines:
    """Lines of the list; words that all of them share are looked up once.

    Args:
        plan: whose commitments they are.
        edits: whether the reader may confirm.
    """

    def __init__(self, plan: Plan, *, edits: bool) -> None:
        self._base = reverse("plan", args=[plan.code])
        self._edits = edits
        self._kinds = {str(value): str(label) for value, label in Kind.choices}
        self._states = {str(value): str(label) for value, label in Check.choices}
        self._confirm = _("Confirm")
        self._linked = _("Linked to an indicator")

    def html(self, found: Iterable[Commitment]) -> SafeString:
        """The lines of some commitments, one list item each."""
        return mark_safe("\n".join(self.one(held) for held in found))  # each is made by `format_html`

    def one(self, held: Commitment) -> SafeString:
        """The line of one commitment."""
        subject = held.subject if held.metric else ""
        quick = SafeString("")
        if self._edits and held.check_state == Check.OPEN:
            quick = format_html(
                '<button type="button" class="quick" data-quick aria-label="{} {}" title="{}">✓</button>',
                self._confirm,
                held.number,
                self._confirm,
            )
        return format_html(
            '<li id="c{}" data-number="{}" data-block="{}" data-state="{}" data-version="{}"><div class="line">'
            '<a href="{}/commitments/{}" data-open><span class="n">{}</span><span class="what"><b>{}</b>'
            '<span class="quiet">{}</span></span><span class="promise">{}<span class="unit">{}</span></span>'
            '<span class="by">{}</span><span class="kind">{}</span>{}<span class="status status-{}">{}</span></a>{}</div>'
            '<div class="detail"></div></li>',
            held.number,
            held.number,
            held.block,
            held.check_state,
            held.version,
            self._base,
            held.number,
            held.number,
            saying.name(held) or "–",
            subject,
            saying.promise(held),
            f" {held.unit}" if held.unit and held.value is not None else "",
            held.deadline,
            self._kinds.get(held.kind, held.kind),
            format_html('<span class="linked" title="{}">◎</span>', self._linked) if held.indicator else "",
            saying.TONES.get(Check(held.check_state), "quiet"),
            self._states.get(held.check_state, held.check_state),
            quick,
        )


def fields(held: Commitment) -> list[dict[str, str]]:
    """What a commitment says, field by field, each with the words it was read from and what the reader had said."""
    shown = []
    for name in (*SHOWN, *MARKED):
        text = saying.field_text(held, name)
        before = saying.field_text(held.as_read, name) if name in held.as_read else text
        words = str(held.words.get(name, ""))
        if text or words or before:
            shown.append(
                {"name": name, "title": str(saying.FIELDS[name]), "text": text, "words": words, "before": "" if before == text else before}
            )
    return shown


def opened(held: Commitment, *, edits: bool) -> dict[str, Any]:
    """What the template of an opened commitment needs beside its forms."""
    block = held.plan.blocks[held.block] if 0 <= held.block < len(held.plan.blocks) else {}
    return {
        "held": held,
        "plan": held.plan,
        "edits": edits,
        "rows": fields(held),
        "notes": saying.notes(held),
        "page": block.get("page"),
        "kind": str(Kind(held.kind).label) if held.kind in Kind.values else held.kind,
        "state": (saying.TONES.get(Check(held.check_state), "quiet"), str(Check(held.check_state).label)),
        "indicator_href": link("indicator", held.indicator) if held.indicator else "",
        "parts": [(part.number, saying.name(part)) for part in held.parts.order_by("number")],
        "source": held.source.number if held.source else None,
    }
