"""Time proportion: what each wind sector, time of day or cluster brings to the mean of every period."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.figures import Axis, Figure, Group, Layer, Words
from bilan.science.figures.spec import DIRECTIONS
from bilan.science.stats.frames import enough, named, prepared, unit_of
from bilan.science.stats.panels import SPLITS, Place, split
from bilan.science.stats.result import Analysis

EVERY = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
"""Periods by name; any other is a length as Polars writes it, such as 3d."""
SECTOR = "sector"
_FORMS = {"1mo": "%Y-%m", "1q": "%Y-%m", "1y": "%Y"}
_QUARTERS = 4
_SECTOR_WIDTH = 45.0


def time_proportion(
    frame: Any,
    value: str,
    *,
    by: str = SECTOR,
    every: str = "month",
    time: str = "start",
    direction: str = "wind_dir",
    normalise: bool = False,
    place: Place | None = None,
    unit: str | None = None,
) -> Analysis:
    """The mean of every period as a stack of what each part brings: the part's mean times its share of the hours.

    Parameters:
        frame: a row a time.
        value: column of concentrations [any unit].
        by: ``sector`` (eight winds), a part of the calendar (season, weekday, weekend, daylight …) or a column: words as they are, numbers
            by quarters.
        every: day, week, month, quarter, year, or a length such as ``3d``.
        time: column of times.
        direction: column of wind direction [° from north], wanted by ``sector``.
        normalise: let every period add up to 100 %.
        place: where the sun is looked at, wanted by daylight.
        unit: unit to show instead of that of the parameter.

    Returns:
        data: start, part, mean of the part [unit], count, contribution [unit, or %].

    Raises:
        BilanError: a column is missing, no value is left, or there is no such period.

    Reference:
        Carslaw, D.C. (2024): The openair book, chapter Time proportion plots (timeProp).

    Examples:
        >>> from datetime import datetime
        >>> hours = [datetime(2026, 1, 1, hour) for hour in range(4)]
        >>> frame = pl.DataFrame({"start": hours, "so2": [8.0, 4.0, 6.0, 2.0], "wind_dir": [90.0, 90.0, 80.0, 180.0]})
        >>> time_proportion(frame, "so2").data.select("part", "count", "contribution").rows()
        [('E', 3, 4.5), ('S', 1, 0.5)]
    """
    length = EVERY.get(every, every)
    rows, groups = _parted(frame, value, by, time, direction, place)
    try:
        periods = enough(rows, 1, value).with_columns(pl.col(time).dt.truncate(length).alias("start"))
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise BilanError(Problem("analysis.choice", {"value": every, "nearest": "month", "allowed": list(EVERY)})) from error
    number = pl.col(value)
    table = periods.group_by("start", "part").agg(number.mean().alias("mean"), pl.len().alias("count"), number.sum().alias("sum"))
    whole = pl.col("sum").sum() if normalise else pl.col("count").sum()
    contribution = pl.when(whole.over("start") != 0).then(pl.col("sum") / whole.over("start")) * (100 if normalise else 1)
    rank = {key: at for at, (key, _) in enumerate(groups)}
    order = pl.col("part").replace_strict(rank, return_dtype=pl.Int64)
    data = table.with_columns(contribution.alias("contribution")).sort(pl.col("start"), order).drop("sum")
    shown = "%" if normalise else unit_of(value) if unit is None else unit
    return Analysis(data=data, figure=_figure(data, groups, value, length, shown))


def _parted(frame: Any, value: str, by: str, time: str, direction: str, place: Place | None) -> tuple[pl.DataFrame, tuple[Group, ...]]:
    """Rows with their part, and the parts in order."""
    if by == SECTOR:
        rows = prepared(frame, [value, direction], time=time).drop_nulls()
        sector = ((pl.col(direction) / _SECTOR_WIDTH + 0.5).floor() % len(DIRECTIONS)).cast(pl.Int64)
        names = {at: words.en for at, words in enumerate(DIRECTIONS)}
        return rows.with_columns(sector.replace_strict(names).alias("part")), tuple((words.en, words) for words in DIRECTIONS)
    if by in SPLITS:
        panels = split(prepared(frame, [value], time=time).drop_nulls(), by, time, place)
        rows = pl.concat([panel.rows.with_columns(pl.lit(panel.name.en).alias("part")) for panel in panels]) if panels else pl.DataFrame()
        return rows, tuple((panel.name.en, panel.name) for panel in panels)
    rows = prepared(frame, [value], time=time, keep=[by]).drop_nulls()
    if rows[by].dtype.is_float():
        bounds = sorted({float(rows[by].quantile(at / _QUARTERS, "linear") or 0.0) for at in range(_QUARTERS + 1)})
        words = [f"{low:.3g}–{high:.3g}" for low, high in pairwise(bounds)] or [f"{bounds[0]:.3g}"]
        place_of = pl.lit(pl.Series(bounds[1:-1], dtype=pl.Float64)).search_sorted(pl.col(by), side="left")
        rows = rows.with_columns(place_of.cast(pl.Int64).replace_strict(dict(enumerate(words))).alias("part"))
        return rows, tuple((word, Words(en=word)) for word in words)
    rows = rows.with_columns(pl.col(by).cast(pl.String).alias("part"))
    return rows, tuple((name, Words(en=name)) for name in rows.sort(by)["part"].unique(maintain_order=True))


def _figure(data: pl.DataFrame, groups: tuple[Group, ...], value: str, length: str, shown: str) -> Figure:
    drawn = data.with_columns(pl.col("start").dt.strftime(_FORMS.get(length, "%Y-%m-%d")).alias("period"))
    there = set(drawn["part"])
    layer = Layer("bar", x="period", y="contribution", by="part", groups=tuple(group for group in groups if group[0] in there), stack=True)
    title = Words(f"{named(value).text()}由哪些部分构成", f"What makes up {named(value).text('en')}")
    x = Axis(kind="category", categories=tuple((period, Words(en=period)) for period in drawn["period"].unique().sort()))
    return Figure(title=title, data=drawn, x=x, y=Axis(named(value), shown), layers=(layer,))
