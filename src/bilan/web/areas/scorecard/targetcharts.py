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
    quantiles = (newest.detail.get("quantiles") or {}) if newest else {}
    band = [quantiles[level] for level in BAND] if newest and set(BAND) <= set(quantiles) else None
    aim = {"year": str(target.year), "value": target.value} if target.value is not None else None
    year = str(newest.day.year) if newest else ""
    return {"series": series, "band": {"year": year, "values": band, "name": _("Year's end, 5–95 %")} if band else None, "aim": aim}


def odds(book: Planbook, target: Target) -> dict[str, Any]:
    """The odds of every day that they were kept on [%]."""
    rows = book.odds().filter(target=target, probability__isnull=False).order_by("-day").values_list("day", "probability")[:DAYS]
    data = [[day.isoformat(), round(100 * probability, 1)] for day, probability in reversed(rows)]
    return {"series": [{"name": _("Odds"), "unit": "%", "data": data}]}


def _sorted(values: Mapping[str, float | None]) -> list[list[Any]]:
    return [[year, value] for year, value in sorted(values.items()) if value is not None]
