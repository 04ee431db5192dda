"""A tile a day as ECharts calendars, a year below the other."""

from __future__ import annotations

import polars as pl

from bilan.science.figures.echarts_parts import Cell, Parts, pairs
from bilan.science.figures.measure import colour_bounds
from bilan.science.figures.palettes import LINE, SOFT
from bilan.science.figures.spec import Scale, Specification


def add(parts: Parts, figure: Specification, cell: Cell) -> None:
    """Add calendars, one a year, to an option."""
    first = len(parts.series)
    for layer in figure.layers:
        rows = layer.rows(figure.data)
        years = rows[layer.x].dt.year().unique().sort().to_list()
        height = cell.height / max(1, len(years))
        for at, year in enumerate(years):
            parts.calendars.append(_calendar(parts, year, cell, cell.top + at * height + 4, height - 6))
            here = rows.filter(pl.col(layer.x).dt.year() == year)
            data = pairs(here[layer.x].dt.strftime("%Y-%m-%d"), here[layer.value])
            parts.series.append(
                {"type": "heatmap", "coordinateSystem": "calendar", "calendarIndex": len(parts.calendars) - 1, "data": data}
            )
    scale = figure.scale or Scale()
    parts.add_scale(scale, colour_bounds(figure, scale), list(range(first, len(parts.series))), 1, cell)


def _calendar(parts: Parts, year: int, cell: Cell, top: float, height: float) -> dict[str, object]:
    names = "EN" if parts.language == "en" else "ZH"
    return {
        "range": str(year),
        "left": f"{round(cell.left + 5, 2)}%",
        "width": f"{round(cell.width - 15, 2)}%",
        "top": f"{round(top, 2)}%",
        "height": f"{round(height, 2)}%",
        "cellSize": ["auto", "auto"],
        "splitLine": {"lineStyle": {"color": SOFT, "width": 1}},
        "itemStyle": {"borderColor": LINE, "borderWidth": 0.5},
        "dayLabel": {"firstDay": 1, "nameMap": names, "color": SOFT},
        "monthLabel": {"nameMap": names, "color": SOFT},
        "yearLabel": {"color": SOFT, "fontSize": 13},
    }
