"""Targets on classes: share of sections (or of their months) at a class or better, from few samples a section."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bilan.plans.odds.memory import Floats
from bilan.plans.odds.model import Aim, Period, Stand, Why, chance, quantiles

PATHS = 1000
LEAST_SAMPLES = 24
"""Samples (months, or campaigns) of all sections together before anything is said."""

OWN = 8.0
"""Months that a section must show before its own record counts as much as that of all sections."""

SAME_SEASON = 3.0
"""How much more a month of the same season counts than one of another."""

YEAR_SPREAD = 0.5
"""Standard deviation of the odds' logarithm between years: a dry or a wet year moves all sections."""

DRIFT = 0.5
"""How much a year further ahead adds to the variance of the year's move, as a share of it: what is good today need not stay good."""

STAYS = 0.35
"""Share of months in which a section's class follows from the month before rather than from its record."""


@dataclass(frozen=True, slots=True)
class ClassRule:
    """How a share is made of classes.

    Attributes:
        limit: highest class that counts as good.
        whole: whether a section counts once, by the mean class of its period (as yearly evaluations do), and not each sample.
        worse: whether the share of those beyond the limit is asked for, and not of those within.
        months: length of what one sample stands for, such as 3 for campaigns each quarter.
    """

    limit: int = 3
    whole: bool = True
    worse: bool = False
    months: int = 1

    def share(self, grid: Floats) -> float | None:
        """Share [%] that a grid of classes, of shape (sections, samples), gives; None when it is empty.

        Examples:
            >>> ClassRule().share(np.array([[2.0, 3.0], [4.0, np.nan]]))
            50.0
            >>> ClassRule(whole=False, worse=True).share(np.array([[2.0, 3.0], [4.0, 4.0]]))
            50.0
        """
        there = ~np.isnan(grid)
        if not there.any():
            return None
        good = self.means(grid) <= self.limit if self.whole else grid[there] <= self.limit
        return float(100.0 * (1.0 - good.mean() if self.worse else good.mean()))

    def means(self, grid: Floats) -> Floats:
        """Mean class of each section that has any."""
        there = ~np.isnan(grid)
        counts = there.sum(axis=1)
        found: Floats = np.where(there, grid, 0.0).sum(axis=1)[counts > 0] / counts[counts > 0]
        return found


def stand(
    history: pl.DataFrame, period: Period, today: date, aim: Aim, rule: ClassRule, official: float | None = None, offset: float = 0.0
) -> Stand:
    """Tell how a share of classes stands.

    The samples to come of each section are drawn from its own record of the same season, shrunk towards all sections, moved by a year that
    is as good or bad as this year's samples suggest, and hanging together from one to the next. A year that has not begun is drawn whole,
    moved the more the further ahead it is.

    Args:
        history: columns ``day``, ``station`` and ``value`` (class, 1 best), of all years there are; several of a section within one
            sample's months count by their mean.
        period: what the target is judged over.
        today: samples whose months are not over are still to come.
        aim: the promise, a share [%].
        rule: how the share is made.
        official: the period's value so far by its own formula, where that knows more than the classes; the ends move with it.
        offset: what the ends of a period without a value move by [%]; see `offset_of`.
    """
    cells = _months(period, rule.months)
    over = sum(_after(cell, rule.months) <= today for cell in cells)
    rows = _samples(history, rule.months, today)
    if rows.height < LEAST_SAMPLES:
        return Stand(why=Why.LITTLE_HISTORY if rows.height else Why.NO_DATA)
    stations = _stations(rows, min(period.begin, today))
    past = _past(rows, stations, cells, over, rule.months)
    own = rule.share(past)
    value = own if official is None else official
    if not stations or (value is None and over == len(cells)):
        return Stand(why=Why.NO_DATA)
    basis = {"sections": float(len(stations)), "samples": float(rows.height)}
    through = _before(cells[over - 1], rule.months) if over else None
    gap = None if value is None else aim.gap(value)
    if over == len(cells) and value is not None:
        kept = float(aim.met(np.array([value]))[0])
        return Stand(value, gap, left=0, probability=kept, why=Why.OVER, through=through, basis=basis)
    drawn = _drawn(rows, past, stations, cells, over, today)
    ends = np.array([rule.share(np.where(np.isnan(past), one, past)) for one in drawn], dtype=np.float64)
    shift = offset if value is None or own is None else value - own
    ends = np.clip(ends + shift, 0.0, 100.0)
    return Stand(
        value,
        gap,
        None,
        _affordable(past, aim, rule, len(stations), shift),
        (len(cells) - over) * len(stations),
        quantiles(ends),
        chance(aim, ends),
        "",
        through,
        basis,
        {"sections": deciding(past, drawn, stations, rule)},
    )


def offset_of(history: pl.DataFrame, period: Period, today: date, rule: ClassRule, official: float | None) -> float:
    """What the official value of a period so far has over the share that classes alone give [%]; 0 when either is not known.

    Examples:
        >>> half = pl.DataFrame({"day": [date(2025, 1, 1)] * 2, "station": ["A", "B"], "value": [2.0, 4.0]})
        >>> offset_of(half, Period.year(2025), date(2025, 3, 1), ClassRule(), 60.0)
        10.0
    """
    cells = _months(period, rule.months)
    over = sum(_after(cell, rule.months) <= today for cell in cells)
    rows = _samples(history, rule.months, today)
    own = rule.share(_past(rows, _stations(rows, min(period.begin, today)), cells, over, rule.months))
    return 0.0 if own is None or official is None else official - own


def _samples(history: pl.DataFrame, length: int, today: date) -> pl.DataFrame:
    """One row a section and sample that is known by `today`: mean class, and first day of what the sample stands for."""
    rows = history.drop_nulls(["day", "station", "value"]).filter(pl.col("day") < today)
    day = pl.date(pl.col("day").dt.year(), (pl.col("day").dt.month() - 1) // length * length + 1, 1)
    return rows.group_by("station", day.alias("day")).agg(pl.col("value").cast(pl.Float64).mean()).sort("day", "station")


def _stations(rows: pl.DataFrame, begin: date) -> list[str]:
    """Sections that were sampled in the year before `begin`, or since."""
    return sorted(rows.filter(pl.col("day") >= begin.replace(year=begin.year - 1, day=1))["station"].unique())


def _past(rows: pl.DataFrame, stations: list[str], cells: list[date], over: int, length: int) -> Floats:
    """Classes of the samples that are over, of shape (sections, samples); NaN for those to come."""
    inside = pl.col("day").is_between(cells[0], _before(cells[-1], length))
    found = _grid(rows.filter(inside), stations, cells, length)
    found[:, over:] = np.nan
    return found


def deciding(past: Floats, drawn: Floats, stations: list[str], rule: ClassRule) -> list[dict[str, float | str | None]]:
    """Sections by how open their year still is: chance of being good, and mean class so far."""
    every = np.where(np.isnan(past)[None], drawn, past[None])
    good = (np.nanmean(every, axis=2) <= rule.limit).mean(axis=0)
    rows: list[dict[str, float | str | None]] = []
    for row in np.argsort(np.abs(good - 0.5))[:10]:
        seen = past[row][~np.isnan(past[row])]
        mean = round(float(seen.mean()), 2) if len(seen) else None
        rows.append({"station": stations[row], "good": round(float(good[row]), 3), "value": mean, "samples": float(len(seen))})
    return [row for row in rows if 0.02 < float(row["good"] or 0.0) < 0.98] or rows[:3]


def _drawn(rows: pl.DataFrame, past: Floats, stations: list[str], months: list[date], over: int, today: date) -> Floats:
    """Classes of all months of the period, of shape (futures, sections, months); only those to come are used."""
    random = np.random.default_rng(today.toordinal())
    classes = np.arange(1.0, 7.0)
    every = _odds(rows, stations, months, classes)
    ahead = max(0, months[0].year - today.year)
    moves = random.normal(0.0, YEAR_SPREAD * np.sqrt(1.0 + DRIFT * ahead), PATHS)
    moves = moves[_likely(random, moves, every, past, over)]
    found = np.empty((PATHS, len(stations), len(months)))
    last = np.full((PATHS, len(stations)), np.nan)
    for month in range(len(months)):
        chances = _moved(every[:, month], moves)
        uniform = random.random((PATHS, len(stations), 1))
        fresh = 1.0 + (uniform > np.cumsum(chances, axis=2)[..., :-1]).sum(axis=2)
        stays = (random.random(fresh.shape) < STAYS) & ~np.isnan(last)
        found[:, :, month] = np.where(stays, last, fresh)
        seen = np.broadcast_to(past[:, month], fresh.shape)
        last = np.where(np.isnan(seen), found[:, :, month], seen) if month >= over else seen
    return found


def _odds(rows: pl.DataFrame, stations: list[str], months: list[date], classes: Floats) -> Floats:
    """Chance of each class, of shape (sections, months, classes)."""
    number = {name: row for row, name in enumerate(stations)}
    rows = rows.filter(pl.col("station").is_in(stations))
    who = np.array([number[name] for name in rows["station"]])
    when = rows["day"].dt.month().to_numpy()
    which = np.clip(np.round(rows["value"].cast(pl.Float64).to_numpy()), 1, len(classes)).astype(int) - 1
    found = np.empty((len(stations), len(months), len(classes)))
    for place, month in enumerate(months):
        apart = np.abs(when - month.month)
        weight = np.where(np.minimum(apart, 12 - apart) <= 1, SAME_SEASON, 1.0)
        own = np.zeros((len(stations), len(classes)))
        np.add.at(own, (who, which), weight)
        pooled = own.sum(axis=0) + 0.1
        prior = OWN * pooled / pooled.sum()
        found[:, place] = (own + prior) / (own.sum(axis=1, keepdims=True) + OWN)
    return found


def _moved(chances: Floats, moves: Floats) -> Floats:
    """Chances of classes in years that are better (positive) or worse, of shape (futures, sections, classes)."""
    below = np.clip(np.cumsum(chances, axis=1)[:, :-1], 1e-6, 1 - 1e-6)
    moved = 1.0 / (1.0 + np.exp(-(np.log(below / (1 - below))[None] + moves[:, None, None])))
    edges = np.concatenate([np.zeros((*moved.shape[:2], 1)), moved, np.ones((*moved.shape[:2], 1))], axis=2)
    return np.diff(edges, axis=2)


def _likely(random: np.random.Generator, moves: Floats, every: Floats, past: Floats, over: int) -> NDArray[np.int64]:
    """Draw among the years those that this year's months speak for."""
    weight = np.zeros(len(moves))
    for month in range(over):
        seen = ~np.isnan(past[:, month])
        if seen.any():
            chances = _moved(every[seen, month], moves)
            which = np.clip(np.round(past[seen, month]), 1, every.shape[2]).astype(int) - 1
            # Months and sections hang together: what they say is worth the share that is their own.
            weight += (1.0 - STAYS) * 0.5 * np.log(chances[:, np.arange(len(which)), which] + 1e-9).sum(axis=1)
    odds = np.exp(weight - weight.max())
    return random.choice(len(moves), len(moves), p=odds / odds.sum())


def _affordable(past: Floats, aim: Aim, rule: ClassRule, count: int, shift: float) -> int | None:
    """How many more may miss, beyond those that miss now: sections, or samples of the whole period.

    `shift` is what the official number has over that of the classes [%].
    """
    wanted = aim.value - shift + (0.0 if aim.decimals is None else (-0.5 if aim.upwards else 0.5) * 10.0**-aim.decimals)
    share = wanted if rule.worse else 100.0 - wanted
    if aim.upwards == rule.worse:
        return None
    if rule.whole:
        return int(np.floor(count * share / 100.0 + 1e-9)) - int((rule.means(past) > rule.limit).sum())
    return int(np.floor(past.size * share / 100.0 + 1e-9)) - int((past[~np.isnan(past)] > rule.limit).sum())


def _months(period: Period, length: int) -> list[date]:
    """First days of the samples' months."""
    first = period.begin.replace(day=1)
    count = (period.end.year - first.year) * 12 + period.end.month - first.month + 1
    return [_moved_by(first, ahead) for ahead in range(0, count, length)]


def _moved_by(month: date, ahead: int) -> date:
    return date(month.year + (month.month - 1 + ahead) // 12, (month.month - 1 + ahead) % 12 + 1, 1)


def _after(cell: date, length: int) -> date:
    return _moved_by(cell, length)


def _before(cell: date, length: int) -> date:
    return _after(cell, length) - timedelta(days=1)


def _grid(rows: pl.DataFrame, stations: list[str], cells: list[date], length: int) -> Floats:
    number = {name: row for row, name in enumerate(stations)}
    first = cells[0]
    total, seen = np.zeros((len(stations), len(cells))), np.zeros((len(stations), len(cells)))
    for station, day, value in rows.select("station", "day", "value").iter_rows():
        if station in number:
            column = ((day.year - first.year) * 12 + day.month - first.month) // length
            total[number[station], column] += value
            seen[number[station], column] += 1
    return np.where(seen > 0, total / np.maximum(seen, 1), np.nan)
