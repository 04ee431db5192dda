"""What the pages about alerts share: rights and the tabs that lead from one to the next."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.people.roles import Capability, Right
from bilan.web.registry import Request

SEES = Right(Capability.SEE, "kernel/casework")
HANDLES = Right(Capability.HANDLE, "kernel/casework")


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The pages about alerts."""
    names = {"alerts": _("Alerts"), "windows": _("Declared windows"), "rules": _("Rules")}
    return [{"href": reverse(name), "title": title, "current": name == current} for name, title in names.items()]
