"""The trend of a series with seasons: seasonal Kendall test, Sen's slope within seasons, its interval by a block bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import polars as pl

from bilan.science.figures import Axis, Figure, Layer, Words
from bilan.science.stats.frames import named, unit_of
from bilan.science.stats.monthly import LENGTHS, periods, residual_blocks
from bilan.science.stats.result import Analysis

_Array = np.ndarray[Any, np.dtype[np.float64]]
_BATCH = 2_000_000
"""Differences held at once."""


@dataclass(frozen=True, kw_only=True)
class Trend(Analysis):
    """A slope [unit/year], its interval, the same in percent of the level at the start [%/year], and how sure it is.

    `p` comes from the bootstrap, `p_kendall` from the seasonal Kendall test; `sign` is 1 when it rises, −1 when it falls and 0 when the
    interval holds zero.
    """

    slope: float
    lower: float
    upper: float
    percent: float
    p: float
    p_kendall: float
    sign: int
    count: int


def trend(
    frame: Any,
    value: str,
    *,
    time: str = "start",
    period: Literal["month", "quarter", "year"] = "month",
    completeness: float = 0.0,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int = 1,
    unit: str | None = None,
) -> Trend:
    """Seasonal Kendall–Sen trend.

    The slope is the median of all slopes between the same months of different years: seasons never meet, so none have to be taken out
    first. (Subtracting the mean of each month before shrinks every slope.) The interval comes from the series of slope and season with
    its remainders drawn anew in blocks of n^(1/3) months. Where neighbouring months are correlated by 0.4, an interval of 95 % held
    the truth in about 90 % of synthetic series of five to ten years.

    Parameters:
        frame: hourly, daily or monthly values, a row a time.
        value: column of values [any unit].
        time: column of times.
        period: what the values are averaged to.
        completeness: share of its times that a period needs to count [0 to 1].
        confidence: level of the interval.
        resamples: draws of the bootstrap.
        seed: of the draws.
        unit: unit to show instead of that of the parameter.

    Returns:
        data: start, value, season, year, seasonal (value of the season without trend), line, lower, upper (of the line).

    Raises:
        BilanError: a column is missing, or there are fewer than two years.

    Reference:
        Hirsch, R.M., Slack, J.R., Smith, R.A. (1982): Water Resources Research 18, 107–121; Sen, P.K. (1968): J. Am. Stat. Assoc. 63,
        1379–1389; Künsch, H.R. (1989): Annals of Statistics 17, 1217–1241.

    Examples:
        >>> from datetime import datetime
        >>> months = pl.datetime_range(datetime(2020, 1, 1), datetime(2024, 12, 1), "1mo", eager=True)
        >>> frame = pl.DataFrame({"start": months, "pm25": [50 - 2 * n / 12 + 10 * (n % 12 < 3) for n in range(60)]})
        >>> found = trend(frame, "pm25", resamples=50)
        >>> round(found.slope, 6), found.sign
        (-2.0, -1)
    """
    seasons = LENGTHS[period][1] if period in LENGTHS else 0
    data = periods(frame, value, time, period, completeness, least=2 * max(1, seasons))
    year, season, number = data["year"].to_numpy(), data["season"].to_numpy(), data["value"].cast(pl.Float64).to_numpy()
    left, right = pairs(season, np.isfinite(number))
    slope = float(np.median(_slopes(number[None, :], year, left, right)))
    typical = _typical(number - slope * year, season)
    # The fit of slope and seasons took freedom out of the remainders: without giving it back the interval is too narrow.
    known = int(np.isfinite(number).sum())
    remainder = (number - slope * year - typical) * np.sqrt(known / max(1, known - len(np.unique(season)) - 1))
    drawn = slope + bootstrap(remainder, year, season, resamples, seed)
    lower, upper = (float(bound) for bound in np.quantile(drawn, ((1 - confidence) / 2, (1 + confidence) / 2)))
    # Never below what that many draws can tell.
    p = max(2 * min(float(np.mean(drawn <= 0)), float(np.mean(drawn >= 0))), 1 / resamples)
    middle = float(year[np.isfinite(number)].mean())
    level = float(np.nanmean(typical)) + slope * middle
    line = level + slope * (year - middle)
    edges = level + np.array([lower, upper])[:, None] * (year - middle)
    data = data.with_columns(seasonal=typical + slope * middle, line=line, lower=edges.min(0), upper=edges.max(0))
    start = float(line[0])
    sign = 0 if lower <= 0 <= upper else int(np.sign(slope))
    result = {"slope": slope, "lower": lower, "upper": upper, "percent": 100 * slope / start if start else float("nan")}
    figure = _figure(data, value, result, unit_of(value) if unit is None else unit)
    return Trend(data=data, figure=figure, **result, p=min(1.0, p), p_kendall=kendall(number, season), sign=sign, count=known)


def pairs(season: Any, valid: Any) -> tuple[Any, Any]:
    """Places of all pairs of valid values of the same season, the earlier first."""
    found = [np.flatnonzero(valid & (season == one)) for one in np.unique(season)]
    joined = [tuple(group[at] for at in np.triu_indices(len(group), 1)) for group in found]
    return np.concatenate([left for left, _ in joined]), np.concatenate([right for _, right in joined])


def bootstrap(remainder: _Array, year: _Array, season: Any, resamples: int, seed: int) -> _Array:
    """Slopes of the remainder alone, drawn anew in blocks; gaps stay where they are."""
    generator = np.random.default_rng(seed)
    valid = np.flatnonzero(np.isfinite(remainder))
    kept = remainder[valid]
    left, right = pairs(season[valid], np.ones(len(valid), dtype=bool))
    places = residual_blocks(len(valid), max(1, round(len(valid) ** (1 / 3))), resamples, generator)
    batch = max(1, _BATCH // max(1, len(left)))
    slopes = [np.median(_slopes(kept[places[at : at + batch]], year[valid], left, right), axis=1) for at in range(0, resamples, batch)]
    return np.concatenate(slopes)


def kendall(number: _Array, season: Any) -> float:
    """Two-sided p of the seasonal Kendall test, with ties and with the covariance between seasons.

    Reference:
        Hirsch, R.M. and Slack, J.R. (1984): Water Resources Research 20, 727–732.
    """
    columns = np.unique(season)
    length = max(int((season == one).sum()) for one in columns)
    table = np.full((length, len(columns)), np.nan)
    for at, one in enumerate(columns):
        values = number[season == one]
        table[: len(values), at] = values
    upper = np.triu_indices(length, 1)
    signs = np.sign(np.nan_to_num(table[upper[1]] - table[upper[0]]))
    score = signs.sum()
    ranks = _ranks(table)
    counts = np.isfinite(table).sum(0)
    joint = signs.T @ signs + 4 * np.nan_to_num(ranks).T @ np.nan_to_num(ranks) - length * np.outer(counts + 1, counts + 1)
    # The covariance between seasons needs ten years to be known.
    apart = sum(_variance(table[:, at]) for at in range(len(columns)))
    variance = float((joint / 3).sum()) if len(columns) > 1 and length >= 10 else apart
    if variance <= 0:
        return 1.0
    z = (score - np.sign(score)) / np.sqrt(variance)
    return float(2 * (1 - NormalDist().cdf(abs(z))))


def _variance(values: _Array) -> float:
    known = values[np.isfinite(values)]
    n = len(known)
    ties = np.unique(known, return_counts=True)[1]
    return (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18


def _ranks(table: _Array) -> _Array:
    """Ranks in each season; a missing value has the middle one."""
    signs = np.sign(np.nan_to_num(table[:, None, :] - table[None, :, :])).sum(1)
    counts = np.isfinite(table).sum(0)
    ranks: _Array = (counts + 1 + signs) / 2
    return ranks


def _slopes(numbers: _Array, year: _Array, left: Any, right: Any) -> _Array:
    slopes: _Array = (numbers[:, right] - numbers[:, left]) / (year[right] - year[left])
    return slopes


def _typical(number: _Array, season: Any) -> _Array:
    """Each place with the mean of its season."""
    found = np.full(len(number), np.nan)
    for one in np.unique(season):
        here = season == one
        found[here] = np.nanmean(number[here]) if np.isfinite(number[here]).any() else np.nan
    return found


def _figure(data: pl.DataFrame, value: str, found: dict[str, float], unit: str) -> Figure:
    per = f"{found['slope']:+.3g} [{found['lower']:.3g}, {found['upper']:.3g}] {unit}"
    note = Words(f"趋势 {per}/年（{found['percent']:+.2g} %/年）", f"trend {per}/year ({found['percent']:+.2g} %/year)")
    layers = (
        Layer("line", x="start", y="value", name=Words("均值", "Mean")),
        Layer("band", x="start", lower="lower", upper="upper", colours=("#be185d",)),
        Layer("line", x="start", y="line", smooth=True, name=Words("趋势", "Trend"), colours=("#be185d",)),
    )
    title = Words(f"{named(value).text()}趋势", f"Trend of {named(value).text('en')}")
    return Figure(title=title, note=note, data=data, x=Axis(kind="time"), y=Axis(named(value), unit), layers=layers)
