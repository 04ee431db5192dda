"""Clusters of a polar plot: places of like wind and like concentration, and which hours belong to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.figures import SERIES, Axis, Figure, Layer, Scale, Step, Words
from bilan.science.stats.frames import enough, named, prepared
from bilan.science.stats.polar import FEWEST, RINGS, STEP, components, surface
from bilan.science.stats.result import Analysis

_Array = np.ndarray[Any, np.dtype[np.float64]]
MOST = 10
STARTS = 10
_COLOURS = (*SERIES, "#b45309", "#334155")


@dataclass(frozen=True, kw_only=True)
class Clusters(Analysis):
    """Numbers of each cluster, the surface with the cluster of each place, and the hours given with theirs (null outside the surface)."""

    surface: pl.DataFrame
    hours: pl.DataFrame


def polar_clusters(
    frame: Any,
    value: str,
    *,
    speed: str = "wind_speed",
    direction: str = "wind_dir",
    clusters: int = 5,
    spread: float | None = None,
    keep: tuple[str, ...] = (),
    seed: int = 1,
) -> Clusters:
    """Group the places of a polar plot by k-means of both wind components and the concentration, each standardised.

    Places count by their area. Clusters are numbered from the highest mean of the surface down.

    Parameters:
        frame: a row a time.
        value: column of concentrations [any unit].
        speed: column of wind speed [m/s].
        direction: column of wind direction [° from north].
        clusters: how many, 2 to 10.
        spread: width (one sigma) of the kernel of the surface [unit of `speed`]; an 18th of the range when not given.
        keep: columns of `frame` that `hours` carries, such as the time.
        seed: of the starts; the best of ten is kept.

    Returns:
        data: cluster, mean [unit of the value], count [hours], share [% of hours], share_of_value [% of the sum of the values].

    Raises:
        BilanError: a column is missing, fewer than ten hours are left, or the number of clusters is out of bounds.

    Reference:
        Carslaw, D.C. and Beevers, S.D. (2013): Environmental Modelling & Software 40, 325–329 (openair polarCluster, which partitions
        around medoids); Arthur, D. and Vassilvitskii, S. (2007): Proc. SODA, 1027–1035 (starts of k-means).

    Examples:
        >>> from bilan.science import samples
        >>> found = polar_clusters(samples.air_hours(120), "so2", clusters=3)
        >>> found.data["cluster"].to_list(), round(found.data["share"].sum())
        ([1, 2, 3], 100)
        >>> found.data["mean"].is_sorted(descending=True)
        True
    """
    if not 2 <= clusters <= MOST:
        raise BilanError(Problem("analysis.range", {"value": clusters, "allowed": f"2–{MOST}", "what": "clusters"}))
    rows = enough(prepared(frame, [value, speed, direction], keep=keep).drop_nulls([value, speed, direction]), FEWEST, value)
    rows = rows.filter(pl.col(speed) >= 0)
    reach = float(rows[speed].quantile(0.9995) or 1.0) or 1.0
    given = rows[direction].to_numpy(), rows[speed].to_numpy(), rows[value].to_numpy()
    plot = surface(*given, reach, spread or reach / 18, 1.0)
    drawn = plot.drop_nulls("value")
    wind = components(drawn["direction"].to_numpy(), drawn["speed"].to_numpy())
    level = drawn["value"].to_numpy()
    label = _ordered(_grouped(np.column_stack([wind, level]), drawn["speed"].to_numpy(), clusters, seed), level)
    drawn = drawn.with_columns(pl.Series("cluster", label, dtype=pl.Int64))
    hours = _placed(rows, speed, direction, reach, drawn)
    number = pl.col(value)
    table = (
        hours.drop_nulls("cluster").group_by("cluster").agg(number.mean().alias("mean"), pl.len().alias("count"), number.sum().alias("sum"))
    )
    share = (100 * pl.col("count") / pl.col("count").sum()).alias("share")
    part = (100 * pl.col("sum") / pl.col("sum").sum()).alias("share_of_value")
    data = table.sort("cluster").select("cluster", "mean", "count", share, part)
    return Clusters(data=data, figure=_figure(drawn, value, reach), surface=drawn, hours=hours)


def _grouped(points: _Array, weight: _Array, clusters: int, seed: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Weighted k-means, the best of some starts."""
    centre = np.average(points, axis=0, weights=weight)
    width = np.sqrt(np.average((points - centre) ** 2, axis=0, weights=weight))
    scaled = (points - centre) / np.where(width > 0, width, 1.0)
    generator = np.random.default_rng(seed)
    found = [_settled(scaled, weight, _starts(scaled, weight, clusters, generator)) for _ in range(STARTS)]
    return min(found, key=lambda one: one[0])[1]


def _starts(points: _Array, weight: _Array, clusters: int, generator: np.random.Generator) -> _Array:
    """First middles, each drawn far from those before (k-means++)."""
    chosen = [points[generator.choice(len(points), p=weight / weight.sum())]]
    while len(chosen) < clusters:
        far = np.min([((points - middle) ** 2).sum(axis=1) for middle in chosen], axis=0) * weight
        chosen.append(points[generator.choice(len(points), p=far / far.sum() if far.sum() > 0 else weight / weight.sum())])
    return np.array(chosen)


def _settled(points: _Array, weight: _Array, middles: _Array) -> tuple[float, np.ndarray[Any, np.dtype[np.int64]]]:
    """Sum of weighted squared distances, and the group of each point."""
    label = np.full(len(points), -1)
    while True:
        distance = ((points[:, None, :] - middles[None, :, :]) ** 2).sum(axis=2)
        nearest = distance.argmin(axis=1)
        if (nearest == label).all():
            return float((distance.min(axis=1) * weight).sum()), nearest
        label = nearest
        middles = np.array(
            [
                np.average(points[label == at], axis=0, weights=weight[label == at]) if (label == at).any() else middle
                for at, middle in enumerate(middles)
            ]
        )


def _ordered(label: np.ndarray[Any, np.dtype[np.int64]], level: _Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Numbers from 1, the group of the highest level first."""
    known = np.unique(label)
    order = known[np.argsort([-level[label == at].mean() for at in known], kind="stable")]
    place = np.zeros(label.max() + 1, dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    return np.asarray(place[label])


def _placed(rows: pl.DataFrame, speed: str, direction: str, reach: float, drawn: pl.DataFrame) -> pl.DataFrame:
    """Each hour with the cluster of the place it falls on."""
    turned = (((pl.col(direction) / STEP).round() * STEP) % 360).alias("_direction")
    ring = (pl.col(speed) / reach * RINGS).floor().cast(pl.Int64).alias("_ring")
    places = drawn.select(
        pl.col("direction").alias("_direction"), (pl.col("speed") / reach * RINGS).floor().cast(pl.Int64).alias("_ring"), "cluster"
    )
    return (
        rows.with_columns(turned, ring)
        .join(places, on=["_direction", "_ring"], how="left", maintain_order="left")
        .drop("_direction", "_ring")
    )


def _figure(drawn: pl.DataFrame, value: str, reach: float) -> Figure:
    steps = tuple(
        Step(number + 0.5, _COLOURS[(number - 1) % len(_COLOURS)], Words(en=f"C{number}")) for number in drawn["cluster"].unique().sort()
    )
    title = Words(f"{named(value).text()}极坐标图的聚类", f"Clusters of the polar plot of {named(value).text('en')}")
    layer = Layer("tile", x="direction", y="speed", value="cluster", step=(STEP, reach / RINGS))
    y = Axis(Words("风速", "Wind speed"), "m/s", upper=reach)
    return Figure(title=title, data=drawn, frame="compass", y=y, scale=Scale(Words("聚类", "Cluster"), steps=steps), layers=(layer,))
