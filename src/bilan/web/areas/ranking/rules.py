"""Rules in words, each with the clause it stands in and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bilan.science.tables import table

CONFIDENCE = {
    "verified_2plus": ("ok", _("Verified in two or more sources")),
    "verified_1": ("info", _("Verified in one source")),
    "derived": ("risk", _("Derived, not verified")),
    "memory_only": ("risk", _("Not verified yet")),
}
"""How sure a rule is → tone and words."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        text: the rule as a reader understands it.
        clause: standard or notice with the place.
        confidence: key of `CONFIDENCE`.
    """

    text: str
    clause: str
    confidence: str

    @property
    def tone(self) -> str:
        """Tone of the mark beside it."""
        return CONFIDENCE[self.confidence][0]

    @property
    def sure(self) -> str:
        """Words of the mark beside it."""
        return str(CONFIDENCE[self.confidence][1])


RANKING = _("City ranking rule of the ministry (notice 64 of 2014 and successors)")
PROVINCIAL = _("Provincial ranking practice")
AIR_RULES = (
    (
        "ci-sum",
        RANKING,
        _("The composite index is the sum of the six pollutants' single indices: concentration over limit. Smaller is better."),
    ),
    ("ci-stat", RANKING, _("SO₂, NO₂, PM10 and PM2.5 enter with the mean of the period.")),
    ("ci-stat-co", RANKING, _("CO enters with the 95th percentile of the daily means.")),
    ("ci-stat-o3", RANKING, _("O₃ enters with the 90th percentile of the daily highest eight-hour means.")),
    (
        "ci-std-PM2.5-2026",
        "GB 3095-2026",
        _("Periods that end on 1 March 2026 or later are divided by the limits of GB 3095-2026, earlier ones by those of 2012."),
    ),
    ("rank-order", RANKING, _("Ranked by the composite index, smallest first; equal values share a rank and the next rank is skipped.")),
    ("rank-other", PROVINCIAL, _("PM2.5 and the share of good days are ranked separately; equal values share a rank.")),
    ("rank-change", PROVINCIAL, _("Change on the year before in percent of the earlier value: above zero is worse.")),
)
CITY_WATER = _("Technical rule for ranking the surface water of cities, 环办监测〔2017〕51号")
COMMON = _("Common practice")
WATER_RULES = (
    (
        "CW1",
        CITY_WATER,
        _("The water quality index of an item is its mean over the class III limit; dissolved oxygen the other way round."),
    ),
    (
        "CW5",
        CITY_WATER,
        _("The index of a district is the sum over the items measured, with means over its sections. Smaller is better."),
    ),
    ("CW8", CITY_WATER, _("Ranked by the index, smallest first.")),
    ("CW9", CITY_WATER, _("Change on the year before in percent of the earlier index: below zero is better.")),
    ("GT1", COMMON, _("Good is class I to III.")),
    ("GT2", COMMON, _("A section attains its target when its class is not worse than the class it is to have.")),
)


def sites_rule() -> Rule:
    """Which stations count for a district and the city."""
    return Rule(
        str(_("Districts and the city are means over their city stations; background, traffic and special stations do not count.")),
        "HJ 663-2026 Annex A Table A.2",
        "verified_1",
    )


def good_days_rule() -> Rule:
    """What a good day is."""
    row = next(row for row in table("air_day_definitions") if row["name"] == "good")
    return Rule(
        str(_("A good day is a valid day with an AQI of 100 or less; the ratio is over the valid days.")),
        "HJ 633 · HJ 663",
        row["confidence"],
    )


def air_rules() -> list[Rule]:
    """Rules of the air ranking."""
    return [*_rules("air_evaluation_rules", AIR_RULES), good_days_rule(), sites_rule()]


def water_rules() -> list[Rule]:
    """Rules of the water ranking."""
    return _rules("surface_water_rules", WATER_RULES)


def _rules(name: str, wanted: Iterable[tuple[str, Any, Any]]) -> list[Rule]:
    """Rules in words, each as sure as its row of the table says."""
    sure = {row["rule_id"]: row["confidence"] for row in table(name) if row["rule_id"]}
    return [Rule(str(text), str(clause), sure[rule]) for rule, clause, text in wanted if rule in sure]
