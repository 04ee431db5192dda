"""What the rest of the period must bring, and which stations, days and pollutants decide, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bilan.pack.indicators import Indicator
from bilan.people.roles import Capability
from bilan.web import site
from bilan.web.areas.overview.words import SYMBOLS
from bilan.web.components import numbers
from bilan.web.components.pollutants import symbol
from bilan.web.registry import Request

MOST = 8
GROUPS = {
    "stations": gettext_lazy("Stations"),
    "points": gettext_lazy("Stations"),
    "sections": gettext_lazy("Sections still open, with their odds of reaching the class"),
    "pollutants": gettext_lazy("Pollutants"),
    "days": gettext_lazy("Days"),
    "months": gettext_lazy("Months"),
    "districts": gettext_lazy("Districts"),
}
PLACES = frozenset({"stations", "points", "sections"})
NAMES = ("name", "title", "code", "point", "station", "section", "pollutant", "day", "month", "district")
WEIGHTS = ("share", "weight", "good", "part")
NUMBERS = ("value", "days", "count", "number")


def rest(kind: str, detail: Mapping[str, Any], spec: Indicator | None) -> list[str]:
    """What must come, one sentence each: the mean of the rest, what may still go wrong, how much is left.

    Parameters:
        kind: how the odds of the indicator are found.
        detail: what the odds of the day keep.
    """
    needed, spare, left = detail.get("needed"), detail.get("affordable"), detail.get("left")
    found = []
    if needed is not None:
        shown = numbers.digits(needed, (spec.decimals if spec else 1) + (0 if kind == "count" else 1))
        unit = numbers.unit(spec.unit) if spec else ""
        texts = {
            "share_of_days": _("%(n)s of the remaining days must be good"),
            "share_of_classes": _("%(n)s of the remaining samples must be good"),
            "count": _("%(n)s a month must be completed"),
        }
        found.append(texts.get(kind, _("the rest of the period must average %(n)s")) % {"n": f"{shown} {unit}".strip()})
    if spare is not None:
        found.append(_spare(kind, int(spare)))
    if detail.get("deciding", {}).get("cut"):
        found.append(_("all days to come must be %(n)s %% lower") % {"n": round(100 * detail["deciding"]["cut"])})
    if left is not None and kind in {"share_of_days", "mean", "percentile"}:
        found.append(ngettext("%(n)s day is left", "%(n)s days are left", int(left)) % {"n": int(left)})
    return found


def _spare(kind: str, spare: int) -> str:
    if spare < 0:
        return _("it is too late by %(n)s") % {"n": -spare}
    if kind == "share_of_classes":
        return ngettext("%(n)s sample may still fail", "%(n)s samples may still fail", spare) % {"n": spare}
    return ngettext("%(n)s more bad day is affordable", "%(n)s more bad days are affordable", spare) % {"n": spare}


def groups(request: Request, kept: Mapping[str, Any], spec: Indicator | None) -> list[dict[str, Any]]:
    """What decides, group by group; stations that the reader may not see are left out."""
    found = []
    for name, entries in kept.items():
        if name not in GROUPS or not isinstance(entries, Sequence) or isinstance(entries, str):
            continue
        rows = [entry for entry in entries if isinstance(entry, Mapping)][:MOST]
        items = _places(request, rows) if name in PLACES else [_item(name, row) for row in rows if _seen(request, name, row)]
        if items:
            found.append({"title": str(GROUPS[name]), "items": [_weighed(item, row, spec) for item, row in items]})
    return found


Item = tuple[dict[str, Any], Mapping[str, Any]]


def _places(request: Request, rows: Sequence[Mapping[str, Any]]) -> list[Item]:
    codes = [_named(row) for row in rows]
    visible = {point.code: point for point in request.monitoring.points(codes=set(codes))}
    return [
        ({"title": numbers.named(visible[code]), "href": reverse("point", args=[code])}, row)
        for code, row in zip(codes, rows, strict=True)
        if code in visible
    ]


def _seen(request: Request, group: str, row: Mapping[str, Any]) -> bool:
    return group != "districts" or request.planbook.can(Capability.SEE, _named(row))


def _item(group: str, row: Mapping[str, Any]) -> Item:
    name = _named(row)
    if group == "pollutants":
        return {"title": SYMBOLS.get(name, symbol(name.upper())), "href": ""}, row
    if group == "districts":
        title = site.district_name(name, numbers.language())
        alone = row.get("alone")
        return {"title": title + (" " + _("alone −%(n)s %%") % {"n": round(100 * alone)} if alone else ""), "href": ""}, row
    if group == "days":
        try:
            name = numbers.wall(date.fromisoformat(name), "day")
        except ValueError:
            return {"title": name, "href": ""}, row
    return {"title": name, "href": ""}, row


def _named(row: Mapping[str, Any]) -> str:
    return next((str(row[name]) for name in NAMES if row.get(name)), "")


def _weighed(item: dict[str, Any], row: Mapping[str, Any], spec: Indicator | None) -> dict[str, Any]:
    """An item with its weight [%], or a number of its own."""
    weight = next((float(row[name]) for name in WEIGHTS if isinstance(row.get(name), int | float)), None)
    number = next((row[name] for name in NUMBERS if isinstance(row.get(name), int | float)), None)
    shown = "" if number is None else numbers.digits(number, None if isinstance(number, int) else spec.decimals if spec else 1)
    return {**item, "weight": None if weight is None else round(100 * weight), "number": shown}
