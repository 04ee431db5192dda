"""The day in one sentence, and what changed since yesterday."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.telemetry import clock
from bilan.web.components import numbers
from bilan.web.components.levels import level
from bilan.web.components.pollutants import primary, signed

SYMBOLS = {"pm25": "PM2.5", "pm10": "PM10", "o3_8h": "O₃", "no2": "NO₂", "so2": "SO₂", "co": "CO"}
UNITS = {"co": "mg/m³"}
LEAST_CHANGE = 3.0
"""A change of a daily value below this is not worth a word [µg/m³]."""

Digest = Mapping[str, Any]


def lead(digest: Digest) -> str:
    """What a reader wants to know first: the air now, sections below target, silent devices."""
    parts = [_air(digest["air"]["now"]["area"]), _water(digest["water"]), _devices(digest["online"])]
    between, end = ("; ", ".") if numbers.language() == "en" else ("，", "。")
    return between.join(part for part in parts if part) + end


def changes(digest: Digest) -> list[str]:
    """What differs from yesterday, in a few words each; empty when nothing does."""
    found = [_hour_change(digest["air"]["now"]), *_day_changes(digest["air"]["yesterday"]), *_water_changes(digest["water"]["changed"])]
    return [text for text in found if text]


def _air(now: Digest | None) -> str:
    reached = level("aqi", now["grade"]) if now else None
    if now is None or reached is None:
        return _("no fresh air reading")
    values = {"level": reached.label(numbers.language()), "aqi": numbers.digits(now["value"], 0), "primary": primary(now["main"])}
    if values["primary"]:
        return _("Air now %(level)s (AQI %(aqi)s, primary pollutant %(primary)s)") % values
    return _("Air now %(level)s (AQI %(aqi)s)") % values


def _water(water: Digest) -> str:
    if not water["targeted"]:
        return _("no fresh class of any section") if water["sections"] else ""
    failing = water["targeted"] - water["met"]
    if not failing:
        return ngettext("%(n)s section meets its target", "all %(n)s sections meet their targets", water["targeted"]) % {
            "n": water["targeted"]
        }
    text = ngettext("%(n)s of %(total)s sections is below target", "%(n)s of %(total)s sections are below target", failing)
    return text % {"n": failing, "total": water["targeted"]}


def _devices(online: Digest) -> str:
    silent = online["silent_total"]
    if not online["devices"]:
        return ""
    if not silent:
        return _("no device is silent")
    return ngettext("%(n)s device is silent", "%(n)s devices are silent", silent) % {"n": numbers.digits(silent)}


def _hour_change(now: Digest) -> str:
    area, hours = now["area"], dict(now["hours"])
    before = hours.get(area["start"] - clock.DAY) if area else None
    if area is None or before is None or area["value"] is None:
        return ""
    return _("AQI %(change)s on this hour yesterday") % {"change": signed(area["value"] - before, 0)}


def _day_changes(yesterday: Digest | None) -> list[str]:
    """The two daily values that moved most, once they moved at all."""
    moved = {name: value for name, value in (yesterday or {}).get("change", {}).items() if name in SYMBOLS and name != "co"}
    largest = sorted(moved, key=lambda name: -abs(moved[name]))[:2]
    texts = [f"{SYMBOLS[name]} {signed(moved[name], 0)}" for name in largest if abs(moved[name]) >= LEAST_CHANGE]
    between = ", " if numbers.language() == "en" else "、"
    return [_("yesterday's mean %(change)s µg/m³ on the day before") % {"change": between.join(texts)}] if texts else []


def _water_changes(changed: Sequence[Digest]) -> list[str]:
    worse = sum(row["grade"] > row["before"] for row in changed)
    better = len(changed) - worse
    return [
        ngettext("%(n)s section got worse", "%(n)s sections got worse", worse) % {"n": worse} if worse else "",
        ngettext("%(n)s section got better", "%(n)s sections got better", better) % {"n": better} if better else "",
    ]
