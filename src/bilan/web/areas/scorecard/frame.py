"""What the pages about targets and indicators share: rights, tabs, the indicators of this city."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from bilan.pack.indicators import Catalogue, Indicator
from bilan.pack.indicators import current as declared
from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotVisible, visible_to
from bilan.plans import evidence
from bilan.plans.models import Plan
from bilan.registers import attachments
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.registry import Request

SECTION = "plans"
SEES = Right(Capability.SEE, "kernel/plans")
EDITS = Right(Capability.EDIT, "kernel/plans")
FILLS = (Right(Capability.HANDLE, "kernel/plans"), Right(Capability.ASSIGN, "kernel/plans"))
"""Who may fill figures in, or check them and sign them off."""
TRIES = (EDITS, Right(Capability.CONFIGURE, "kernel/packs"))
"""Who may ask the tables questions of their own."""


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The pages about plans that the reader may open, those of other areas too where this site has them."""
    if not visible_to(request.user).can(SEES):
        # Who may only configure packs sees what queries are written with, and no number.
        return [
            {"href": reverse(name), "title": title, "current": request.path == reverse(name)}
            for name, title in (("indicator-tables", _("Tables")), ("indicator-bench", _("Test bench")))
        ]
    names = {
        "scorecard": _("Scorecard"),
        "plans": _("Plans"),
        "tasks": _("Tasks"),
        "indicators": _("Indicators"),
        "figures": _("Reported figures"),
        "appraisals": _("Appraisals"),
        "reports": _("Reports"),
    }
    found = []
    for name, title in names.items():
        address = link(name)
        if address:
            found.append({"href": address, "title": title, "current": name == current})
    return found


def link(name: str, *arguments: Any) -> str:
    """Address of a page; empty where this site has none of that name."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def handed_over(kept: Mapping[str, Any]) -> FileResponse:
    """A file of evidence, as a file and never as something that runs in the browser.

    Raises:
        NotVisible: its content is not there.
    """
    path = evidence.path_of(kept)
    if path is None:
        raise NotVisible(kept.get("name", ""))
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=kept["name"], content_type=kept.get("mime", "application/octet-stream")
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def limit_text() -> str:
    """What may be attached as evidence, in words."""
    return _("At most %(files)d files of %(most)d MB each: %(endings)s") % {
        "files": evidence.MOST_FILES,
        "most": attachments.LARGEST >> 20,
        "endings": " ".join(ending.lstrip(".") for ending in attachments.endings()),
    }


def indicators() -> Catalogue:
    """The indicators of this city as they are now."""
    return declared(site.city().pack)


def spec_of(name: str) -> Indicator | None:
    """The newest version of an indicator; None when nothing of that name is declared."""
    return indicators().versions.get(name, (None,))[-1]


def title_of(name: str) -> str:
    """Title of an indicator; its name when it is not declared."""
    spec = spec_of(name)
    return spec.title.text(numbers.language()) if spec else name


def plan_title(plan: Plan) -> str:
    """Title of a plan in the reader's language, as far as it has one."""
    return plan.title_en if plan.title_en and numbers.language() == "en" else plan.title


def decimals_of(spec: Indicator | None) -> int | None:
    """Digits after the point that its values are shown with."""
    return spec.decimals if spec else None
