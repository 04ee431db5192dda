"""Statements about targets of cities that the fit did not see, in a time that it did not see, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from odds_data import SEEN_UNTIL, Cities, cities, number

from bilan.plans.odds.ends import ends
from bilan.plans.odds.ends import number as number_of
from bilan.plans.odds.filtering import learn
from bilan.plans.odds.memory import Floats, Memory, memory_of
from bilan.plans.odds.model import Aim, Kind, chance
from bilan.plans.odds.paths import futures
from bilan.plans.odds.trend import regional_trend


@dataclass(frozen=True, slots=True)
class Time:
    """Statements from `begin` on about years of 365 days that end on `ends`; nothing after `until` is known.

    Attributes:
        half: of which half of the cities.
    """

    half: int
    begin: date
    until: date
    ends: tuple[date, ...]


SCORED = Time(1, date(2015, 6, 30), date(2016, 6, 30), (date(2015, 12, 31), date(2016, 3, 31), date(2016, 6, 30)))
"""Cities and days that the fit never saw."""

SHARE_STEPS = (-6.0, -3.0, 0.0, 3.0, 6.0, 9.0)
"""Targets of shares [percentage points] beside last year's level."""

RATIO_STEPS = (0.8, 0.87, 0.94, 1.0, 1.06)
"""Targets of means and percentiles as multiples of last year's level."""

LEAST_HISTORY = 150
"""Days with a value that a city must have before the statement."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of target on one quantity."""

    name: str
    quantity: str
    kind: Kind
    limit: float = np.nan
    percentile: float = np.nan
    decimals: int = 0

    def aims(self, level: float) -> list[Aim]:
        """Plausible targets around last year's level, rounded as plans round them."""
        if self.kind is Kind.SHARE_OF_DAYS:
            found = {min(100.0, round(level + step, 1)) for step in SHARE_STEPS}
            return [Aim(">=", value, decimals=1) for value in sorted(found) if value > 0]
        found = {round(level * ratio, self.decimals) for ratio in RATIO_STEPS}
        return [Aim("<=", value, decimals=self.decimals) for value in sorted(found)]


ASKED = (
    Asked("good days", "aqi", Kind.SHARE_OF_DAYS, limit=100.0),
    Asked("PM2.5 mean", "pm25", Kind.MEAN, decimals=0),
    Asked("O3 90th percentile", "o3", Kind.PERCENTILE, percentile=90.0, decimals=0),
    Asked("CO 95th percentile", "co", Kind.PERCENTILE, percentile=95.0, decimals=1),
)


def statements(every: int, per_year: int, time: Time = SCORED, *, trends: bool = True) -> pl.DataFrame:
    """Make statements and look what became of them.

    Args:
        every: take every so-manieth of the cities.
        per_year: statements a year.
        time: which cities, and when.
        trends: whether the region's trend is told, as learnt from the other half of the cities before the time begins.

    Returns:
        One row a statement: asked, city, end, day, elapsed, target, probability, climatology, persistence, came (0 or 1),
        fresh (whether the city was never looked at while the method was made).
    """
    rows: list[dict[str, object]] = []
    fresh: set[str] = set()
    for asked in ASKED:
        memory = memory_of(asked.quantity)
        every_city = cities(asked.quantity).until(time.until)
        trend = trend_of(every_city.of_half(1 - time.half).until(time.begin), memory) if trends else 0.0
        found = every_city.of_half(time.half)
        fresh.update(found.fresh())
        rows.extend(_of(asked, Cities(found.names[::every], found.first, found.values[::every]), per_year, time, memory, trend))
    return pl.DataFrame(rows).with_columns(pl.col("city").is_in(sorted(fresh)).alias("fresh"))


def trend_of(found: Cities, memory: Memory) -> float:
    """The slope that cities have in common."""
    return regional_trend(memory.scaled(found.values, np.nanmedian(found.values, axis=1)[:, None]))


def _of(asked: Asked, found: Cities, per_year: int, time: Time, memory: Memory, trend: float) -> Iterator[dict[str, object]]:
    days = sorted({day for end in time.ends for day in _days(end, per_year, time)})
    units = np.nanmedian(found.until(SEEN_UNTIL).values, axis=1)
    scaled = memory.scaled(found.values, units[:, None])
    knowledge = dict(zip(days, learn(scaled, found.first, memory, [number(day) for day in days], trend=trend), strict=True))
    for row, name in enumerate(found.names):
        for day in days:
            if knowledge[day].seen[row] < LEAST_HISTORY:
                continue
            about = [end for end in time.ends if day in _days(end, per_year, time)]
            paths = futures(
                knowledge[day], memory, (about[-1] - day).days, float(units[row]), series=row, paths=400, seed=number(day) * 1000 + row
            )
            for end in about:
                yield from _told(asked, name, found.values[row], found.first, day, end, paths)


def _days(end: date, per_year: int, time: Time) -> list[date]:
    """Days of statements about a year: evenly through it, none before the time begins."""
    begin = end - timedelta(days=364)
    every = [begin + timedelta(days=round(365 * (part + 1) / (per_year + 1)) - 1) for part in range(per_year)]
    return [day for day in every if day >= time.begin]


def _told(asked: Asked, name: str, values: Floats, first: int, day: date, end: date, paths: Floats) -> Iterator[dict[str, object]]:
    begin = end - timedelta(days=364)
    low, now, high = number(begin) - first, number(day) - first + 1, number(end) - first + 1
    before = values[max(0, low - 365) : low]
    before = before[~np.isnan(before)]
    past, rest = values[low:now], values[now:high]
    past, whole = past[~np.isnan(past)], values[low:high][~np.isnan(values[low:high])]
    if len(before) < LEAST_HISTORY or len(whole) < 0.75 * (high - low) or len(past) < 10:
        return
    known = ~np.isnan(rest)
    options = {"limit": asked.limit, "percentile": asked.percentile}
    mine = ends(asked.kind, past, paths[:, : high - now][:, known], **options)
    others = _analogues(values, low, now, high)
    usual = np.array([number_of(asked.kind, np.concatenate([past, other]), **options) for other in others])
    so_far = np.array([number_of(asked.kind, past, **options)])
    truth = np.array([number_of(asked.kind, whole, **options)])
    for aim in asked.aims(number_of(asked.kind, before, **options)):
        yield {
            "asked": asked.name,
            "city": name,
            "end": end,
            "day": day,
            "elapsed": (now - low) / (high - low),
            "target": aim.value,
            "probability": chance(aim, mine),
            "climatology": float((aim.met(usual).sum() + 0.5) / (len(usual) + 1)) if len(usual) else 0.5,
            "persistence": float(aim.met(so_far)[0]),
            "came": float(aim.met(truth)[0]),
        }


def _analogues(values: Floats, low: int, now: int, high: int) -> list[Floats]:
    """The same days of past years, also moved by up to a month to either side, as they were."""
    found = []
    for year in (1, 2):
        for moved in range(-30, 31, 10):
            begin, finish = now - 365 * year + moved, high - 365 * year + moved
            if begin >= 0 and finish <= now:
                part = values[begin:finish]
                if (~np.isnan(part)).mean() > 0.75:
                    found.append(part[~np.isnan(part)])
    return found
