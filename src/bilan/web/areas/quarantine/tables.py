"""What is in quarantine, as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.problems import Problem, sentences
from bilan.telemetry.ingest.quarantine import Entry
from bilan.telemetry.readers import Refused
from bilan.web.areas.devices import words
from bilan.web.areas.devices.tables import raw
from bilan.web.areas.devices.telegram import hide
from bilan.web.components import numbers
from bilan.web.components.table import Column, Table
from bilan.web.registry import Request

STATES: dict[str, words.Word] = {
    "open": ("risk", gettext_lazy("Open")),
    "replayed": ("ok", gettext_lazy("Replayed")),
    "ignored": ("quiet", gettext_lazy("Dismissed")),
    "dismissed": ("quiet", gettext_lazy("Dismissed")),
}
REASONS = {
    "gateway.unknown_device": gettext_lazy("Unknown device"),
    "gateway.bad_crc": gettext_lazy("Check sum wrong"),
    "gateway.no_crc": gettext_lazy("No check sum"),
    "gateway.bad_length": gettext_lazy("Length wrong"),
    "gateway.bad_length_field": gettext_lazy("Length unreadable"),
    "gateway.truncated": gettext_lazy("Cut off"),
    "gateway.no_header": gettext_lazy("No telegram at all"),
    "gateway.no_identity": gettext_lazy("No MN or command"),
    "gateway.wrong_password": gettext_lazy("Wrong password"),
    "gateway.wrong_address": gettext_lazy("Wrong address"),
    "gateway.blocked": gettext_lazy("Device blocked"),
    "gateway.future_time": gettext_lazy("Time in the future"),
    "gateway.ancient_time": gettext_lazy("Time too long ago"),
    "gateway.not_acknowledging": gettext_lazy("During a fault"),
    "ingest.unreadable": gettext_lazy("Cannot be decrypted"),
    "ingest.no_point": gettext_lazy("No point"),
    "ingest.no_time": gettext_lazy("No time"),
    "ingest.impossible": gettext_lazy("Impossible value"),
    "ingest.failed": gettext_lazy("Cannot be used"),
    "import.unknown_point": gettext_lazy("Unknown point"),
    "import.ambiguous_point": gettext_lazy("Ambiguous point"),
    "import.no_point": gettext_lazy("No point"),
    "import.no_time": gettext_lazy("No time"),
    "import.future": gettext_lazy("Time in the future"),
    "import.ancient": gettext_lazy("Time too long ago"),
    "import.duplicate": gettext_lazy("Repeated with another value"),
    "value.not_a_number": gettext_lazy("Not a number"),
    "value.not_a_time": gettext_lazy("Not a time"),
}
"""Code of a problem → a few words for it; the whole sentence stands in the list."""


def reason(code: str) -> str:
    """A few words for a kind of problem; its sentence when there are none."""
    return str(REASONS[code]) if code in REASONS else sentences().get(code, (code, code))[1 if numbers.language() == "en" else 0]


def telegrams_table(request: Request, entries: Sequence[Entry], name: Callable[[str], str], *, secret: bool, pick: bool) -> Table:
    """Telegrams in quarantine; `name` gives the name of a device's point."""
    language, said = numbers.language(), {state: words.said(STATES, state) for state in STATES}
    rows = [
        {
            "id": entry.id,
            "arrived": entry.arrived,
            "mn": entry.mn,
            "point_name": name(entry.mn),
            "reason": _sentences(entry.problems, language),
            "text": hide(entry.text, secret=secret),
            "state": entry.state,
            "state_name": said.get(entry.state, entry.state),
            "peer": entry.peer,
            "person": entry.person,
            "note": entry.note,
        }
        for entry in entries
    ]
    return Table(
        id="telegrams",
        caption=_("Quarantined telegrams"),
        columns=[
            Column("arrived", _("Arrived"), render=lambda row: _pick(row, "quarantined-telegram", row["arrived"], pick=pick)),
            Column("reason", _("Reason"), render=_reason),
            Column("mn", _("Device (MN)")),
            Column("point_name", _("Point"), wide=True),
            Column("text", _("Telegram"), render=lambda row: raw(row["text"], 60), wide=True),
            Column("state_name", _("State"), render=lambda row: words.mark(STATES, row["state"])),
            Column("peer", _("Address"), shown=False),
            Column("person", _("By"), shown=False),
            Column("note", _("Note"), shown=False),
            Column("id", _("Number"), shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("mn", "point_name", "reason", "text", "peer"),
        sort="-arrived",
        empty=_("Everything that arrived could be used, or has been dealt with."),
    )


def rows_table(request: Request, entries: Sequence[Refused], *, pick: bool) -> Table:
    """Rows of files in quarantine."""
    language, said = numbers.language(), {state: words.said(STATES, state) for state in STATES}
    rows = [
        {
            "id": entry.id,
            "changed": entry.changed,
            "file": entry.file,
            "row": entry.row,
            "reason": _sentences(entry.problems, language),
            "cells": " · ".join(f"{header}: {text}" for header, text in entry.cells.items() if text),
            "state": entry.state,
            "state_name": said.get(entry.state, entry.state),
            "person": entry.person,
        }
        for entry in entries
    ]
    return Table(
        id="rows",
        caption=_("Quarantined rows"),
        columns=[
            Column("changed", _("Changed"), render=lambda row: _pick(row, "quarantined-row", row["changed"], pick=pick)),
            Column("file", _("File")),
            Column("row", _("Row"), kind="number", decimals=0),
            Column("reason", _("Reason"), render=_reason),
            Column("cells", _("Content"), render=lambda row: raw(row["cells"], 60), wide=True),
            Column("state_name", _("State"), render=lambda row: words.mark(STATES, row["state"])),
            Column("person", _("By"), wide=True),
            Column("id", _("Number"), shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("file", "reason", "cells", "person"),
        sort="-id",
        empty=_("No row of a file waits for correction."),
    )


def _sentences(problems: Sequence[Problem], language: str) -> str:
    return "; ".join(problem.text(language) for problem in problems[:5])


def _reason(row: Mapping[str, Any]) -> SafeString:
    return format_html('<span class="reason">{}</span>', row["reason"])


def _pick(row: Mapping[str, Any], page: str, moment: int, *, pick: bool) -> SafeString:
    """When it came as a link to all about it, and a box to choose it for what is done to many at once."""
    link = format_html('<a class="moment" href="{}">{}</a>', reverse(page, args=[row["id"]]), numbers.wall(moment))
    if not pick or row["state"] != "open":
        return link
    box = format_html('<input type="checkbox" name="id" value="{}" form="chosen" aria-label="{}">', row["id"], _("Choose"))
    return format_html('<span class="ticked">{}{}</span>', box, link)
