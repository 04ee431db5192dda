"""What the pages of the standards share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.web.components import numbers
from bilan.web.components.table import Row

MEDIA = {
    "air": gettext_lazy("Ambient air"),
    "surface_water": gettext_lazy("Surface water"),
    "drinking": gettext_lazy("Drinking-water sources"),
    "groundwater": gettext_lazy("Groundwater"),
    "sea": gettext_lazy("Sea"),
    "soil": gettext_lazy("Soil"),
    "noise": gettext_lazy("Noise"),
    "emissions": gettext_lazy("Emissions"),
    "voc": gettext_lazy("Volatile organic compounds"),
    "waste": gettext_lazy("Hazardous waste"),
    "radiation": gettext_lazy("Radiation"),
    "risk": gettext_lazy("Environmental risk"),
    "ecology": gettext_lazy("Ecology"),
    "dustfall": gettext_lazy("Dustfall"),
    "networks": gettext_lazy("Rivers and sewers"),
    "units": gettext_lazy("Units and codes"),
}
KINDS = {
    "limits": gettext_lazy("Limit values"),
    "grades": gettext_lazy("Grades"),
    "rules": gettext_lazy("Rules"),
    "breakpoints": gettext_lazy("Breakpoints"),
    "validity": gettext_lazy("Validity"),
    "codes": gettext_lazy("Codes"),
    "coefficients": gettext_lazy("Coefficients"),
    "statistics": gettext_lazy("Critical values"),
    "texts": gettext_lazy("Explaining texts"),
}
CONFIDENCES = {
    "verified_2plus": ("ok", gettext_lazy("Verified in several sources")),
    "verified_1": ("ok", gettext_lazy("Verified in one source")),
    "derived": ("ok", gettext_lazy("Computed from verified rows")),
    "official": ("ok", gettext_lazy("From the official text")),
    "convention": ("quiet", gettext_lazy("Convention")),
    "local": ("quiet", gettext_lazy("The city's choice")),
    "memory_only": ("risk", gettext_lazy("Not verified")),
    "unverified": ("risk", gettext_lazy("Not verified")),
    "assumed": ("risk", gettext_lazy("Assumed")),
}
"""Confidence → tone and words."""


def tabs(current: str) -> list[dict[str, Any]]:
    """Tabs of the pages."""
    titles = {"standards": _("Tables"), "standard-changes": _("What the new edition changes"), "standards-unverified": _("Not verified")}
    return [{"href": reverse(name), "title": title, "count": None, "current": name == current} for name, title in titles.items()]


def title_of(entry: Any) -> str:
    """Title of a table in the reader's language."""
    return str(entry.title_en if numbers.language() == "en" else entry.title_zh)


def confidence(row: Row) -> SafeString | str:
    """How sure a row is, in words."""
    tone, words = CONFIDENCES.get(row["confidence"] or "", ("quiet", row["confidence"]))
    return format_html('<span class="status status-{}">{}</span>', tone, words) if words else numbers.NOTHING
