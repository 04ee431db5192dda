"""What methods, standards and confidence are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.science import catalogue
from bilan.web.components import numbers

METHODS = {
    "air.hour": gettext_lazy("Hourly air quality index"),
    "air.day": gettext_lazy("Daily air quality index"),
    "water.hour": gettext_lazy("Hourly water class"),
    "water.month": gettext_lazy("Monthly water class"),
    "sea.day": gettext_lazy("Daily class of sea water"),
    "sea.sample": gettext_lazy("Class of a sea water sample"),
    "groundwater.month": gettext_lazy("Monthly class of groundwater"),
    "groundwater.sample": gettext_lazy("Class of a groundwater sample"),
    "drinking.month": gettext_lazy("Drinking-water source by the month"),
    "drinking.sample": gettext_lazy("Sample of a drinking-water source"),
    "noise.day": gettext_lazy("Noise by day and by night"),
    "emission.day": gettext_lazy("Emission by the day"),
    "emission.hour": gettext_lazy("Emission over a limit by the hour"),
}
CONFIDENCE = {
    "verified_2plus": gettext_lazy("checked in two or more sources"),
    "verified_1": gettext_lazy("checked in one source"),
    "derived": gettext_lazy("derived from checked rows"),
    "local": gettext_lazy("a rule of this platform"),
    "permit": gettext_lazy("as entered for the outlet"),
    "register": gettext_lazy("as entered in the register"),
    "memory_only": gettext_lazy("unverified"),
}
UNVERIFIED = "memory_only"
TABLES = {
    "air": ("air_iaqi", "air_validity"),
    "water": ("surface_water_limits",),
    "sea": ("seawater_limits", "seawater_classes"),
    "groundwater": ("groundwater_limits", "groundwater_classes"),
    "drinking": ("surface_water_limits", "surface_water_rules"),
    "noise": ("noise_limits", "noise_rules"),
    "emission": ("emission_limits", "emission_validity"),
}
"""First word of a method → tables of the standards that it reads."""


def standard_of(verdict: Mapping[str, Any]) -> str:
    """The standard that a verdict rests on, with its version."""
    standard, version = verdict["standard"] or "", verdict["version"] or ""
    if not standard and '":"permit|' in str(verdict.get("detail") or ""):
        return _("limits of the discharge permit")
    if not standard:
        return _("limits of the outlet")
    return standard if not version or version in standard else f"{standard}-{version}"


def tables_of(verdict: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Title and address of each table of the standards that a verdict rests on."""
    names = TABLES[verdict["method"].partition(".")[0]]
    known = [catalogue.info(name) for name in (names if verdict["standard"] else names[1:])]
    english = numbers.language() == "en"
    return [(entry.title_en if english else entry.title_zh, reverse("standard-table", args=[entry.name])) for entry in known]


def form_of(method: str) -> str:
    """How the begin of a method's span is written."""
    span = method.rpartition(".")[2]
    return span if span in {"day", "month"} else "minute"


def listed(names: tuple[str, ...]) -> str:
    """Names joined as the reader's language does."""
    return (", " if numbers.language() == "en" else "、").join(names)
