"""What anybody may know of the city's targets: those that are published, with their newest yearly value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from bilan.plans.models import IndicatorValue, Target


@dataclass(frozen=True, slots=True)
class Published:
    """One published target of the whole city.

    Attributes:
        aim, upper, wording: what is promised.
        value: newest value of a year; `through`: last day of its data.
        met: whether the value keeps the promise; None when either is not known.
    """

    indicator: str
    year: int
    comparator: str
    aim: float | None
    upper: float | None
    wording: str
    value: float | None
    through: date | None
    met: bool | None


def scorecard() -> list[Published]:
    """The published targets of the whole city that have a promise, by year; those of districts are the districts' to publish."""
    targets = [target for target in Target.objects.filter(published=True, district="") if target.value is not None or target.wording]
    years = [str(timezone.localdate().year - 1), str(timezone.localdate().year)]
    names = {target.indicator for target in targets}
    kept = IndicatorValue.objects.filter(indicator__in=names, district="", latest=True, period__in=years, value__isnull=False)
    newest = {entry.indicator: entry for entry in kept.order_by("period", "computed")}
    return [_published(target, newest.get(target.indicator)) for target in targets]


def _published(target: Target, value: IndicatorValue | None) -> Published:
    number = value.value if value else None
    return Published(
        indicator=target.indicator,
        year=target.year,
        comparator=target.comparator,
        aim=target.value,
        upper=target.upper,
        wording=target.wording,
        value=number,
        through=value.through if value else None,
        met=_met(target, number),
    )


def _met(target: Target, value: float | None) -> bool | None:
    if value is None or target.value is None:
        return None
    match target.comparator:
        case "<=":
            return value <= max(target.value, target.upper or target.value)
        case "<":
            return value < target.value
        case ">":
            return value > target.value
        case "=":
            return value == target.value if target.upper is None else target.value <= value <= target.upper
        case _:
            return value >= target.value
