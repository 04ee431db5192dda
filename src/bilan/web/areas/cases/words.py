"""Words and tones for what cases are and what happened to them."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bilan.casework.models import CaseState, Level

STANDINGS = {"running": "info", "suspended": "quiet", "closed": "ok", "cancelled": "quiet"}
"""Standing → tone."""
LEVELS = {1: "quiet", 2: "info", 3: "risk", 4: "bad"}
"""Level → tone."""
RANKS = {1: "○", 2: "◔", 3: "◑", 4: "●"}
"""Level → a shape that grows with it."""
SUBJECTS = {"alert": _("Alert"), "entry": _("Register entry"), "complaint": _("Complaint"), "task": _("Task"), "none": _("No subject")}
ACTIONS = {
    "open": _("Case opened"),
    "move": _("Moved on"),
    "comment": _("Comment"),
    "assign": _("Given to"),
    "transfer": _("Handed to another district"),
    "help": _("Helpers changed"),
    "suspend": _("Clock stopped"),
    "resume": _("Clock runs again"),
    "withdraw": _("Withdrawn"),
    "reopen": _("Reopened"),
    "escalate": _("Escalated"),
    "remind": _("Urged"),
    "evidence": _("Evidence added"),
    "handover": _("Handed over"),
}
TONES = {
    "open": "info",
    "move": "ok",
    "comment": "quiet",
    "suspend": "quiet",
    "withdraw": "risk",
    "reopen": "bad",
    "escalate": "bad",
    "remind": "risk",
}
EVIDENCE = {
    "photo": _("Photo"),
    "video": _("Video"),
    "audio": _("Sound"),
    "document": _("Document"),
    "measurement": _("Measurement"),
    "signature": _("Signature"),
}

ANSWERS = {"yes": _("yes"), "no": _("no"), "na": _("does not apply")}
"""Answers of checklists."""


def standing(name: str) -> str:
    """What a standing is called."""
    return str(CaseState(name).label) if name in CaseState.values else name


def level(rank: int) -> str:
    """What a level is called."""
    return str(Level(rank).label) if rank in Level.values else str(rank)


def standing_mark(name: str) -> SafeString:
    """A standing as a cell shows it."""
    return format_html('<span class="status status-{}">{}</span>', STANDINGS.get(name, "quiet"), standing(name))


def level_mark(rank: int) -> SafeString:
    """A level as a cell shows it: shape and word."""
    return format_html(
        '<span class="rank rank-{}"><span aria-hidden="true">{}</span> {}</span>',
        LEVELS.get(rank, "quiet"),
        RANKS.get(rank, ""),
        level(rank),
    )
