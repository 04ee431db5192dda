"""Concentration by wind speed and direction: the bivariate polar plot and its conditional probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.science.figures import Axis, Figure, Layer, Scale, Words
from bilan.science.stats.frames import enough, named, prepared, unit_of
from bilan.science.stats.panels import By, Place, board, split
from bilan.science.stats.result import Analysis

_Array = np.ndarray[Any, np.dtype[np.float64]]
_SECTOR, _SPEEDS = 10.0, 40
RINGS, STEP = 30, 5.0
"""Rings of the plot, and its step of direction [°]."""
FEWEST = 10
"""Hours a plot needs."""
_FEW = (0.25, 0.5, 0.75)
_STATISTICS = ("mean", "weighted", "probability")


@dataclass(frozen=True, kw_only=True)
class Polar(Analysis):
    """A smoothed surface and its highest place: direction [°], speed [m/s], value; `threshold` of a probability [unit of the value]."""

    direction: float
    speed: float
    value: float
    threshold: tuple[float, float] | None


def polar_plot(
    frame: Any,
    value: str,
    *,
    speed: str = "wind_speed",
    direction: str = "wind_dir",
    statistic: Literal["mean", "weighted", "probability"] = "mean",
    percentile: float | tuple[float, float] = 90.0,
    spread: float | None = None,
    least: float = 1.0,
    unit: str | None = None,
    by: By = "",
    time: str = "start",
    place: Place | None = None,
) -> Polar:
    """Concentration by wind speed and direction, smoothed.

    Hours are put into bins of 10° and a fortieth of the speed range; bins of one, two or three hours count for a quarter, a half and
    three quarters; a Gaussian kernel over the wind components smooths the means of the bins.

    Parameters:
        frame: a row a time.
        value: column of concentrations [any unit].
        speed: column of wind speed [m/s], or anything to stand on the radius.
        direction: column of wind direction [° from north, where it comes from].
        statistic: mean, weighted (mean times how often that wind blows, as share of the whole [%]) or probability (CBPF).
        percentile: a probability is that of values above this percentile, or between two of them [%].
        spread: width (one sigma) of the kernel [unit of `speed`]; an 18th of the range when not given.
        least: hours (weighted by the kernel) that a place needs to be drawn.
        unit: unit to show instead of that of the parameter.
        by: a plot for each season, weekday, weekend, daylight, month or year, all with one scale and one threshold.
        time: column of times, wanted by `by`.
        place: where the sun is looked at, wanted by daylight.

    Returns:
        data: direction [°], speed, value, count (hours that carry the value); ``panel`` first with `by`.

    Raises:
        BilanError: a column is missing, or fewer than ten hours are left.

    Reference:
        Carslaw, D.C. and Beevers, S.D. (2013): Environmental Modelling & Software 40, 325–329;
        Uria-Tellaetxe, I. and Carslaw, D.C. (2014): Environmental Modelling & Software 59, 1–9 (conditional bivariate probability);
        Henry, R. et al. (2009): Atmospheric Environment 43, 6034–6041 (kernel smoothing).

    Examples:
        >>> wind = np.random.default_rng(1)
        >>> wd, ws = wind.uniform(0, 360, 4000), wind.uniform(0, 10, 4000)
        >>> no2 = 20 + 80 * np.exp(-((ws - 5) ** 2) / 4 - ((wd - 135) / 20) ** 2)
        >>> peak = polar_plot(pl.DataFrame({"wind_dir": wd, "wind_speed": ws, "no2": no2}), "no2")
        >>> abs(peak.direction - 135) <= 5, abs(peak.speed - 5) < 0.5
        (True, True)
    """
    if statistic not in _STATISTICS:
        raise BilanError(
            Problem("analysis.choice", {"value": statistic, "nearest": nearest(statistic, _STATISTICS), "allowed": list(_STATISTICS)})
        )
    rows = prepared(frame, [value, speed, direction], time=time if by else "").drop_nulls().filter(pl.col(speed) >= 0)
    threshold = _threshold(enough(rows, FEWEST, value)[value], percentile) if statistic == "probability" else None
    # A few gusts must not shrink the rest of the plot.
    reach = float(enough(rows, FEWEST, value)[speed].quantile(0.9995) or 1.0) or 1.0

    def drawn(part: pl.DataFrame) -> tuple[pl.DataFrame, Figure]:
        number = part[value].to_numpy()
        if threshold:
            number = ((number > threshold[0]) & (number <= threshold[1])).astype(np.float64)
        data = surface(part[direction].to_numpy(), part[speed].to_numpy(), number, reach, spread or reach / 18, least)
        if statistic == "weighted":
            amount = pl.col("value") * pl.col("count")
            data = data.with_columns((100 * amount / amount.sum()).alias("value"))
        return data, _figure(data, value, statistic, threshold, reach, unit)

    if by:
        panels = [panel for panel in split(rows, by, time, place) if panel.rows.height >= FEWEST]
        whole = _figure(pl.DataFrame(), value, statistic, threshold, reach, unit)
        data, figure = board([(panel, *drawn(panel.rows)) for panel in panels], whole.title)
        figure = replace(figure, note=whole.note)
    else:
        data, figure = drawn(rows)
    top = data.drop_nulls("value").sort("value", descending=True).row(0, named=True)
    return Polar(data=data, figure=figure, direction=top["direction"], speed=top["speed"], value=top["value"], threshold=threshold)


def conditional_probability(
    frame: Any,
    value: str,
    *,
    speed: str = "wind_speed",
    direction: str = "wind_dir",
    percentile: float | tuple[float, float] = 90.0,
    spread: float | None = None,
    least: float = 1.0,
) -> Polar:
    """Probability of high values by wind speed and direction (CBPF): `polar_plot` with ``statistic="probability"``.

    Examples:
        >>> from bilan.science import samples
        >>> found = conditional_probability(samples.air_hours(60), "so2")
        >>> found.data.columns
        ['direction', 'speed', 'value', 'count']
    """
    return polar_plot(
        frame, value, speed=speed, direction=direction, statistic="probability", percentile=percentile, spread=spread, least=least
    )


def _threshold(values: pl.Series, percentile: float | tuple[float, float]) -> tuple[float, float]:
    low, high = percentile if isinstance(percentile, Sequence) else (percentile, 100.0)
    if not 0 <= low < high <= 100:
        raise BilanError(Problem("analysis.range", {"value": percentile, "allowed": "0–100", "what": "percentile"}))
    bounds = [float(values.quantile(share / 100, "linear") or 0.0) for share in (low, high)]
    return (-np.inf if low == 0 else bounds[0]), (np.inf if high == 100 else bounds[1])


def surface(direction: _Array, speed: _Array, number: _Array, reach: float, spread: float, least: float) -> pl.DataFrame:
    """Bins, then a kernel from every bin to every place of the plot: direction, speed, value, count."""
    sector = np.mod(np.rint(direction / _SECTOR).astype(int), round(360 / _SECTOR))
    ring = np.minimum((speed / reach * _SPEEDS).astype(int), _SPEEDS - 1)
    inside = speed <= reach
    place = (sector * _SPEEDS + ring)[inside]
    size = round(360 / _SECTOR) * _SPEEDS
    counts = np.bincount(place, minlength=size).astype(np.float64)
    sums = np.bincount(place, number[inside], minlength=size)
    used = np.flatnonzero(counts)
    few = np.array([0.0, *_FEW])
    trust = np.where(counts[used] <= 3, few[np.minimum(counts[used], 3).astype(int)], 1.0)
    there = components((used // _SPEEDS) * _SECTOR, (used % _SPEEDS + 0.5) * reach / _SPEEDS)
    degrees = np.arange(0, 360, STEP)
    radii = (np.arange(RINGS) + 0.5) * reach / RINGS
    angle, radius = (grid.ravel() for grid in np.meshgrid(degrees, radii, indexing="ij"))
    here = components(angle, radius)
    distance = (here[:, None, 0] - there[None, :, 0]) ** 2 + (here[:, None, 1] - there[None, :, 1]) ** 2
    kernel = np.exp(-distance / (2 * spread**2)) * trust
    hours = kernel @ counts[used]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(hours >= least, (kernel @ sums[used]) / hours, np.nan)
    table = pl.DataFrame({"direction": angle, "speed": radius, "value": value, "count": hours})
    return table.with_columns(pl.col("value").fill_nan(None))


def components(direction: Any, speed: Any) -> _Array:
    """Eastward and northward parts of a wind, shape (…, 2)."""
    turned = np.radians(direction)
    return np.stack([speed * np.sin(turned), speed * np.cos(turned)], axis=-1)


def _figure(
    data: pl.DataFrame, value: str, statistic: str, threshold: tuple[float, float] | None, reach: float, unit: str | None
) -> Figure:
    shown = unit_of(value) if unit is None else unit
    names = {"mean": Words("均值", "Mean"), "weighted": Words("贡献", "Share"), "probability": Words("概率", "Probability")}
    scale = Scale(names[statistic], {"mean": shown, "weighted": "%", "probability": ""}[statistic])
    note = Words()
    if threshold:
        low, high = threshold
        bound = f"> {low:.3g}" if np.isinf(high) else f"{low:.3g}–{high:.3g}"
        note = Words(f"{named(value).text()} {bound} {shown} 的概率", f"probability of {named(value).text('en')} {bound} {shown}")
    layer = Layer("tile", x="direction", y="speed", value="value", step=(STEP, reach / RINGS))
    title = Words(f"{named(value).text()}风速风向极坐标图", f"{named(value).text('en')} by wind speed and direction")
    y = Axis(Words("风速", "Wind speed"), "m/s", upper=reach)
    return Figure(title=title, note=note, data=data, frame="compass", y=y, scale=scale, layers=(layer,))
