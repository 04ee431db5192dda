"""Odds, fields, states and steps in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.plans.models import FigureState
from bilan.web.components import numbers

LIKELY, SAFE, OPEN = 0.7, 0.9, 0.4
"""From these probabilities on a target is likely, very likely, or at least open."""
FIELDS = {
    "air": gettext_lazy("Air"),
    "water": gettext_lazy("Surface water"),
    "sea": gettext_lazy("Sea"),
    "groundwater": gettext_lazy("Groundwater"),
    "soil": gettext_lazy("Soil"),
    "noise": gettext_lazy("Noise"),
    "ecology": gettext_lazy("Ecology"),
    "climate": gettext_lazy("Climate and energy"),
    "waste": gettext_lazy("Waste"),
    "risk": gettext_lazy("Risk"),
    "governance": gettext_lazy("Governance"),
    "": gettext_lazy("Other fields"),
}
SOURCES = {
    "computed": ("ok", gettext_lazy("By a published formula")),
    "reported": ("info", gettext_lazy("Reported by a department")),
    "configured": ("risk", gettext_lazy("By a definition of this city")),
}
CONFIDENCE = {
    "verified_2plus": ("ok", gettext_lazy("Verified in several sources")),
    "verified_1": ("info", gettext_lazy("Verified in one source")),
    "unverified": ("risk", gettext_lazy("Not verified")),
}
PERIODS = {"year": gettext_lazy("Year"), "quarter": gettext_lazy("Quarter"), "month": gettext_lazy("Month")}
FIGURES = {
    FigureState.FILLED: "info",
    FigureState.RETURNED: "bad",
    FigureState.CHECKED: "risk",
    FigureState.SIGNED: "ok",
}
"""State of a reported figure → tone."""
STEPS = {
    "fill": ("info", gettext_lazy("Filled in")),
    "attach": ("quiet", gettext_lazy("Evidence attached")),
    "check": ("ok", gettext_lazy("Checked")),
    "sign": ("ok", gettext_lazy("Signed off")),
    "return": ("bad", gettext_lazy("Returned")),
}
CHANGED = {
    "value": gettext_lazy("Promised value"),
    "upper": gettext_lazy("Upper end"),
    "year": gettext_lazy("Year to be met in"),
    "baseline": gettext_lazy("Baseline"),
    "baseline_year": gettext_lazy("Year of the baseline"),
    "owner": gettext_lazy("Who answers for it"),
    "path": gettext_lazy("Yearly path"),
    "shares": gettext_lazy("Shares of the districts"),
    "published": gettext_lazy("Public"),
    "nature": gettext_lazy("Nature"),
    "commitment": gettext_lazy("Commitment"),
    "indicator": gettext_lazy("Indicator"),
    "comparator": gettext_lazy("Comparator"),
}
"""Field of a target → what it is called."""
WHY = {
    "no_data": gettext_lazy("There is no data yet."),
    "too_few": gettext_lazy("Too much of the data is missing."),
    "little_history": gettext_lazy("The past is too short to say anything of the odds."),
    "no_number": gettext_lazy("The target has no number yet."),
    "no_pace": gettext_lazy("Nothing moves yet, so no pace can be told."),
    "few_years": gettext_lazy("Too few years were reported to say anything of the odds."),
    "too_far": gettext_lazy("The year of the target is too far ahead."),
    "over": gettext_lazy("The period is over."),
    "sure": gettext_lazy("Nothing can change the outcome any more."),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a target stands, in a tone and in words; `rank` is 0 for the gravest."""

    code: str
    tone: str
    text: str
    rank: int

    @property
    def risky(self) -> bool:
        """Whether somebody must do something."""
        return self.tone in {"bad", "risk"}


def marks() -> Mapping[str, Mark]:
    """Every way a target can stand, the gravest first."""
    return _marks(numbers.language())


@cache
def _marks(_language: str) -> Mapping[str, Mark]:
    found = (
        Mark("unlikely", "bad", _("Unlikely"), 0),
        Mark("risk", "risk", _("At risk"), 1),
        Mark("below", "risk", _("Not met now"), 2),
        Mark("likely", "ok", _("Likely"), 3),
        Mark("safe", "ok", _("Very likely"), 4),
        Mark("met", "ok", _("Met now"), 5),
        Mark("waits", "quiet", _("To be handed down"), 6),
        Mark("silent", "quiet", _("No data"), 7),
    )
    return {mark.code: mark for mark in found}


def mark_of(probability: float | None, gap: float | None, promised: bool = True) -> Mark:
    """How a target stands.

    Parameters:
        probability: chance of keeping it, 0 to 1; None when nothing can be said.
        gap: what is missing, positive while it is not kept.
        promised: whether it has a number at all.
    """
    known = marks()
    if not promised:
        return known["waits"]
    if probability is not None:
        return known[
            "safe" if probability >= SAFE else "likely" if probability >= LIKELY else "risk" if probability >= OPEN else "unlikely"
        ]
    if gap is None:
        return known["silent"]
    return known["below" if gap > 0 else "met"]


def percent(probability: float | None) -> str:
    """Odds in per cent, never a certainty that nobody has; a dash when nothing can be said.

    Examples:
        >>> percent(0.728), percent(0.999), percent(0.001), percent(None)
        ('73 %', '> 99 %', '< 1 %', '–')
    """
    if probability is None:
        return numbers.NOTHING
    whole = round(100 * probability)
    return "> 99 %" if whole > 99 else "< 1 %" if whole < 1 else f"{whole} %"


def why(code: str) -> str:
    """Why a number is missing, or nothing is said of the odds; empty when no reason is kept."""
    return str(WHY.get(code, code)) if code else ""


def field(code: str) -> str:
    """A field of work."""
    return str(FIELDS.get(code, code))


def period(code: str) -> str:
    """A year, a quarter or a month as people write it."""
    year, _dash, part = code.partition("-")
    english = numbers.language() == "en"
    if not part:
        return year if english else f"{year}年"
    if part.startswith("Q"):
        return f"{part} {year}" if english else f"{year}年{'一二三四'[int(part[1]) - 1]}季度" if part[1:] in "1234" else code
    return numbers.wall(date(int(year), int(part), 1), "month") if year.isdigit() and part.isdigit() and 1 <= int(part) <= 12 else code


def aim(comparator: str, value: Any, upper: Any, decimals: int | None, wording: str = "") -> str:
    """What is promised: comparator and number, a range, or its words."""
    if comparator == "qualitative" or (value is None and wording):
        return wording or numbers.NOTHING
    if value is None:
        return numbers.NOTHING
    if upper is not None:
        return f"{plain(value, decimals)}–{plain(upper, decimals)}"
    sign = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": ""}.get(comparator, "")
    return f"{sign} {plain(value, decimals)}".strip()


def plain(value: float | None, decimals: int | None) -> str:
    """A promised number with as many digits as it was promised with, at most two more than its indicator shows."""
    if value is None:
        return numbers.NOTHING
    shown = numbers.digits(value, (decimals if decimals is not None else 2) + 2)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
