"""What decides a target that is made of days: which days, which pollutants, and what the city or one district alone must do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from bilan.plans.odds.days import DayRule, Outlook
from bilan.plans.odds.model import Aim, Kind, Period, chance

EVEN = 0.5
"""Chance that a needed cut is to bring."""

BY_LIMIT = frozenset({Kind.SHARE_OF_DAYS, Kind.COUNT})
"""Kinds that know good and bad days."""

LISTED = 8
"""Days that are told."""


def days(history: pl.DataFrame, period: Period, today: date, aim: Aim, rule: DayRule) -> list[dict[str, Any]]:
    """The days that cost most, and what each costs the period's number so far.

    Args:
        history: columns ``day`` and ``value``; ``main`` if known.
        period, today, aim, rule: as for `bilan.plans.odds.days.outlook` and `stand`.

    Returns:
        ``day``, ``value``, ``main`` and ``cost``: by how much the number would be better without it (a bad day made good; for means, a day
        at the promised level).
    """
    rows = _within(history, period, today)
    limit = rule.limit if rule.kind in BY_LIMIT else _level(aim)
    bad = rows.filter(pl.col("value") > limit).sort("value", descending=True).head(LISTED)
    count = max(rows.height, 1)
    found = []
    for row in bad.iter_rows(named=True):
        cost = {Kind.SHARE_OF_DAYS: 100.0 / count, Kind.COUNT: 1.0, Kind.MEAN: (row["value"] - limit) / count}.get(rule.kind)
        entry = {"day": row["day"].isoformat(), "value": round(float(row["value"]), 2), "cost": None if cost is None else round(cost, 3)}
        found.append(entry | ({"main": row["main"]} if row.get("main") else {}))
    return found


def pollutants(history: pl.DataFrame, period: Period, today: date, rule: DayRule) -> list[dict[str, Any]]:
    """How many of the bad days each pollutant made bad, most first; a day with two counts for both."""
    if "main" not in history.columns or rule.kind not in BY_LIMIT:
        return []
    bad = _within(history, period, today).filter((pl.col("value") > rule.limit) & pl.col("main").is_not_null())
    counted = bad.select(pl.col("main").str.split(",").explode().str.strip_chars().alias("name")).filter(pl.col("name") != "")
    rows = counted["name"].value_counts(sort=True).sort(["count", "name"], descending=[True, False])
    return [{"name": name, "days": int(count), "share": round(count / max(bad.height, 1), 3)} for name, count in rows.iter_rows()]


def cut(days_: Outlook, aim: Aim, rule: DayRule, wanted: float = EVEN) -> float | None:
    """By which share all days to come must be lower so that the promise is kept with a given chance.

    Returns:
        0 when nothing need be done, None when even clean air would not do, or nothing is to come.
    """
    if not days_.coming.shape[1] or (rule.kind in {Kind.MEAN, Kind.PERCENTILE} and aim.upwards):
        return None

    def enough(share: float) -> bool:
        return chance(aim, rule.ends(days_.past, days_.coming * (1.0 - share))) >= wanted

    if enough(0.0):
        return 0.0
    low, high = 0.0, 0.95
    if not enough(high):
        return None
    while high - low > 0.005:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if enough(middle) else (middle, high)
    return round(high, 3)


def districts(
    history: pl.DataFrame,
    city: pl.DataFrame,
    period: Period,
    today: date,
    needed_cut: float | None,
    weights: Mapping[str, float] | None = None,
) -> list[dict[str, Any]]:
    """What each district would have to do alone so that the city keeps the promise.

    The city's value of a day is taken as the weighted mean of its districts; a district that lowers its own by a share moves the city by
    its weight and its level.

    Args:
        history: columns ``day``, ``district`` and ``value``.
        city: columns ``day`` and ``value``.
        period, today: what counts as so far.
        needed_cut: what `cut` gave for the city.
        weights: district → share of the city's stations; equal when None.

    Returns:
        ``district``, ``value`` (mean so far), ``rank`` (1 best), ``part`` (its share of what the city breathes), ``alone`` (share by which
        its days to come must be lower; None when it alone cannot).
    """
    rows = _within(history, period, today).group_by("district").agg(pl.col("value").mean()).sort("value", "district")
    level = _within(city, period, today)["value"].mean()
    if not rows.height or not isinstance(level, float):
        return []
    known = {name: (weights or {}).get(name, 0.0) for name in rows["district"]}
    total = sum(known.values())
    shares = {name: weight / total if total else 1.0 / rows.height for name, weight in known.items()}
    found = []
    for rank, (name, value) in enumerate(rows.iter_rows(), start=1):
        part = shares[name] * value / level
        alone = None if needed_cut is None or part <= 0 else round(needed_cut / part, 3)
        possible = alone is not None and alone < 1.0
        found.append(
            {
                "district": name,
                "value": round(float(value), 2),
                "rank": rank,
                "part": round(float(part), 3),
                "alone": alone if possible else None,
            }
        )
    return found


def _level(aim: Aim) -> float:
    return float(np.max([aim.value, aim.upper or aim.value]))


def _within(history: pl.DataFrame, period: Period, today: date) -> pl.DataFrame:
    inside = pl.col("day").is_between(period.begin, period.end) & (pl.col("day") < today)
    return history.filter(inside & pl.col("value").is_not_null())
