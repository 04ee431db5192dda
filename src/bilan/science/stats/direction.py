"""Where a pollutant comes from: by sector, its probability when high, and the direction of the source with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.figures import Axis, Figure, Layer, Words
from bilan.science.stats.frames import enough, named, prepared, unit_of
from bilan.science.stats.result import Analysis
from bilan.science.stats.sectors import sectors, shared

_Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Probability(Analysis):
    """Probability by sector; the sector where it is highest [°], the threshold [unit of the value] and the probability over all."""

    direction: float
    threshold: float
    overall: float


@dataclass(frozen=True, kw_only=True)
class Source(Analysis):
    """Direction of a source [°], its interval [°, clockwise from `lower` to `upper`] and how sharp it is (0 nowhere, 1 one direction)."""

    direction: float
    lower: float
    upper: float
    sharpness: float


def cpf(
    frame: Any,
    value: str,
    *,
    speed: str = "wind_speed",
    direction: str = "wind_dir",
    percentile: float = 90.0,
    sector: float = 10.0,
    calm: float = 0.0,
    least: int = 10,
    confidence: float = 0.95,
) -> Probability:
    """Conditional probability function: how often values are above a percentile when the wind comes from a sector.

    Parameters:
        frame: a row a time.
        value: column of concentrations [any unit].
        speed: column of wind speed [m/s]; calm hours have no direction.
        direction: column of wind direction [° from north].
        percentile: of all values [%].
        sector: width of a sector [°].
        calm: speeds up to this are left out [m/s].
        least: hours a sector needs.
        confidence: level of the (Wilson) interval.

    Returns:
        data: sector [°], probability, lower, upper, count.

    Raises:
        BilanError: a column is missing, no value is left, or the percentile is none.

    Reference:
        Ashbaugh, L.L., Malm, W.C., Sadeh, W.Z. (1985): Atmospheric Environment 19, 1263–1270.

    Examples:
        >>> frame = pl.DataFrame({"wind_dir": [0.0, 90.0] * 20, "wind_speed": [2.0] * 40, "so2": [1.0, 9.0] * 20})
        >>> found = cpf(frame, "so2", percentile=50, sector=90)
        >>> found.direction, found.data["probability"].to_list()
        (90.0, [0.0, 1.0, None, None])
    """
    if not 0 < percentile < 100:
        raise BilanError(Problem("analysis.range", {"value": percentile, "allowed": "0–100", "what": "percentile"}))
    rows = enough(prepared(frame, [value, speed, direction]).drop_nulls(), 1, value)
    threshold = float(rows[value].quantile(percentile / 100, "linear") or 0.0)
    moving = rows.filter(pl.col(speed) > calm).with_columns((pl.col(value) > threshold).cast(pl.Float64).alias("high"))
    weight, high = pl.col("weight"), pl.col("high")
    counted = shared(moving, direction, sector).group_by("sector").agg((high * weight).sum().alias("hits"), weight.sum().alias("count"))
    data = pl.DataFrame({"sector": sectors(sector)}).join(counted, on="sector", how="left").sort("sector")
    data = data.with_columns(pl.col("hits", "count").fill_null(0.0)).with_columns(*_wilson(confidence))
    measured = ("probability", "lower", "upper")
    data = data.with_columns(pl.when(pl.col("count") >= least).then(pl.col(name)).alias(name) for name in measured)
    data = data.select("sector", *measured, "count")
    top = enough(data.drop_nulls("probability"), 1, value).sort("probability", descending=True)["sector"][0]
    title = Words(f"{named(value).text()}条件概率（高于 {threshold:.3g}）", f"{named(value).text('en')} above {threshold:.3g}: probability")
    layers = (Layer("sector", x="sector", y="probability", step=(sector, 1.0), colours=("#a04a06",), name=Words("概率", "Probability")),)
    figure = Figure(title=title, data=data, frame="compass", y=Axis(), layers=layers)
    return Probability(data=data, figure=figure, direction=top, threshold=threshold, overall=float(moving["high"].mean() or 0.0))  # type: ignore[arg-type]


def source_direction(
    frame: Any,
    value: str,
    *,
    time: str = "start",
    speed: str = "wind_speed",
    direction: str = "wind_dir",
    calm: float = 0.5,
    spread: float = 15.0,
    resamples: int = 200,
    seed: int = 1,
    unit: str | None = None,
) -> Source:
    """Direction from which concentrations are highest, with the interval that resampled weeks give.

    The mean by direction is smoothed around the circle; its maximum is the direction. Weeks, not hours, are resampled, since hours
    follow each other.

    Parameters:
        frame: a row a time.
        value: column of concentrations [any unit].
        time: column of times.
        speed: column of wind speed [m/s].
        direction: column of wind direction [° from north].
        calm: speeds up to this are left out [m/s].
        spread: width (one sigma) of the smoothing [°].
        resamples: how many times the weeks are drawn anew.
        seed: of the draws.
        unit: unit to show instead of that of the parameter.

    Returns:
        data: direction [°], value (smoothed mean), count.

    Raises:
        BilanError: a column is missing, or fewer than ten hours are left.

    Examples:
        >>> from datetime import datetime, timedelta
        >>> wd = [float(10 * (n % 36)) for n in range(3600)]
        >>> hours = [datetime(2026, 1, 1) + timedelta(hours=n) for n in range(3600)]
        >>> frame = pl.DataFrame({"start": hours, "wind_dir": wd, "wind_speed": 3.0, "so2": [30.0 if 70 <= d <= 110 else 5.0 for d in wd]})
        >>> source_direction(frame, "so2").direction
        90.0
    """
    rows = prepared(frame, [value, speed, direction], time=time).drop_nulls().filter(pl.col(speed) > calm)
    rows = enough(rows, 10, value).with_columns((pl.col(time).dt.epoch("d") // 7).alias("week"))
    degrees = np.arange(0, 360, 5.0)
    cells = rows.with_columns(((pl.col(direction) / 5).round() % 72).cast(pl.Int64).alias("cell"))
    tables = cells.group_by("week", "cell").agg(pl.col(value).sum().alias("sum"), pl.len().alias("count"))
    weeks = tables["week"].unique().sort()
    sums, counts = _by_week(tables, weeks)
    kernel = _around(degrees, spread)
    curve, hours = _curve(sums.sum(0), counts.sum(0), kernel)
    best = float(degrees[int(np.nanargmax(curve))])
    generator = np.random.default_rng(seed)
    picks = generator.integers(0, len(weeks), (resamples, len(weeks)))
    drawn = [float(degrees[int(np.nanargmax(_curve(sums[pick].sum(0), counts[pick].sum(0), kernel)[0]))]) for pick in picks]
    turned = (np.array(drawn) - best + 180) % 360 - 180
    low, high = (float(bound) for bound in np.quantile(turned, (0.025, 0.975)))
    data = pl.DataFrame({"direction": degrees, "value": curve, "count": hours}).with_columns(pl.col("value").fill_nan(None))
    figure = _figure(data, value, best, unit)
    return Source(
        data=data, figure=figure, direction=best, lower=(best + low) % 360, upper=(best + high) % 360, sharpness=_sharpness(degrees, curve)
    )


def _by_week(tables: pl.DataFrame, weeks: pl.Series) -> tuple[_Array, _Array]:
    sums, counts = np.zeros((len(weeks), 72)), np.zeros((len(weeks), 72))
    week = weeks.search_sorted(tables["week"]).to_numpy()
    cell = tables["cell"].to_numpy()
    sums[week, cell] = tables["sum"].to_numpy()
    counts[week, cell] = tables["count"].to_numpy()
    return sums, counts


def _around(degrees: _Array, spread: float) -> _Array:
    turned = (degrees[:, None] - degrees[None, :] + 180) % 360 - 180
    kernel: _Array = np.exp(-(turned**2) / (2 * spread**2))
    return kernel


def _curve(sums: _Array, counts: _Array, kernel: _Array) -> tuple[_Array, _Array]:
    hours = kernel @ counts
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(hours >= 5, (kernel @ sums) / hours, np.nan), hours


def _sharpness(degrees: _Array, curve: _Array) -> float:
    """Length of the mean vector of what lies above the least."""
    excess = np.nan_to_num(curve - np.nanmin(curve))
    total = excess.sum()
    return float(abs((excess * np.exp(1j * np.radians(degrees))).sum()) / total) if total > 0 else 0.0


def _wilson(confidence: float) -> Sequence[pl.Expr]:
    """Probability with Wilson's interval."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, count = pl.col("hits") / pl.col("count"), pl.col("count")
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * (share * (1 - share) / count + z**2 / (4 * count**2)).sqrt()
    return share.alias("probability"), (middle - half).clip(0, 1).alias("lower"), (middle + half).clip(0, 1).alias("upper")


def _figure(data: pl.DataFrame, value: str, best: float, unit: str | None) -> Figure:
    drawn = data.drop_nulls("value").with_columns((pl.col("direction") == best).alias("best"))
    there = Words(f"来向 {best:g}°", f"From {best:g}°")
    layers = (
        Layer("line", x="direction", y="value", name=Words("平滑均值", "Smoothed mean")),
        Layer("point", x="direction", y="value", where=(("best", True),), name=there, colours=("#be185d",)),
    )
    title = Words(f"{named(value).text()}来向", f"Where {named(value).text('en')} comes from")
    y = Axis(named(value), unit_of(value) if unit is None else unit)
    return Figure(title=title, data=drawn, frame="compass", y=y, layers=layers)
