"""A smooth trend: as bent as the data ask for, with the season beside it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import polars as pl

from bilan.science.figures import Axis, Figure, Layer, Words
from bilan.science.stats.frames import named, unit_of
from bilan.science.stats.monthly import LENGTHS, periods
from bilan.science.stats.result import Analysis

_Array = np.ndarray[Any, np.dtype[np.float64]]
_STRENGTHS = 10.0 ** np.arange(-1, 7.01, 0.25)


@dataclass(frozen=True, kw_only=True)
class Smooth(Analysis):
    """A smooth trend and how many free parameters it uses; 2 is a straight line."""

    freedom: float


def smooth_trend(
    frame: Any,
    value: str,
    *,
    time: str = "start",
    period: Literal["month", "quarter"] = "month",
    completeness: float = 0.0,
    deseason: bool = True,
    confidence: float = 0.95,
    unit: str | None = None,
) -> Smooth:
    """Smooth trend of monthly means by a penalty on bends, its strength by generalised cross-validation.

    Parameters:
        frame: hourly, daily or monthly values, a row a time.
        value: column of values [any unit].
        time: column of times.
        period: what the values are averaged to.
        completeness: share of its times that a period needs to count [0 to 1].
        deseason: fit the season together with the trend.
        confidence: level of the interval, wider when neighbouring remainders resemble each other.
        unit: unit to show instead of that of the parameter.

    Returns:
        data: start, value, adjusted (without season), trend, lower, upper, season, year.

    Raises:
        BilanError: a column is missing, or there are fewer than two years.

    Reference:
        Eilers, P.H.C. (2003): Analytical Chemistry 75, 3631–3636; Wahba, G. (1983): J. R. Stat. Soc. B 45, 133–150 (interval);
        Carslaw, D.C. et al. (2007): Atmospheric Environment 41, 5289–5299.

    Examples:
        >>> from datetime import datetime
        >>> months = pl.datetime_range(datetime(2020, 1, 1), datetime(2024, 12, 1), "1mo", eager=True)
        >>> frame = pl.DataFrame({"start": months, "pm25": [50 - n / 6 + 10 * (n % 12 < 3) for n in range(60)]})
        >>> smooth_trend(frame, "pm25").freedom < 3
        True
    """
    seasons = LENGTHS[period][1]
    data = periods(frame, value, time, period, completeness, least=2 * seasons)
    number, season = data["value"].cast(pl.Float64).to_numpy(), data["season"].to_numpy()
    fit = _fit(number, season, seasons if deseason else 1)
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * fit.error
    data = data.with_columns(adjusted=number - fit.seasonal, trend=fit.trend, lower=fit.trend - half, upper=fit.trend + half)
    shown = unit_of(value) if unit is None else unit
    layers = (
        Layer(
            "line", x="start", y="adjusted" if deseason else "value", name=Words("去季节月均值" if deseason else "月均值", "Monthly mean")
        ),
        Layer("band", x="start", lower="lower", upper="upper", colours=("#be185d",)),
        Layer("line", x="start", y="trend", smooth=True, name=Words("平滑趋势", "Smooth trend"), colours=("#be185d",)),
    )
    title = Words(f"{named(value).text()}平滑趋势", f"Smooth trend of {named(value).text('en')}")
    figure = Figure(title=title, data=data, x=Axis(kind="time"), y=Axis(named(value), shown), layers=layers)
    return Smooth(data=data, figure=figure, freedom=fit.freedom)


@dataclass(frozen=True, slots=True)
class _Fit:
    trend: _Array
    seasonal: _Array
    error: _Array
    freedom: float


def _fit(number: _Array, season: Any, seasons: int) -> _Fit:
    """Trend and season in one penalised least-squares fit; the season adds up to nothing."""
    n = len(number)
    known = np.isfinite(number)
    contrast = np.vstack([np.eye(seasons - 1), -np.ones(seasons - 1)])[season % seasons] if seasons > 1 else np.zeros((n, 0))
    design = np.hstack([np.eye(n), contrast])
    used, target = design[known], number[known]
    bends = np.diff(np.eye(n), 2, axis=0)
    penalty = np.zeros((design.shape[1], design.shape[1]))
    penalty[:n, :n] = bends.T @ bends
    product, moment = used.T @ used, used.T @ target
    tried: list[tuple[float, _Array, _Array, float, float]] = []
    for strength in _STRENGTHS:
        inverse = np.linalg.inv(product + strength * penalty + 1e-9 * np.eye(len(penalty)))
        solution = inverse @ moment
        freedom = float(np.trace(inverse @ product))
        rest = float(((target - used @ solution) ** 2).sum())
        score = rest * len(target) / max(1e-9, len(target) - 1.4 * freedom) ** 2
        tried.append((score, solution, inverse, freedom, rest))
    _, solution, inverse, freedom, rest = min(tried, key=lambda one: one[0])
    variance = rest / max(1.0, len(target) - freedom) * _inflation(target - used @ solution)
    error = np.sqrt(variance * np.diag(inverse)[:n])
    return _Fit(solution[:n], contrast @ solution[n:], error, freedom - (seasons - 1))


def _inflation(rest: _Array) -> float:
    """How much wider an interval is for remainders that resemble their neighbours."""
    spread = float((rest**2).sum())
    likeness = float((rest[1:] * rest[:-1]).sum()) / spread if spread > 0 else 0.0
    kept = min(0.9, max(0.0, likeness))
    return (1 + kept) / (1 - kept)
