"""Wind rose and pollution rose: how often each wind brings each class of speed or concentration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.figures import Axis, Figure, Group, Layer, Words
from bilan.science.stats.frames import enough, named, prepared, unit_of
from bilan.science.stats.panels import By, Panel, Place, board, split
from bilan.science.stats.result import Analysis
from bilan.science.stats.sectors import sectors, shared

_BLUES = ("#bcd8f2", "#4c92d3", "#0b6bcb", "#0a4f97", "#083763", "#041b33", "#02101f", "#000000")


@dataclass(frozen=True, kw_only=True)
class Rose(Analysis):
    """A rose with the share of calm hours [%] and the mean of what is classed [its unit]."""

    calm: float
    mean: float


def wind_rose(
    frame: Any,
    *,
    speed: str = "wind_speed",
    direction: str = "wind_dir",
    breaks: Sequence[float] = (2.0, 4.0, 6.0),
    sector: float = 30.0,
    calm: float = 0.0,
    by: By = "",
    time: str = "start",
    place: Place | None = None,
) -> Rose:
    """How often the wind comes from each sector, by class of speed.

    Directions that were rounded (to 10°, or to 16 points) are shared among the sectors their range touches.

    Parameters:
        frame: a row a time.
        speed: column of wind speed [m/s].
        direction: column of wind direction [° from north, where it comes from].
        breaks: upper bounds of the classes but the last [m/s].
        sector: width of a sector [°].
        calm: speeds up to this have no direction [m/s].
        by: a rose for each season, weekday, weekend, daylight, month or year.
        time: column of times, wanted by `by`.
        place: where the sun is looked at, wanted by daylight.

    Returns:
        data: sector [°], class (1, 2, …), share [% of all hours, of the panel's where there are panels], count; ``panel`` first with `by`.

    Raises:
        BilanError: a column is missing, no value is left, or the sector does not divide the circle.

    Reference:
        Carslaw, D.C. (2024): The openair book, chapter Wind and pollution roses (windRose, bias correction).

    Examples:
        >>> frame = pl.DataFrame({"wind_speed": [1.0, 3.0, 0.0, 7.0], "wind_dir": [0.0, 90.0, 0.0, 93.0]})
        >>> rose = wind_rose(frame, sector=90)
        >>> rose.calm, rose.data.filter(pl.col("sector") == 90.0)["share"].to_list()
        (25.0, [0.0, 25.0, 0.0, 25.0])
    """
    rows = enough(prepared(frame, [speed, direction], time=time if by else "").drop_nulls(), 1, speed)
    plan = _Plan(speed, speed, direction, tuple(breaks), sector, calm, "m/s", ".2f", words=Words("平均风速", "mean speed"))
    return _rose(rows, plan, Words("风玫瑰", "Wind rose"), split(rows, by, time, place) if by else [])


def pollution_rose(
    frame: Any,
    value: str,
    *,
    speed: str = "wind_speed",
    direction: str = "wind_dir",
    breaks: Sequence[float] | None = None,
    sector: float = 30.0,
    calm: float = 0.0,
    normalise: bool = False,
    unit: str | None = None,
    by: By = "",
    time: str = "start",
    place: Place | None = None,
) -> Rose:
    """How often the wind comes from each sector, by class of concentration.

    Parameters:
        frame: a row a time.
        value: column of concentrations [any unit].
        speed: column of wind speed [m/s].
        direction: column of wind direction [° from north].
        breaks: upper bounds of the classes but the last [unit of `value`]; quarters and the top tenth when not given.
        sector: width of a sector [°].
        calm: speeds up to this have no direction [m/s].
        normalise: let every sector add up to 100 %.
        unit: unit to show instead of that of the parameter.
        by: a rose for each season, weekday, weekend, daylight, month or year, all with the same classes.
        time: column of times, wanted by `by`.
        place: where the sun is looked at, wanted by daylight.

    Returns:
        data: sector [°], class, share [%], count; ``panel`` first with `by`.

    Raises:
        BilanError: a column is missing, no value is left, or the sector does not divide the circle.

    Examples:
        >>> frame = pl.DataFrame({"no2": [10.0, 60.0, 30.0], "wind_speed": [2.0, 3.0, 2.0], "wind_dir": [0.0, 90.0, 90.0]})
        >>> pollution_rose(frame, "no2", breaks=[20.0, 40.0], sector=90.0).data.filter(pl.col("share") > 0).select("sector", "count").rows()
        [(0.0, 1.0), (90.0, 1.0), (90.0, 1.0)]
    """
    rows = enough(prepared(frame, [value, speed, direction], time=time if by else "").drop_nulls(), 1, value)
    bounds = tuple(breaks) if breaks is not None else tuple(_quantiles(rows[value]))
    shown = unit_of(value) if unit is None else unit
    plan = _Plan(value, speed, direction, bounds, sector, calm, shown, ".3g", normalise=normalise, words=Words("均值", "mean"))
    title = Words(f"{named(value).text()}污染玫瑰", f"{named(value).text('en')} pollution rose")
    return _rose(rows, plan, title, split(rows, by, time, place) if by else [])


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is counted by which classes, and how it is told."""

    value: str
    speed: str
    direction: str
    bounds: tuple[float, ...]
    sector: float
    calm: float
    unit: str
    form: str
    normalise: bool = False
    words: Words = field(default_factory=Words)


def _rose(rows: pl.DataFrame, plan: _Plan, title: Words, panels: list[Panel]) -> Rose:
    """One rose of all rows, or one a panel."""
    whole = _drawn(rows, plan, title)
    if not panels:
        return whole
    roses = [(panel, _drawn(panel.rows, plan, panel.name)) for panel in panels]
    data, figure = board([(panel, rose.data, rose.figure) for panel, rose in roses], title)
    return Rose(data=data, figure=replace(figure, note=whole.figure.note), calm=whole.calm, mean=whole.mean)


def _drawn(rows: pl.DataFrame, plan: _Plan, title: Words) -> Rose:
    moving = rows.filter(pl.col(plan.speed) > plan.calm)
    data, groups = _counted(moving, plan.value, plan.direction, plan.bounds, plan.sector, rows.height, plan.unit)
    if plan.normalise:
        total = pl.col("share").sum().over("sector")
        data = data.with_columns(pl.when(total > 0).then(100 * pl.col("share") / total).otherwise(0.0).alias("share"))
    still = 100.0 * (1 - moving.height / rows.height)
    mean = float(rows[plan.value].mean() or 0.0)  # type: ignore[arg-type]
    told = f"{mean:{plan.form}} {plan.unit}"
    note = Words(f"静风 {still:.1f}%，{plan.words.zh} {told}", f"calm {still:.1f} %, {plan.words.en} {told}")
    return Rose(data=data, figure=_figure(data, groups, title, note, plan.sector), calm=still, mean=mean)


def _quantiles(values: pl.Series) -> list[float]:
    """Round bounds near the quarters and the top tenth."""
    found = [float(values.quantile(share) or 0.0) for share in (0.25, 0.5, 0.75, 0.9)]
    return sorted({float(f"{bound:.2g}") for bound in found})


def _counted(
    rows: pl.DataFrame, value: str, direction: str, breaks: Sequence[float], sector: float, total: int, unit: str
) -> tuple[pl.DataFrame, tuple[Group, ...]]:
    """Share of every sector and class, also of those that never occur."""
    bounds = list(breaks)
    if not bounds or bounds != sorted(set(bounds)):
        raise BilanError(Problem("analysis.range", {"value": bounds, "allowed": "a < b < c", "what": "breaks"}))
    classed = rows.with_columns((pl.lit(pl.Series(bounds)).search_sorted(pl.col(value), side="left") + 1).cast(pl.Int32).alias("class"))
    counts = shared(classed, direction, sector).group_by("sector", "class").agg(pl.col("weight").sum().alias("count"))
    every = pl.DataFrame({"sector": sectors(sector)}).join(
        pl.DataFrame({"class": np.arange(1, len(bounds) + 2, dtype=np.int32)}), how="cross"
    )
    data = every.join(counts, on=["sector", "class"], how="left").with_columns(pl.col("count").fill_null(0.0))
    data = data.with_columns((100 * pl.col("count") / total).alias("share")).select("sector", "class", "share", "count")
    edges = [f"≤ {bounds[0]:g}", *(f"{low:g}–{high:g}" for low, high in pairwise(bounds)), f"> {bounds[-1]:g}"]
    return data.sort("sector", "class"), tuple((str(at + 1), Words(en=f"{edge} {unit}".strip())) for at, edge in enumerate(edges))


def _figure(data: pl.DataFrame, groups: tuple[Group, ...], title: Words, note: Words, sector: float) -> Figure:
    layer = Layer("sector", x="sector", y="share", by="class", groups=groups, colours=_BLUES, step=(sector, 1.0))
    return Figure(title=title, note=note, data=data, frame="compass", y=Axis(Words("频率", "Frequency"), "%"), layers=(layer,))
