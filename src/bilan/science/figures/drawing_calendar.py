"""A tile a day drawn by matplotlib, a year below the other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from matplotlib.colors import ListedColormap

from bilan.science.figures.drawing_plane import bar, colour_map
from bilan.science.figures.spec import Scale, Specification

_MONTHS = ("1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS, _DAYS_EN = ("一", "三", "五", "日"), ("Mon", "Wed", "Fri", "Sun")
_ROOM = 9


def add(axes: Any, figure: Specification, language: str) -> None:
    """Draw weeks from left to right and weekdays downwards, for every year of the data."""
    layer = figure.layers[0]
    rows = layer.rows(figure.data).filter(pl.col(layer.x).is_not_null())
    years = rows[layer.x].dt.year().unique().sort().to_list()
    norm, colours = colour_map(figure, figure.scale or Scale())
    grid = np.full((_ROOM * len(years), 54), np.nan)
    days = np.full_like(grid, np.nan)
    for year in years:
        for day in (date(year, 1, 1) + timedelta(days=n) for n in range(366)):
            if day.year == year:
                days[years.index(year) * _ROOM + place(day)[1], place(day)[0]] = 0.0
    for day, value in rows.select(pl.col(layer.x).cast(pl.Date), layer.value).iter_rows():
        week, weekday = place(day)
        grid[years.index(day.year) * _ROOM + weekday, week] = np.nan if value is None else value
    edges = np.arange(55), np.arange(grid.shape[0] + 1)
    axes.pcolormesh(*edges, days, cmap=ListedColormap(["#eef2f5"]), edgecolors="white", linewidth=0.5)
    axes.pcolormesh(*edges, grid, norm=norm, cmap=colours, edgecolors="white", linewidth=0.5)
    axes.invert_yaxis()
    axes.set_aspect("equal")
    axes.spines[:].set_visible(False)
    starts = [place(date(years[0], month, 1))[0] for month in range(1, 13)] if years else []
    axes.set_xticks([start + 2.2 for start in starts], _MONTHS_EN if language == "en" else _MONTHS)
    names = _DAYS_EN if language == "en" else _DAYS
    ticks = [(at * _ROOM + 2 * step + 0.5, name) for at in range(len(years)) for step, name in enumerate(names)]
    axes.set_yticks([at for at, _ in ticks], [name for _, name in ticks], fontsize=7)
    axes.tick_params(length=0)
    for at, year in enumerate(years):
        axes.text(-5.0, at * _ROOM + 3.5, str(year), rotation=90, va="center", ha="center", fontweight="bold")
    bar(axes, figure, figure.scale or Scale(), language)


def place(day: date) -> tuple[int, int]:
    """Week of the year counted from its first day, and weekday from Monday.

    Examples:
        >>> place(date(2024, 1, 1)), place(date(2023, 1, 1)), place(date(2023, 1, 2))
        ((0, 0), (0, 6), (1, 0))
    """
    first = date(day.year, 1, 1).weekday()
    return (day.timetuple().tm_yday - 1 + first) // 7, day.weekday()
