"""Numbers of a target's charts: values and path year by year with the spread of the year's end, and the odds day by day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bilan.plans.models import Odds, Target
from bilan.plans.planbook import Planbook
from bilan.plans.targets import even
from bilan.web.areas.scorecard.standing import Line
from bilan.web.components import numbers

DAYS = 800
BAND = ("0.05", "0.25", "0.5", "0.75", "0.95")


def path(book: Planbook, line: Line, newest: Odds | None) -> dict[str, Any]:
    """Values, yearly path and target by year; the spread that the current year may still end in."""
    target, spec = line.target, line.spec
    unit = numbers.unit(spec.unit) if spec else ""
    kept = book.values().filter(indicator=target.indicator, district=target.district, latest=True, period__regex=r"^\d{4}$")
    values = {entry.period: entry.value for entry in kept.order_by("computed")}
    if target.baseline is not None and target.baseline_year:
        values.setdefault(str(target.baseline_year), target.baseline)
    if newest is not None and newest.value is not None:
        values[str(newest.day.year)] = newest.value
    way = {str(year): value for year, value in target.path.items()} or even(target)
    if target.value is not None:
        way[str(target.year)] = way.get(str(target.year), target.value)
    series = [
        {"name": _("Value"), "unit": unit, "data": _sorted(values)},
        {"name": _("Yearly path") if target.path else _("Even path"), "unit": unit, "data": _sorted(way)},
    ]
    aim = {"year": str(target.year), "value": target.value} if target.value is not None else None
    return {"series": series, "bands": _bands(target, newest), "band_name": _("Year's end, 5–95 %"), "aim": aim}


def _bands(target: Target, newest: Odds | None) -> list[dict[str, Any]]:
    """What the target's year, and this year on the way to it, may still end in."""
    if newest is None:
        return []
    way = newest.detail.get("this_year") or {}
    sides = ((str(way.get("year", "")), way), (str(target.year), newest.detail))
    spreads = ((year, side.get("quantiles") or {}) for year, side in sides)
    return [{"year": year, "values": [spread[level] for level in BAND]} for year, spread in spreads if set(BAND) <= set(spread)]


def odds(book: Planbook, target: Target) -> dict[str, Any]:
    """The odds of every day that they were kept on [%]."""
    rows = book.odds().filter(target=target, probability__isnull=False).order_by("-day").values_list("day", "probability")[:DAYS]
    data = [[day.isoformat(), round(100 * probability, 1)] for day, probability in reversed(rows)]
    return {"bounds": [0, 100], "series": [{"name": _("Odds"), "unit": "%", "data": data}]}


def _sorted(values: Mapping[str, float | None]) -> list[list[Any]]:
    return [[year, value] for year, value in sorted(values.items()) if value is not None]
