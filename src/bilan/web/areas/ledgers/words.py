"""Words for what a change was and where it came from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "create": _("entered"),
    "update": _("changed"),
    "archive": _("archived"),
    "restore": _("restored"),
    "merge": _("merged"),
    "undo": _("taken back"),
}
TONES = {"create": "ok", "update": "info", "archive": "risk", "restore": "ok", "merge": "info", "undo": "risk"}
SOURCES = {
    "form": _("form"),
    "import": _("import"),
    "bulk": _("bulk edit"),
    "api": _("API"),
    "undo": _("undoing"),
    "merge": _("merging"),
    "system": _("platform"),
    "case": _("case"),
}
COUNTS = {"new": _("new"), "changed": _("changed"), "archived": _("archived"), "restored": _("restored")}
