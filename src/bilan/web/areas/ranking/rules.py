"""Rules in words, each with the clause it stands in and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bilan.science.tables import rows_where, table

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
WATER_RULES = (
    ("CW1", _("The water quality index of an item is its mean over the class III limit; dissolved oxygen the other way round.")),
    ("CW5", _("The index of a district is the sum over the items measured, with means over its sections. Smaller is better.")),
    ("CW8", _("Ranked by the index, smallest first.")),
    ("CW9", _("Change on the year before in percent of the earlier index: below zero is better.")),
    ("GT1", _("Good is class I to III.")),
    ("GT2", _("A section attains its target when its class is not worse than the class it is to have.")),
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
        str(_("A good day is a valid day with an AQI of 100 or less; the ratio is over the valid days.")), row["source"], row["confidence"]
    )


def air_rules() -> list[Rule]:
    """Rules of the air ranking."""
    found = {row["rule_id"]: row for row in _table("air_evaluation_rules", (name for name, _clause, _text in AIR_RULES))}
    rules = [Rule(str(text), str(clause), found[name]["confidence"]) for name, clause, text in AIR_RULES if name in found]
    return [*rules, good_days_rule(), sites_rule()]


def water_rules() -> list[Rule]:
    """Rules of the water ranking."""
    found = {row["rule_id"]: row for row in _table("surface_water_rules", (name for name, _text in WATER_RULES))}
    return [Rule(str(text), found[name]["source"], found[name]["confidence"]) for name, text in WATER_RULES if name in found]


def _table(name: str, wanted: Iterable[str]) -> list[dict[str, str]]:
    return [dict(row) for value in wanted for row in rows_where(name, rule_id=value)]
