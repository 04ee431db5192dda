"""Targets on what only grows piece by piece: outfalls treated, villages built, a share of a register that is done."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from bilan.plans.odds.memory import Floats
from bilan.plans.odds.model import Aim, Period, Stand, Why, chance, quantiles

PATHS = 2000
BLOCK = 3
"""Months that are drawn together: work comes in campaigns and before year's ends."""

LEAST_MONTHS = 6
"""Months whose change must be known."""

IRREGULAR = 1.83
"""Standard deviation of the logarithm of the pace to come, as a multiple of how unevenly the past quarters went: campaigns end."""

LEAST_SPREAD = 0.15
MOST_SPREAD = 2.5
"""Bounds of that standard deviation."""

SLACKENS = 0.29
"""By how many of these standard deviations the middle of the pace to come lies below the past's: works run out, money comes late."""

MOST_PACE = 4.0
"""Pace to come, as a multiple of the past's, beyond which none is drawn."""

GREW = 0.05
"""Growth of a register in a month beyond which a change of its share is taken for a change of what is counted, not for progress."""

LOOKED_BACK = 24
"""Months that the pace is learnt from; what was done before was done by other means."""


def stand(history: pl.DataFrame, period: Period, today: date, aim: Aim, ceiling: float | None = None) -> Stand:
    """Tell how a number that grows piece by piece stands.

    Changes of the months to come are drawn from past months in blocks, those of the same season three times as often, under a pace that
    itself is the more uncertain the more unevenly the past quarters went.

    Args:
        history: columns ``day`` (last day of a month, or any day) and ``value`` (how much there was), ascending or not; of shares also
            ``size`` (entries it is a share of), so that months in which the register itself was filled in say nothing of the pace.
        period: its end is when the number must be reached.
        today: later rows are not known yet.
        aim: the promise.
        ceiling: the most there can be, such as 100 for shares.
    """
    rows = history.drop_nulls(["day", "value"]).filter(pl.col("day") <= today).sort("day")
    if not rows.height:
        return Stand(why=Why.NO_DATA)
    kept = [name for name in ("value", "size") if name in rows.columns]
    monthly = (
        rows.group_by_dynamic("day", every="1mo")
        .agg(pl.col(kept).last())
        .upsample("day", every="1mo")
        .with_columns(pl.col(kept).forward_fill())
    )
    value = float(rows["value"][-1])
    gap, through = aim.gap(value), _day(rows["day"][-1])
    left = (period.end.year - today.year) * 12 + period.end.month - today.month + (1 if today <= period.end else 0)
    met = bool(aim.met(np.array([value]))[0])
    basis = {"months": float(monthly.height)}
    if today > period.end:
        return Stand(value, gap, left=0, probability=float(met), why=Why.OVER, through=through, basis=basis)
    needed = max(gap, 0.0) / max(left, 1)
    changes, months = _changes(monthly)
    if len(changes) < LEAST_MONTHS:
        return Stand(value, gap, needed, None, left, why=Why.LITTLE_HISTORY, through=through, basis=basis)
    if not np.abs(changes).any():
        # Nothing moved: what is reached stays reached, what is not has no pace.
        return Stand(
            value,
            gap,
            needed,
            None,
            left,
            probability=1.0 if met else None,
            why=Why.SURE if met else Why.NO_PACE,
            through=through,
            basis=basis,
        )
    basis["pace"] = round(float(changes.mean()), 4)
    ends = value + _drawn(changes, months, today, left).sum(axis=1)
    ends = np.maximum(ends, 0.0) if ceiling is None else np.clip(ends, 0.0, ceiling)
    return Stand(value, gap, needed, None, left, quantiles(ends), chance(aim, ends), "", through, basis)


def _changes(monthly: pl.DataFrame) -> tuple[Floats, Floats]:
    """Changes of the last months and the months of the year they are of, without those in which the register itself was filled in."""
    rows = monthly.with_columns(change=pl.col("value").diff(), month=pl.col("day").dt.month()).drop_nulls("change")
    if "size" in rows.columns:
        before = monthly["size"].shift(1).tail(rows.height)
        rows = rows.filter(((rows["size"] - before).abs() <= GREW * before).fill_null(value=True))
    rows = rows.tail(LOOKED_BACK)
    return rows["change"].to_numpy(), rows["month"].cast(pl.Float64).to_numpy()


def _unevenness(changes: Floats) -> float:
    """Scatter of the past quarters' progress about their mean, as a share of it.

    Examples:
        >>> _unevenness(np.ones(12)), round(_unevenness(np.array([3.0, 0.0, 0.0, 9.0, 0.0, 0.0])), 2)
        (0.0, 0.71)
    """
    quarters = changes[len(changes) % BLOCK :].reshape(-1, BLOCK).sum(axis=1)
    mean = float(np.abs(quarters).mean())
    return float(quarters.std(ddof=1)) / mean if len(quarters) > 1 and mean else MOST_SPREAD


def _drawn(changes: Floats, months: Floats, today: date, left: int) -> Floats:
    """Changes of the months to come, of shape (futures, months)."""
    random = np.random.default_rng(today.toordinal())
    spread = min(max(IRREGULAR * _unevenness(changes), LEAST_SPREAD), MOST_SPREAD)
    pace = np.minimum(np.exp(random.normal(-SLACKENS * spread, spread, (PATHS, 1))), MOST_PACE)
    blocks = -(-left // BLOCK)
    begins = np.arange(max(1, len(changes) - BLOCK + 1))
    parts = []
    for block in range(blocks):
        season = (today.month - 1 + block * BLOCK) % 12 + 1
        apart = np.abs(months[begins] - season)
        weight = np.where(np.minimum(apart, 12 - apart) <= 1, 3.0, 1.0)
        starts = random.choice(begins, PATHS, p=weight / weight.sum())
        parts.append(changes[np.minimum(starts[:, None] + np.arange(BLOCK), len(changes) - 1)])
    drawn: Floats = np.concatenate(parts, axis=1)[:, :left] * pace
    # This month is partly over already.
    following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    drawn[:, 0] *= (following - today).days / (following - today.replace(day=1)).days
    return drawn


def _day(day: object) -> date:
    assert isinstance(day, date)
    return day
