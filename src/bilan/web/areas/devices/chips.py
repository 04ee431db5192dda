"""Counts as links that filter the list below them, and the tabs that lead from one list about devices to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.people.equipment import Equipment
from bilan.web.registry import Request

Choice = tuple[str, str, int | None, str]
"""Value in the address, title, count, tone."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One count that can be chosen."""

    title: str
    count: int | None
    tone: str
    href: str
    current: bool


def chips(request: Request, name: str, choices: Sequence[Choice], default: str = "") -> list[Chip]:
    """One chip a choice of the address's argument `name`; `default` is what stands when the address says nothing."""
    chosen = request.GET.get(name, default)
    return [Chip(title, count, tone, _address(request, name, value, default), value == chosen) for value, title, count, tone in choices]


def tabs(request: Request, equipment: Equipment, current: str) -> list[dict[str, Any]]:
    """The lists about devices, with how much waits in each."""
    waiting = {"claims": len(equipment.claims()), "quarantine": equipment.open_telegrams()}
    waiting["quarantine-rows"] = equipment.open_rows(request.user.username)
    titles = {
        "devices": _("Devices"),
        "claims": _("To be claimed"),
        "commands": _("Commands"),
        "quarantine": _("Quarantined telegrams"),
        "quarantine-rows": _("Quarantined rows"),
        "imports": _("Import"),
    }
    return [
        {"href": reverse(name), "title": title, "count": waiting.get(name), "current": name == current} for name, title in titles.items()
    ]


def _address(request: Request, name: str, value: str, default: str) -> str:
    changed = request.GET.copy()
    changed.pop("page", None)
    changed.pop(name, None)
    if value != default:
        changed[name] = value
    return f"?{changed.urlencode()}"
