"""What levels, states, subjects and events are called, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bilan.casework.models import Alert, AlertState, Level, WindowKind
from bilan.pack.rules import LEVELS
from bilan.telemetry import clock
from bilan.web.templatetags.bilan import icon

TONES = {Level.NOTICE: "info", Level.WARNING: "risk", Level.SERIOUS: "bad", Level.CRITICAL: "bad"}
SHAPES = {
    Level.NOTICE: "info-circle",
    Level.WARNING: "alert-circle",
    Level.SERIOUS: "alert-triangle",
    Level.CRITICAL: "alert-octagon",
}
"""Level → icon: the ranks differ by shape too, never by colour alone."""
STATES = {AlertState.OPEN: "bad", AlertState.EXPLAINED: "info", AlertState.CLEARED: "ok"}
SUBJECTS = {
    "series": _("Measured series"),
    "verdicts": _("Verdicts by standard"),
    "devices": _("Devices"),
    "entries": _("Entries of a register"),
    "terms": _("Terms"),
    "indicators": _("Indicators"),
    "forecasts": _("Forecasts"),
}
EVENTS = {
    "opened": ("bad", _("Alert opened")),
    "raised": ("bad", _("Level rose")),
    "lowered": ("ok", _("Level fell")),
    "acknowledged": ("ok", _("Acknowledged")),
    "suppressed": ("quiet", _("Suppressed")),
    "released": ("info", _("No longer suppressed")),
    "explained": ("info", _("Explained by a declared window")),
    "escalated": ("risk", _("Escalated, nobody acknowledged")),
    "cleared": ("ok", _("Cleared")),
    "reraised": ("bad", _("Raised again")),
    "noted": ("quiet", _("Note")),
    "folded": ("quiet", _("Folded under another alert")),
    "unfolded": ("info", _("No longer folded")),
    "unexplained": ("risk", _("The window no longer explains it")),
    "case": ("info", _("A case was opened")),
}
"""Kind of an event → tone and title."""
CONFIDENCE = {
    "verified_2plus": ("ok", _("Checked against two sources or more")),
    "verified_1": ("info", _("Checked against one source")),
    "memory_only": ("risk", _("Not checked yet")),
    "local": ("quiet", _("Set locally")),
}
CAUSES = {
    "point": _("same point"),
    "enterprise": _("same enterprise"),
    "district": _("same district"),
    "none": _("each for itself"),
}
WINDOWS = {**dict(WindowKind.choices), "holiday": _("Holiday"), "other": _("Other")}
OPENS = {"person": _("by a person"), "ask": _("after a person is asked"), "auto": _("by itself")}


def level_badge(level: int) -> SafeString:
    """A level by colour, shape and word."""
    known = level if level in Level.values else LEVELS["warning"]
    shown = '<span class="status status-{} level level-{}">{}{}</span>'
    return format_html(shown, TONES[Level(known)], known, icon(SHAPES[Level(known)]), dict(Level.choices)[known])


def state_badge(alert: Alert) -> SafeString:
    """Where an episode stands, with who took note of it."""
    state = AlertState(alert.state)
    if state is AlertState.OPEN and suppressed(alert):
        return format_html('<span class="status status-quiet">{}</span>', _("Suppressed"))
    if state is AlertState.OPEN and alert.acknowledged:
        return format_html('<span class="status status-risk">{}</span>', _("Acknowledged"))
    return format_html('<span class="status status-{}">{}</span>', STATES[state], state.label)


def suppressed(alert: Alert) -> bool:
    """Whether nobody is told about the alert at present."""
    return alert.suppressed_until is not None and alert.suppressed_until > timezone.now()


def wall_of(moment: datetime | None) -> int | None:
    """An aware moment as seconds of the city's wall clock."""
    return None if moment is None else clock.seconds(timezone.localtime(moment).replace(tzinfo=None))


def said(words: dict[str, Any], name: str) -> str:
    """The word for a code; what is unknown stays as it is."""
    return str(words.get(name, name))
