"""What rules about indicators look at: the newest value of each district, and how it stands to its target."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.conf import settings

from bilan.pack.indicators import current
from bilan.plans.models import IndicatorValue, Odds, Target

_SCHEMA: dict[str, Any] = {
    "source": pl.String,
    "name": pl.String,
    "district": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "before": pl.Float64,
    "basis": pl.Float64,
    "target": pl.Float64,
    "due": pl.Int64,
    "gap": pl.Float64,
    "probability": pl.Float64,
}


def frame(key: str, today: date) -> pl.DataFrame:
    """The values of one indicator for this year.

    Args:
        key: ``indicators:NAME``.
        today: the day that it is.

    Returns:
        Frame of source, name (title of the indicator), district (empty for the city), period, value, before (the year before), basis,
        and of the next target of that district: target, due (its year), gap and probability as they were last found.
    """
    name = key.partition(":")[2]
    values = _values(name, today.year)
    before = _values(name, today.year - 1)
    targets = _targets(name, today.year)
    known = current(settings.CITY.pack)
    title = known[name].title.text("zh-hans") if name in known else name
    rows: list[dict[str, Any]] = []
    for district, (value, basis) in values.items():
        row = {"source": f"indicator|{name}|{district}", "name": title, "district": district, "period": str(today.year)}
        rows.append({**row, "value": value, "before": before.get(district, (None, None))[0], "basis": basis, **_aim(targets.get(district))})
    return pl.DataFrame(rows, schema=_SCHEMA)


def _aim(target: Target | None) -> dict[str, Any]:
    if target is None:
        return {}
    odds = Odds.objects.filter(target=target).order_by("-day").first()
    found = {"gap": odds.gap, "probability": odds.probability} if odds else {}
    return {"target": target.value, "due": target.year, **found}


def _values(name: str, year: int) -> dict[str, tuple[float | None, float | None]]:
    found = IndicatorValue.objects.filter(indicator=name, period=str(year), latest=True).order_by("version")
    return {value.district: (value.value, value.basis) for value in found}


def _targets(name: str, year: int) -> dict[str, Target]:
    """The next target of each district."""
    found = Target.objects.filter(indicator=name, year__gte=year).order_by("-year")
    return {target.district: target for target in found}
