"""Commitments in a reader's words: what is promised, how far it is confirmed, the notes of the reader."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.plans.models import Check, Commitment, Comparator

FIELDS = {
    "kind": gettext_lazy("Kind"),
    "subject": gettext_lazy("Subject"),
    "metric": gettext_lazy("Measure"),
    "comparator": gettext_lazy("Relation"),
    "value": gettext_lazy("Value"),
    "upper": gettext_lazy("Upper value"),
    "unit": gettext_lazy("Unit"),
    "wording": gettext_lazy("Wording"),
    "baseline_year": gettext_lazy("Base year"),
    "baseline": gettext_lazy("Base value"),
    "deadline": gettext_lazy("Deadline"),
    "nature": gettext_lazy("Nature"),
    "handed_down": gettext_lazy("Set by the province"),
    "threshold": gettext_lazy("Limits who has the duty"),
    "owner": gettext_lazy("Department"),
}
TONES = {Check.OPEN: "risk", Check.CONFIRMED: "ok", Check.CORRECTED: "info", Check.REJECTED: "quiet"}
NOTES = {
    "approx": gettext_lazy("approximately"),
    "recurring": gettext_lazy("every year"),
    "inherited": gettext_lazy("deadline from the lead of the paragraph"),
    "added": gettext_lazy("added by hand"),
    "start": gettext_lazy("begins"),
    "split": gettext_lazy("split into"),
    "merged": gettext_lazy("merged into"),
    "scope threshold": gettext_lazy("the number limits who has the duty"),
    "spelled": gettext_lazy("number in words"),
    "ordinal": gettext_lazy("rank"),
    "range": gettext_lazy("range"),
    "handed out": gettext_lazy("one of several numbers given in turn"),
    "implied": gettext_lazy("value implied"),
    "comparing": gettext_lazy("relation in words"),
    "cell remark": gettext_lazy("with a remark in the cell"),
    "class threshold": gettext_lazy("limits the class"),
}
_SIGNS = {Comparator.EQUAL: "", Comparator.LEAST: "≥ ", Comparator.MOST: "≤ ", Comparator.ABOVE: "> ", Comparator.BELOW: "< "}


def figure(value: float | None) -> str:
    """A number as it stands in a plan: no more decimals than it has.

    Examples:
        >>> figure(97.5), figure(1314.0), figure(None)
        ('97.5', '1,314', '')
    """
    return "" if value is None else f"{value:,.12g}"


def promise(held: Any) -> str:
    """What is promised, without its unit: ``≥ 97.5``, ``5–8``, or in words."""
    if held.value is None:
        return str(held.wording or (_("set by the province") if held.handed_down else ""))
    number = figure(held.value) if held.upper is None else f"{figure(held.value)}–{figure(held.upper)}"
    return f"{_SIGNS.get(held.comparator, '')}{number}"


def name(held: Commitment) -> str:
    """Measure of a commitment; its subject when it has none."""
    return held.metric or held.subject


def notes(held: Commitment) -> list[str]:
    """The reader's notes in words; those without a word stay as they are."""
    found = []
    for note in held.notes:
        code, colon, rest = str(note).partition(":")
        found.append(f"{NOTES.get(code.strip(), code)}{colon and ' '}{rest.strip()}")
    return found


def field_text(held: Any, field: str) -> str:
    """The value of a field as it is shown; empty when there is none."""
    value = held.get(field) if isinstance(held, dict) else getattr(held, field)
    if field in {"kind", "comparator", "nature"}:
        return str(dict(Commitment._meta.get_field(field).flatchoices).get(value, value or "")) if value else ""
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, float | int):
        return figure(value)
    return str(value or "")
