"""What the rest of the period must bring, and which stations, days and pollutants decide, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bilan.pack.indicators import Indicator
from bilan.web.areas.overview.words import SYMBOLS
from bilan.web.components import numbers
from bilan.web.components.pollutants import primary, symbol
from bilan.web.registry import Request

MOST = 8
GROUPS = {
    "pollutants": gettext_lazy("Pollutants of the bad days"),
    "days": gettext_lazy("Days, and what each costs"),
    "stations": gettext_lazy("Stations, with their share"),
    "points": gettext_lazy("Stations, with their share"),
    "sections": gettext_lazy("Sections still open, with their odds of reaching the class"),
    "months": gettext_lazy("Months"),
}
PLACES = frozenset({"stations", "points", "sections"})
NAMES = ("name", "title", "code", "point", "station", "section", "pollutant", "day", "month", "district")
WEIGHTS = ("share", "weight", "good", "part")
OF_ITSELF = "good"
"""Weight that is told of 100 %; others are drawn against the largest of their group."""


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
    if cut := detail.get("deciding", {}).get("cut"):
        found.append(_("all days to come must be %(n)s %% lower for even odds") % {"n": round(100 * cut)})
    if left is not None and kind in {"share_of_days", "mean", "percentile"}:
        found.append(ngettext("%(n)s day is left", "%(n)s days are left", int(left)) % {"n": int(left)})
    return found


def _spare(kind: str, spare: int) -> str:
    if kind == "share_of_classes":
        # Sections that miss now may still get better.
        if spare < 0:
            return ngettext("%(n)s that misses now must get better", "%(n)s that miss now must get better", -spare) % {"n": -spare}
        return ngettext("%(n)s section or sample may still fail", "%(n)s sections or samples may still fail", spare) % {"n": spare}
    if spare < 0:
        return _("it is too late by %(n)s") % {"n": -spare}
    return ngettext("%(n)s more bad day is affordable", "%(n)s more bad days are affordable", spare) % {"n": spare}


def groups(request: Request, kept: Mapping[str, Any], spec: Indicator | None) -> list[dict[str, Any]]:
    """What decides, group by group; stations that the reader may not see are left out."""
    found = []
    for name, title in GROUPS.items():
        entries = kept.get(name)
        if not isinstance(entries, Sequence) or isinstance(entries, str):
            continue
        rows = [entry for entry in entries if isinstance(entry, Mapping)][:MOST]
        items = _places(request, rows) if name in PLACES else [(_item(name, row), row) for row in rows]
        if items:
            most = max((_weight(row) or 0.0 for _shown, row in items), default=0.0)
            found.append({"title": str(title), "items": [_weighed(name, item, row, spec, most) for item, row in items]})
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


def _item(group: str, row: Mapping[str, Any]) -> dict[str, Any]:
    name = _named(row)
    if group == "pollutants":
        return {"title": SYMBOLS.get(name, symbol(name.upper())), "href": ""}
    if group == "days":
        with suppress(ValueError):
            name = numbers.wall(date.fromisoformat(name), "day")
    return {"title": name, "href": ""}


def _named(row: Mapping[str, Any]) -> str:
    return next((str(row[name]) for name in NAMES if row.get(name)), "")


def _weight(row: Mapping[str, Any]) -> float | None:
    return next((float(row[name]) for name in WEIGHTS if isinstance(row.get(name), int | float)), None)


def _weighed(group: str, item: dict[str, Any], row: Mapping[str, Any], spec: Indicator | None, most: float) -> dict[str, Any]:
    """An item with its weight [%], how long its bar is, a number of its own, and what else is known of it."""
    weight = _weight(row)
    whole = 1.0 if OF_ITSELF in row else most or 1.0
    number = row.get("value") if group in {"days", "stations", "points"} else None
    measured = spec is not None and spec.odds.get("kind") in {"mean", "percentile"}
    unit = numbers.unit(spec.unit) if spec and measured else "AQI" if group in {"days", "stations", "points"} and _by_index(spec) else ""
    return {
        **item,
        "weight": None if weight is None else round(100 * weight),
        "bar": None if weight is None else round(100 * weight / whole),
        "number": "" if number is None else numbers.digits(number, spec.decimals if spec and measured else 0),
        "unit": unit,
        "note": _note(group, row, spec),
    }


def _by_index(spec: Indicator | None) -> bool:
    return spec is not None and spec.odds.get("kind") == "share_of_days" and "column" not in spec.odds


def _note(group: str, row: Mapping[str, Any], spec: Indicator | None) -> str:
    """What a day costs, what a section showed, how many days a pollutant spoilt."""
    match group:
        case "days":
            between = " · "
            return between.join(part for part in (primary(str(row.get("main") or "")), _cost(row.get("cost"), spec)) if part)
        case "pollutants":
            days = int(row.get("days") or 0)
            return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
        case "sections":
            return _samples(row, spec)
    return ""


def _cost(cost: float | None, spec: Indicator | None) -> str:
    """By how much the number would be better without the day."""
    if not cost or spec is None:
        return ""
    unit = _("points") if spec.unit == "%" else numbers.unit(spec.unit)
    return _("costs %(n)s %(unit)s") % {"n": numbers.digits(cost, spec.decimals + 1), "unit": unit}


def _samples(row: Mapping[str, Any], spec: Indicator | None) -> str:
    """The samples of a section so far: how many met what they must, or the mean of their classes."""
    count, mean = int(row.get("samples") or 0), row.get("value")
    if not count or mean is None:
        return _("no sample yet this year")
    odds = spec.odds if spec else {}
    if odds.get("target") or "column" in odds:
        return _("%(met)s of %(n)s samples met") % {"met": round(count * (2.0 - mean)), "n": count}
    text = ngettext("mean class %(mean)s of %(n)s sample", "mean class %(mean)s of %(n)s samples", count)
    return text % {"mean": numbers.digits(mean, 1), "n": count}
