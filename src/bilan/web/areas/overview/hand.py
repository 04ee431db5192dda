"""What needs a hand now: derived from the digest, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.web.components import numbers
from bilan.web.components.levels import level
from bilan.web.components.pollutants import primary

Digest = Mapping[str, Any]
Item = dict[str, Any]

WORST = 4
"""Air of this level and worse, and water of this class and worse where it misses its target, stand first."""


def items(digest: Digest, alerts: Sequence[Item] = ()) -> list[Item]:
    """Each with tone, mark (text of the badge), title, text, since [s of the wall clock or None] and href; alerts come first."""
    found = [*alerts, *_gateway(digest.get("gateway")), *_air(digest), *_water(digest), *_silent(digest["online"])]
    order = {"bad": 0, "risk": 1, "info": 2}
    return sorted(found, key=lambda item: order[item["tone"]])


def optional(name: str) -> str:
    """Address of a page that another area may provide; empty when it is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _item(tone: str, mark: str, title: str, text: str, href: str, since: int | None = None) -> Item:
    return {"tone": tone, "mark": mark, "title": title, "text": text, "href": href, "since": since}


def _gateway(gateway: Digest | None) -> list[Item]:
    if gateway is None:
        return []
    found = []
    if gateway["fault"]:
        text = _("Readings are not acknowledged; devices keep them and send again.")
        found.append(_item("bad", _("Gateway"), _("The gateway does not store"), text, optional("devices"), gateway["fault"]))
    if gateway["quarantine"]:
        count = gateway["quarantine"]
        title = ngettext("%(n)s frame in quarantine", "%(n)s frames in quarantine", count) % {"n": numbers.digits(count)}
        found.append(_item("info", _("Quarantine"), title, _("To be corrected and replayed, or ignored"), optional("quarantine")))
    if gateway["claims"]:
        count = gateway["claims"]
        title = ngettext("%(n)s device to be claimed", "%(n)s devices to be claimed", count) % {"n": numbers.digits(count)}
        found.append(_item("info", _("Devices"), title, _("It reports and nobody has registered it"), optional("devices")))
    return found


def _air(digest: Digest) -> list[Item]:
    found = []
    for row in digest["air"]["now"]["polluted"]:
        reached = level("aqi", row["grade"])
        text = " ".join(part for part in (f"AQI {numbers.digits(row['value'], 0)}", primary(row["main"])) if part)
        mark = reached.label(numbers.language()) if reached else ""
        found.append(
            _item("bad" if row["grade"] >= WORST else "risk", mark, numbers.named(row), text, reverse("point", args=[row["point"]]))
        )
    return found


def _water(digest: Digest) -> list[Item]:
    found = []
    for row in digest["water"]["failing"]:
        reached, aim = level("water", row["grade"]), level("water", row["target"])
        target = aim.label(numbers.language()) if aim else numbers.NOTHING
        text = _("Target %(target)s") % {"target": target}
        text += f" · {row['main']}" if row["main"] else ""
        mark = reached.label(numbers.language()) if reached else ""
        tone = "bad" if row["grade"] > row["target"] + 1 else "risk"
        found.append(_item(tone, mark, numbers.named(row), text, reverse("point", args=[row["point"]])))
    return found


def _silent(online: Digest) -> list[Item]:
    count = online["silent_total"]
    if not count:
        return []
    title = ngettext("%(n)s silent device", "%(n)s silent devices", count) % {"n": numbers.digits(count)}
    text = _("of %(total)s registered") % {"total": numbers.digits(online["devices"])}
    return [_item("risk", _("Devices"), title, text, optional("devices") or "#silent")]
