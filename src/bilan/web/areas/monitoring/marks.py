"""Marks of devices and doubts of the quality control, in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from bilan.pack.vocab.marks import marks
from bilan.telemetry.quality.check import Check, describe
from bilan.telemetry.store import INVALIDATED
from bilan.web.components import numbers

NORMAL = "N"
_MEDIA = {"air": ("all", "air"), "source_gas": ("all", "source", "flue"), "source_water": ("all", "source")}


def mark_text(network: str, flag: str) -> str:
    """What a mark means in a network; the mark itself when nobody says.

    Examples:
        >>> from django.utils.translation import override
        >>> with override("en"):
        ...     mark_text("air", "M")
        'maintenance'
    """
    if flag == INVALIDATED:
        return _("declared invalid by review")
    found = _words(network).get(flag)
    return flag if found is None else found[numbers.language() == "en"]


def doubts(network: str, flag: str, quality: int) -> list[str]:
    """Everything that is to be said against a value; empty when nothing is."""
    said = [] if flag == NORMAL else [f"{flag} {mark_text(network, flag)}"]
    return said + describe(quality, numbers.language())


def doubts_so_far(network: str, row: Mapping[str, Any], now: int) -> list[str]:
    """As `doubts`, but a span that is still running is not blamed for the values yet to come.

    Parameters:
        row: a row of `Monitoring.latest`.
        now: this moment [s of the wall clock].
    """
    running = row["start"] + row["seconds"] > now
    return doubts(network, row["flag"], row["quality"] & ~Check.PARTIAL if running else row["quality"])


@cache
def _words(network: str) -> dict[str, tuple[str, str]]:
    scopes = _MEDIA.get(network, ("all",))
    return {mark.code: (mark.zh, mark.en) for mark in reversed(marks()) if mark.medium in scopes}
