"""What states, dialects and commands are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bilan.telemetry import clock
from bilan.telemetry.gateway.catalogue import offers
from bilan.telemetry.gateway.commands import Command
from bilan.telemetry.hj212 import catalogue
from bilan.telemetry.hj212.answers import meaning
from bilan.web.components import numbers

Word = tuple[str, Any]
"""Tone and lazily translated text."""

PRESENCE: dict[str, Word] = {
    "silent": ("bad", gettext_lazy("Silent")),
    "late": ("risk", gettext_lazy("Delayed")),
    "online": ("ok", gettext_lazy("Online")),
    "blocked": ("quiet", gettext_lazy("Blocked")),
}
COMMANDS: dict[str, Word] = {
    "queued": ("info", gettext_lazy("Queued")),
    "sent": ("info", gettext_lazy("Sent")),
    "accepted": ("info", gettext_lazy("Accepted")),
    "executed": ("ok", gettext_lazy("Executed")),
    "refused": ("bad", gettext_lazy("Refused")),
    "failed": ("bad", gettext_lazy("Failed")),
    "timeout": ("risk", gettext_lazy("No answer")),
    "expired": ("quiet", gettext_lazy("Expired")),
}
GAPS: dict[str, Word] = {
    "open": ("risk", gettext_lazy("Open")),
    "asked": ("info", gettext_lazy("Asked for")),
    "given_up": ("bad", gettext_lazy("Given up")),
    "filled": ("ok", gettext_lazy("Filled")),
}
CRC = {
    "standard": gettext_lazy("Standard (HJ 212)"),
    "modbus": gettext_lazy("Modbus, high byte first"),
    "modbus-swapped": gettext_lazy("Modbus, low byte first"),
    "off": gettext_lazy("Not checked"),
}
ACKNOWLEDGE = {
    "flag": gettext_lazy("Only when the telegram asks"),
    "always": gettext_lazy("Always"),
    "never": gettext_lazy("Never"),
}
LABELS = {
    "start": gettext_lazy("Time names the start of a period"),
    "end": gettext_lazy("Time names the end of a period"),
}
STATE = {"active": gettext_lazy("Active"), "blocked": gettext_lazy("Blocked")}
EDITIONS = {"2005": "HJ/T 212-2005", "2017": "HJ 212-2017", "2025": "HJ 212-2025"}
CODES = {"2005": gettext_lazy("2005 (three characters)"), "2017": gettext_lazy("2017 (six characters)")}
CHARSETS = {"utf-8": "UTF-8", "gbk": "GBK"}
REASONS = {
    "device": gettext_lazy("closed by the device"),
    "stopping": gettext_lazy("the gateway was stopped"),
    "idle": gettext_lazy("nothing came for too long"),
    "no_frame": gettext_lazy("no telegram came"),
    "slow": gettext_lazy("a telegram came too slowly"),
    "unread": gettext_lazy("answers were not read"),
    "too_many": gettext_lazy("too many connections"),
    "superseded": gettext_lazy("replaced by a newer connection"),
}
"""Why a connection ended, as the gateway says."""
PERSONS = {"gaps": gettext_lazy("Gap finder"), "": gettext_lazy("Gateway")}


def mark(words: Mapping[str, Word], name: str) -> SafeString:
    """A state as a coloured mark with its name; what is unknown stays as it is."""
    tone, text = words.get(name, ("quiet", name))
    return format_html('<span class="status status-{}">{}</span>', tone, text)


def said(words: Mapping[str, Word], name: str) -> str:
    """Name of a state as plain text."""
    return str(words[name][1]) if name in words else name


def command(cn: str) -> str:
    """What a command that a person may give does."""
    offer = offers().get(cn)
    if offer is None:
        return telegram(cn)
    return offer.en if numbers.language() == "en" else offer.zh


def telegram(cn: str) -> str:
    """What telegrams with a command code are."""
    known = catalogue.commands().get(cn)
    if known is None:
        return cn
    return known.name_en if numbers.language() == "en" else known.name_zh


def result(entry: Command) -> str:
    """What the device answered to a command, in words; empty while it has not."""
    name = "QnRtn" if entry.state == "refused" else "ExeRtn"
    return meaning(name, entry.result, numbers.language()) if entry.result else ""


def field(name: str) -> str:
    """What a field of a data area is called."""
    known = catalogue.fields().get(name)
    return name if known is None else known.en if numbers.language() == "en" else known.zh


def duration(seconds: int | None) -> str:
    """A length of time in its largest fitting unit.

    Examples:
        >>> from django.utils.translation import override
        >>> with override("en"):
        ...     duration(45), duration(600), duration(-5), duration(None)
        ('45 s', '10 min', '0 s', '–')
    """
    if seconds is None:
        return numbers.NOTHING
    passed = max(0, seconds)
    if passed < 120:
        return ngettext("%(n)s s", "%(n)s s", passed) % {"n": passed}
    if passed < 2 * clock.HOUR:
        return ngettext("%(n)s min", "%(n)s min", passed // 60) % {"n": passed // 60}
    if passed < 2 * clock.DAY:
        return ngettext("%(n)s h", "%(n)s h", passed // clock.HOUR) % {"n": passed // clock.HOUR}
    return ngettext("%(n)s day", "%(n)s days", passed // clock.DAY) % {"n": passed // clock.DAY}


def period(kind: str) -> str:
    """Kind of the periods of a gap."""
    return {"minute": _("Minute data"), "hour": _("Hourly data"), "day": _("Daily data")}.get(kind, kind)
