"""Targets on classes: share of sections (or of their months) at a class or better, from few samples a section."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from bilan.plans.odds.classdraws import futures
from bilan.plans.odds.memory import Floats
from bilan.plans.odds.model import Aim, Period, Stand, Why, chance, quantiles
from bilan.plans.odds.sections import Scene

LEAST_SAMPLES = 24
"""Samples (months, or campaigns) of all sections together before anything is said."""


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

    def shares(self, grids: Floats) -> Floats:
        """Share [%] of each of many full grids, of shape (futures, sections, samples).

        Examples:
            >>> ClassRule().shares(np.array([[[2.0, 3.0], [4.0, 4.0]]])).tolist()
            [50.0]
        """
        good = grids.mean(axis=2) <= self.limit if self.whole else grids <= self.limit
        found: Floats = 100.0 * good.reshape(len(grids), -1).mean(axis=1)
        return 100.0 - found if self.worse else found


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
    scene = Scene.of(history, period, today, rule.months)
    if scene.rows.height < LEAST_SAMPLES:
        return Stand(why=Why.LITTLE_HISTORY if scene.rows.height else Why.NO_DATA)
    own = rule.share(scene.past)
    value = own if official is None else official
    closed = scene.over == len(scene.cells)
    if not scene.stations or (value is None and closed):
        return Stand(why=Why.NO_DATA)
    basis = {"sections": float(len(scene.stations)), "samples": float(scene.rows.height)}
    gap = None if value is None else aim.gap(value)
    if closed and value is not None:
        kept = float(aim.met(np.array([value]))[0])
        return Stand(value, gap, left=0, probability=kept, why=Why.OVER, through=scene.through, basis=basis)
    drawn = futures(scene)
    shift = offset if value is None or own is None else value - own
    ends = np.clip(rule.shares(drawn) + shift, 0.0, 100.0)
    return Stand(
        value,
        gap,
        None,
        _affordable(scene.past, aim, rule, len(scene.stations), shift),
        (len(scene.cells) - scene.over) * len(scene.stations),
        quantiles(ends),
        chance(aim, ends),
        "",
        scene.through,
        basis,
        {"sections": deciding(scene.past, drawn, scene.stations, rule)},
    )


def offset_of(history: pl.DataFrame, period: Period, today: date, rule: ClassRule, official: float | None) -> float:
    """What the official value of a period so far has over the share that classes alone give [%]; 0 when either is not known.

    Examples:
        >>> half = pl.DataFrame({"day": [date(2025, 1, 1)] * 2, "station": ["A", "B"], "value": [2.0, 4.0]})
        >>> offset_of(half, Period.year(2025), date(2025, 3, 1), ClassRule(), 60.0)
        10.0
    """
    own = rule.share(Scene.of(history, period, today, rule.months).past)
    return 0.0 if own is None or official is None else official - own


def deciding(past: Floats, drawn: Floats, stations: list[str], rule: ClassRule) -> list[dict[str, float | str | None]]:
    """Sections by how open their year still is: chance of being good, and mean class so far."""
    good = (drawn.mean(axis=2) <= rule.limit).mean(axis=0)
    rows: list[dict[str, float | str | None]] = []
    for row in np.argsort(np.abs(good - 0.5))[:10]:
        seen = past[row][~np.isnan(past[row])]
        mean = round(float(seen.mean()), 2) if len(seen) else None
        rows.append({"station": stations[row], "good": round(float(good[row]), 3), "value": mean, "samples": float(len(seen))})
    return [row for row in rows if 0.02 < float(row["good"] or 0.0) < 0.98] or rows[:3]


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
