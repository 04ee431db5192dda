"""The five numbers at the top of the overview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.web.components import numbers
from bilan.web.components.pollutants import signed

Digest = Mapping[str, Any]
Card = dict[str, Any]

TICK = 80.0
"""Where the limit stands on the bar of a concentration [%]."""


def cards(digest: Digest) -> list[Card]:
    """The cards in their order; each as the keywords of the tag ``kpi``."""
    return [_good_days(digest["air"]), *_concentrations(digest["air"]), _water(digest["water"]), _devices(digest["online"])]


def item_of(air: Digest, pollutant: str, statistic: str) -> Digest:
    """One statistic of the year; empty when there is none."""
    found = (item for item in air["year"].get("items", ()) if item["pollutant"] == pollutant and item["statistic"] == statistic)
    return next(found, {})


def good_share(water: Digest) -> float | None:
    """Share of sections that are of class I to III now [%]."""
    good = sum(count for grade, count in water["classes"].items() if int(grade) <= 3)
    return 100 * good / water["judged"] if water["judged"] else None


def _good_days(air: Digest) -> Card:
    year, before = air["year"], air["year_before"]
    note = _("%(good)s of %(days)s days") % {"good": year.get("good", 0), "days": year.get("days", 0)}
    if before.get("ratio") is not None and year.get("ratio") is not None:
        note += " · " + _("same days last year %(before)s %% (%(change)s)") % {
            "before": numbers.digits(before["ratio"], 1),
            "change": signed(year["ratio"] - before["ratio"], 1),
        }
    return _card("air", _("Good days this year"), year.get("ratio"), 1, "%", note, share=year.get("ratio"), target=before.get("ratio"))


def _concentrations(air: Digest) -> list[Card]:
    pm25 = _concentration(air, "pm25", _("PM2.5 mean this year"), "PM2.5", "mean", air["year"].get("pm25"), air["year_before"].get("pm25"))
    o3 = _concentration(
        air, "o3", _("O₃ 90th percentile this year"), "O3", "p90", air["year"].get("o3_8h"), air["year_before"].get("o3_8h")
    )
    return [pm25, o3]


def _concentration(air: Digest, kind: str, label: str, pollutant: str, statistic: str, value: float | None, before: float | None) -> Card:
    item = item_of(air, pollutant, statistic)
    limit, above = item.get("limit"), item.get("attained") is False
    notes = []
    if limit:
        values = {"limit": numbers.digits(limit, 0)}
        notes.append((_("above the limit of %(limit)s") if above else _("within the limit of %(limit)s")) % values)
    notes += [_("same days last year %(before)s") % {"before": numbers.digits(before, 1)}] if before is not None else []
    share = TICK * value / limit if limit and value is not None else None
    card = _card(kind, label, value, 1, "ug/m3", " · ".join(notes), share=share, target=TICK if limit else None)
    return {**card, "tone": ("bad" if above else "ok") if limit else "", "verdict": _("above the limit") if above else ""}


def _water(water: Digest) -> Card:
    notes = [_("%(met)s of %(total)s meet their target") % {"met": water["met"], "total": water["targeted"]}] if water["targeted"] else []
    if water["year"].get("share") is not None:
        values = {"year": numbers.digits(water["year"]["share"], 1), "before": numbers.digits(water["year_before"].get("share"), 1)}
        notes.append(_("year %(year)s %%, last year %(before)s %%") % values)
    share = good_share(water)
    return _card(
        "water", _("Sections of class I–III now"), share, 1, "%", " · ".join(notes), share=share, target=water["year"].get("share")
    )


def _devices(online: Digest) -> Card:
    counts = {name: sum(entry.get(name, 0) for entry in online["networks"].values()) for name in ("online", "late", "silent")}
    shown = {name: numbers.digits(count) for name, count in counts.items()}
    note = _("%(online)s online · %(late)s late · %(silent)s silent") % shown
    share = online["share"]
    return _card("devices", _("Devices online"), share, 1, "%", note, share=share, target=None)


def _card(kind: str, label: str, number: float | None, decimals: int, unit: str, note: str, **bar: float | None) -> Card:
    return {
        "label": label,
        "number": number,
        "decimals": decimals,
        "unit": unit if number is not None else "",
        "note": note,
        "href": reverse("overview-why", args=[kind]),
        "tone": "",
        "verdict": "",
        **{name: None if value is None else min(100.0, value) for name, value in bar.items()},
    }
