"""Where the numbers of the overview come from: facts, rule with clause, version and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.pack.vocab import networks
from bilan.telemetry.gateway.settings import Settings
from bilan.web import site
from bilan.web.areas.ranking import rules
from bilan.web.areas.ranking.rules import Rule
from bilan.web.components import numbers, words
from bilan.web.components.levels import level
from bilan.web.components.pollutants import symbol

Digest = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Why:
    """An explanation.

    Attributes:
        title: what is explained.
        facts: label and value, both text.
        heads, rows: a small table under the facts.
        rules: what was applied.
        links: text and address of where the single values are.
        note: one more sentence.
    """

    title: str
    facts: list[tuple[str, str]]
    rules: list[Rule]
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""


def good_days(digest: Digest) -> Why:
    """The share of good days."""
    year, before = digest["air"]["year"], digest["air"]["year_before"]
    counts: dict[int, int] = {}
    for _day, _aqi, grade, _main in digest["air"]["calendar"]:
        if grade:
            counts[grade] = counts.get(grade, 0) + 1
    editions = year.get("by_edition", {})
    facts = [
        (_("Valid days"), numbers.digits(year.get("days"))),
        (_("Good days"), numbers.digits(year.get("good"))),
        (_("Ratio"), _percent(year.get("ratio"))),
        (_("Same days last year"), f"{_percent(before.get('ratio'))} ({before.get('good', 0)} / {before.get('days', 0)})"),
        (_("Heavily polluted days"), numbers.digits(year.get("heavy"))),
        *(
            (_("Good days had HJ 633-%(edition)s held all year") % {"edition": name}, numbers.digits(count))
            for name, count in editions.items()
        ),
    ]
    rows = [[_label("aqi", grade), str(counts[grade])] for grade in sorted(counts)]
    note = _("Days up to 28 February 2026 are judged by HJ 633-2012, later ones by HJ 633-2026, as the law of each day asks.")
    links = [(_("Ranking of the year"), f"{reverse('ranking')}?of=districts&period=year"), (_("Days as data"), _days_api(digest))]
    return Why(_("Good days this year"), facts, [rules.good_days_rule(), rules.sites_rule()], [_("Level"), _("Days")], rows, links, note)


def concentrations(digest: Digest) -> Why:
    """The statistics of the year beside their limits."""
    items = digest["air"]["year"].get("items", [])
    rows = [
        [
            f"{symbol(item['pollutant'])} {_statistic(item['statistic'])}",
            numbers.digits(item["value"]),
            numbers.digits(item["limit"]),
            "" if item["attained"] is None else (_("yes") if item["attained"] else _("no")),
            str(item["days"]),
        ]
        for item in items
    ]
    heads = [_("Statistic"), _("Value"), _("Limit"), _("Within"), _("Days")]
    used = {(item["standard"], item["version"], item["clause"], item["confidence"]) for item in items}
    said = [
        Rule(
            _("The statistic is rounded as the standard asks and set beside the class 2 limit in force on the last day of the year."),
            f"{standard} {clause} · GB 3095 {version}",
            confidence,
        )
        for standard, version, clause, confidence in sorted(used)
    ]
    valid = bool(items) and all(item["valid"] for item in items)
    note = (
        ""
        if valid
        else _("The year is not over: 324 valid days and 27 in each month are needed before these numbers count as an evaluation.")
    )
    links = [(_("Ranking of the year"), f"{reverse('ranking')}?of=districts&period=year&by=pm25"), (_("Days as data"), _days_api(digest))]
    facts = [(_("Unit"), "µg/m³ (CO mg/m³)"), (_("Valid days"), numbers.digits(digest["air"]["year"].get("days")))]
    return Why(_("Concentrations of the year beside the limits"), facts, [*said, rules.sites_rule()], heads, rows, links, note)


def water(digest: Digest) -> Why:
    """Classes of the sections now."""
    water = digest["water"]
    facts = [
        (_("Monitored sections"), numbers.digits(water["sections"])),
        (_("With a class in the last 12 hours"), numbers.digits(water["judged"])),
        (_("With a target"), numbers.digits(water["targeted"])),
        (_("Meeting their target"), numbers.digits(water["met"])),
        (_("Good share of this year's finished months"), _percent(water["year"].get("share"))),
        (_("The same months last year"), _percent(water["year_before"].get("share"))),
    ]
    rows = [[_label("water", int(grade)), str(count)] for grade, count in sorted(water["classes"].items())]
    said = [
        Rule(
            _("A section has the worst class of its items; nutrients measured every four hours hold until the next value."),
            "GB 3838-2002 Table 1",
            "verified_2plus",
        ),
        Rule(
            _("pH, dissolved oxygen, permanganate index, ammonia nitrogen and phosphorus are judged; nitrogen and temperature are not."),
            "环办〔2011〕22号",
            "verified_2plus",
        ),
        *rules.water_rules()[-2:],
    ]
    links = [
        (_("Ranking of the sections"), f"{reverse('ranking')}?of=sections&period=month"),
        (_("Classes as data"), "/api/verdicts?method=water.hour&latest=true"),
    ]
    return Why(_("Sections of class I–III now"), facts, said, [_("Class"), _("Monitored sections")], rows, links)


def devices(digest: Digest) -> Why:
    """Devices by presence."""
    online = digest["online"]
    names = ("online", "late", "silent")
    rows = [
        [numbers.named(networks()[code]), *(numbers.digits(counts.get(name, 0)) for name in names)]
        for code, counts in online["networks"].items()
    ]
    limits = Settings.of(site.city())
    text = _(
        "A device is late after %(late)s of its periods (at least %(least)s min), silent after %(silent)s (at least %(most)s min)."
    ) % {
        "late": numbers.digits(limits.late_periods),
        "least": limits.late_seconds // 60,
        "silent": numbers.digits(limits.silent_periods),
        "most": limits.silent_seconds // 60,
    }
    heads = [_("Network"), _("Online"), _("Late"), _("Silent")]
    facts = [(_("Devices"), numbers.digits(online["devices"])), (_("Devices online"), numbers.digits(online["present"]))]
    return Why(_("Devices online"), facts, [Rule(text, "gateway.toml", "verified_2plus")], heads, rows)


KINDS: dict[str, Callable[[Digest], Why]] = {
    "air": good_days,
    "pm25": concentrations,
    "o3": concentrations,
    "water": water,
    "devices": devices,
}
"""Last part of the address → explanation."""


def _percent(value: float | None) -> str:
    return numbers.NOTHING if value is None else f"{numbers.digits(value, 1)} %"


def _label(kind: str, grade: int) -> str:
    found = level(kind, grade)
    return found.label(numbers.language()) if found else numbers.NOTHING


def _statistic(name: str) -> str:
    """``mean`` or ``p90`` in words."""
    return words.statistic("mean") if name == "mean" else _("%(n)s-th percentile") % {"n": name[1:]}


def _days_api(digest: Digest) -> str:
    days = digest["air"]["calendar"]
    begin = days[0][0] if days else ""
    return f"/api/verdicts?method=air.day&points={digest['district']}&begin={begin}&limit=400" if begin else "/api/docs"
