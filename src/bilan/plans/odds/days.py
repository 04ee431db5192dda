"""Targets whose number is made of days: share of good days, mean of the year, percentile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from bilan.plans.odds import ends as end
from bilan.plans.odds.filtering import Knowledge, learn
from bilan.plans.odds.memory import LEAST, Floats, Memory, memory_of
from bilan.plans.odds.model import Aim, Kind, Period, Stand, Why, chance, quantiles
from bilan.plans.odds.paths import PATHS, futures

MONTH = 30.4369
"""Mean length of a month [d]."""

EPOCH = date(1970, 1, 1)
LEAST_DAYS = 60
"""Days with a value before anything is said."""

FURTHEST = 1100
"""Days ahead beyond which nothing is said."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """How a number is made of daily values.

    Attributes:
        kind: one of the three kinds that are made of days.
        quantity: column name, such as ``pm25``, that the structure is looked up by.
        limit: highest value of a good day, of shares.
        percentile: which one, of percentiles.
        trend: slope [1/a] that the region is known to have; none when nobody knows.
    """

    kind: Kind
    quantity: str
    limit: float = 100.0
    percentile: float = 90.0
    trend: float = 0.0

    def ends(self, past: Floats, coming: Floats) -> Floats:
        """Numbers at the period's end, one a future."""
        return end.ends(self.kind, past, coming, limit=self.limit, percentile=self.percentile)

    def number(self, past: Floats) -> float:
        """Number of the days so far."""
        return end.number(self.kind, past, limit=self.limit, percentile=self.percentile)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days of a period: those that are over and those that may come.

    Attributes:
        past: values of the period's days so far, without gaps, of shape (days,).
        coming: possible values of the days to come, of shape (futures, days).
        through: last day that is over; `seen`: days of the whole history with a value.
    """

    past: Floats
    coming: Floats
    through: date
    seen: int


def outlook(
    history: pl.DataFrame, period: Period, today: date, rule: DayRule, *, forecast: pl.DataFrame | None = None, paths: int = PATHS
) -> Outlook | None:
    """Draw the days of a period that are still to come.

    Args:
        history: columns ``day`` (Date) and ``value``, of all years there are; days without a value may be left out or null.
        period: what the target is judged over.
        today: days from today on are not known yet, whatever the history has.
        rule: how the number is made.
        forecast: columns ``day``, ``value`` and, if known, ``error`` (standard deviation as a share of the value) of the next days.
        paths: how many futures.

    Returns:
        None when there is too little history, or none of it lies within the last year.
    """
    known = history.filter((pl.col("day") < today) & (pl.col("value") > 0)).unique("day", keep="last").sort("day")
    if known.height < LEAST_DAYS or _number(known["day"][-1]) < _number(today) - 365:
        return None
    past = known.filter(pl.col("day").is_between(period.begin, period.end))["value"].to_numpy()
    through = today - timedelta(days=1)
    left = (period.end - max(through, period.begin - timedelta(days=1))).days
    if left <= 0:
        return Outlook(past, np.empty((1, 0)), min(through, period.end), known.height)
    coming = _coming(known, through, period, rule, forecast, paths)
    return Outlook(past, coming[:, -left:], through, known.height)


def _coming(known: pl.DataFrame, through: date, period: Period, rule: DayRule, forecast: pl.DataFrame | None, paths: int) -> Floats:
    """Values from the day after `through` to the period's end, the forecast ones taken as they are told."""
    memory = memory_of(rule.quantity)
    unit = float(np.median(known["value"].to_numpy()))
    told = _told(forecast, through, period.end)
    first, last = _number(known["day"].min()), _number(through)
    values = np.full((1, last - first + 1 + len(told)), np.nan)
    values[0, known["day"].cast(pl.Int32).to_numpy() - first] = known["value"].to_numpy()
    noise = np.zeros(values.shape[1])
    error = memory.fast / 2
    if len(told):
        values[0, last - first + 1 :] = told["value"].to_numpy()
        noise[last - first + 1 :] = told["error"].fill_null(error).to_numpy() ** 2
    knowledge = learn(memory.scaled(values, unit), first, memory, noise=noise, trend=rule.trend)[0]
    drawn = futures(knowledge, memory, (period.end - through).days - len(told), unit, paths=paths)
    return np.concatenate([_around(told, memory, unit, error, paths, knowledge), drawn], axis=1)


def _told(forecast: pl.DataFrame | None, through: date, end_day: date) -> pl.DataFrame:
    """The forecast days that follow without a gap."""
    empty = pl.DataFrame(schema={"day": pl.Date, "value": pl.Float64, "error": pl.Float64})
    if forecast is None or not forecast.height:
        return empty
    if "error" not in forecast.columns:
        forecast = forecast.with_columns(error=pl.lit(None, dtype=pl.Float64))
    rows = forecast.filter((pl.col("day") > through) & (pl.col("day") <= end_day)).sort("day")
    ahead = (rows["day"].cast(pl.Int32) - _number(through)).to_numpy()
    return rows.filter(pl.Series(ahead == np.arange(1, len(ahead) + 1)))


def _around(told: pl.DataFrame, memory: Memory, unit: float, error: float, paths: int, knowledge: Knowledge) -> Floats:
    """Possible values of days that were forecast."""
    drawn = np.random.default_rng(knowledge.day + 1).standard_normal((paths, len(told)))
    sizes = told["error"].fill_null(error).to_numpy()
    return memory.unscaled(memory.scaled(told["value"].to_numpy(), unit)[None, :] + drawn * sizes, unit)


def stand(days: Outlook | None, aim: Aim, rule: DayRule) -> Stand:
    """Tell how a target stands from the days of its period.

    Args:
        days: what `outlook` gave.
        aim: the promise.
        rule: how the number is made.
    """
    if days is None:
        return Stand(why=Why.LITTLE_HISTORY)
    left = days.coming.shape[1]
    value = rule.number(days.past) if len(days.past) else None
    if not left and value is None:
        return Stand(why=Why.NO_DATA, through=days.through, left=0)
    gap = None if value is None else aim.gap(value)
    basis = {"days": float(len(days.past)), "history": float(days.seen)}
    if not left and value is not None:
        kept = bool(aim.met(np.array([value]))[0])
        return Stand(value, gap, left=0, probability=float(kept), why=Why.OVER, through=days.through, basis=basis)
    ends = rule.ends(days.past, days.coming)
    needed, affordable = room(days, aim, rule)
    sure = certain(days, aim, rule, needed, affordable)
    return Stand(
        value,
        gap,
        needed,
        affordable,
        left,
        quantiles(ends),
        chance(aim, ends) if sure is None else sure,
        Why.SURE if sure is not None else "",
        days.through,
        basis,
    )


def room(days: Outlook, aim: Aim, rule: DayRule) -> tuple[float | None, int | None]:
    """What the rest must average (of counted days: how many a month), and how many bad days it may have, all its days taken to be valid."""
    left, over = days.coming.shape[1], len(days.past)
    whole = left + over
    wanted = max(aim.value, aim.upper or aim.value) if not aim.upwards else aim.value
    # A number that is rounded before it is compared may miss by half a place.
    wanted += 0.0 if aim.decimals is None or aim.comparator in {"<", ">"} else (-0.5 if aim.upwards else 0.5) * 10.0**-aim.decimals
    if rule.kind is Kind.MEAN:
        return (wanted * whole - float(days.past.sum())) / left, None
    if rule.kind is Kind.PERCENTILE:
        most = int(np.floor((whole - 1) * (1.0 - rule.percentile / 100.0) + 1e-9))
        return None, most - int((days.past > wanted).sum())
    bad = int((days.past > rule.limit).sum())
    if rule.kind is Kind.COUNT:
        missing = wanted - (over - bad)
        return max(0.0, missing / left * MONTH), int(np.floor(left - missing + 1e-9))
    most = int(np.floor(whole * (1.0 - wanted / 100.0) + 1e-9))
    return max(0.0, 100.0 * (left - (most - bad)) / left), most - bad


def certain(days: Outlook, aim: Aim, rule: DayRule, needed: float | None, affordable: int | None) -> float | None:
    """0 or 1 when no day to come can change the answer."""
    counted = rule.kind in {Kind.SHARE_OF_DAYS, Kind.COUNT}
    if rule.kind is Kind.MEAN and needed is not None:
        return 0.0 if not aim.upwards and needed < LEAST else None
    if affordable is None or (counted and not aim.upwards):
        return None
    if affordable < 0:
        return 0.0 if counted else None
    return 1.0 if affordable >= days.coming.shape[1] else None


def _number(day: Any) -> int:
    return int((day - EPOCH).days)
