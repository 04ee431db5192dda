"""The history of a commitment in a reader's words."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.people.models import Person
from bilan.plans.histories import Event, history, since
from bilan.plans.models import Commitment
from bilan.web.areas.commitments import saying
from bilan.web.areas.scorecard.frame import title_of
from bilan.web.components import numbers

ACTS = {
    "plan.read": ("quiet", gettext_lazy("Read from the document")),
    "plan.confirm": ("ok", gettext_lazy("Confirmed")),
    "plan.correct": ("info", gettext_lazy("Corrected")),
    "plan.reject": ("bad", gettext_lazy("Rejected")),
    "plan.reopen": ("risk", gettext_lazy("Opened again")),
    "plan.link": ("info", gettext_lazy("Indicator")),
    "plan.split": ("info", gettext_lazy("Split into")),
    "plan.merge": ("info", gettext_lazy("Merged with")),
    "plan.add-commitment": ("info", gettext_lazy("Added by hand")),
}


def events(held: Commitment, version: int | None = None) -> list[dict[str, Any]]:
    """What happened, for a timeline, newest first; only what happened after a version, when one is named."""
    found = history(held) if version is None else since(held, version)
    named = {person.username: str(person) for person in Person.objects.filter(username__in={event.who for event in found if event.who})}
    return [_shown(event, named) for event in found]


def _shown(event: Event, named: dict[str, str]) -> dict[str, Any]:
    tone, title = ACTS.get(event.act, ("quiet", event.act))
    at = event.at if event.at.tzinfo else event.at.replace(tzinfo=UTC)
    between = "; " if numbers.language() == "en" else "；"
    said = between.join(_change(event, field) for field in sorted({*event.before, *event.after}))
    numbered = ", ".join(map(str, event.others))
    return {
        "when": numbers.wall(timezone.localtime(at).replace(tzinfo=None), "full"),
        "title": " ".join(part for part in (str(title), numbered) if part),
        "text": " · ".join(part for part in (said, named.get(event.who, event.who) or "Bilan") if part),
        "tone": tone,
    }


def _change(event: Event, field: str) -> str:
    """What one field was and is."""
    if field == "indicator":
        before, after = (title_of(str(side.get(field) or "")) for side in (event.before, event.after))
        name = _("Indicator")
    else:
        before, after = (saying.field_text(dict(side), field) if field in side else "" for side in (event.before, event.after))
        name = str(saying.FIELDS.get(field, field))
    said = {"name": name, "before": before or numbers.NOTHING, "after": after or numbers.NOTHING}
    return _("%(name)s: %(before)s → %(after)s") % said
