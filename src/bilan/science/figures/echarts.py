"""A figure as an ECharts option of plain values: what the site draws, without a line of script per figure."""

from __future__ import annotations

from typing import Any

from bilan.problems import LANGUAGES
from bilan.science.figures import echarts_calendar, echarts_compass, echarts_plane
from bilan.science.figures.echarts_parts import Cell, Parts
from bilan.science.figures.measure import colour_bounds
from bilan.science.figures.palettes import INK, SERIES, SOFT
from bilan.science.figures.spec import Specification

_FRAMES = {"plane": echarts_plane.add, "compass": echarts_compass.add, "calendar": echarts_calendar.add}


def option(figure: Specification, language: str = LANGUAGES[0]) -> dict[str, Any]:
    """Give the ECharts option of a figure: only dicts, lists, strings, numbers and None.

    Times are milliseconds of the wall clock, to be drawn with ``useUTC``.
    """
    parts = Parts(language)
    drawings = list(figure.parts) or [figure]
    legend = any(layer.by or layer.name for drawing in drawings for layer in drawing.layers if layer.mark != "rule")
    shared = figure.scale if figure.parts else None
    places = cells(len(drawings), figure.columns, top=12.0 if legend else 7.0, wide=90.0 if shared else 100.0)
    for drawing, cell in zip(drawings, places, strict=True):
        if figure.parts and drawing.title:
            parts.titles.append(
                {"text": drawing.title.text(language), "left": f"{cell.left}%", "top": f"{max(cell.top - 6, 0)}%", "textStyle": _text(13)}
            )
        _FRAMES[drawing.frame](parts, drawing, cell)
    if shared:
        # The tiles of compasses carry their colours; the scale only explains them.
        parts.series.append({"type": "scatter", "coordinateSystem": "polar", "polarIndex": 0, "data": []})
        parts.add_scale(shared, colour_bounds(figure, shared), [len(parts.series) - 1], 2, Cell(2.0, 8.0, 91.0, 84.0))
    names = [entry for entry in parts.legend if entry]
    result: dict[str, Any] = {
        "animation": False,
        "useUTC": True,
        "color": list(SERIES),
        "textStyle": {"color": SOFT},
        "title": parts.titles,
        "tooltip": {"confine": True},
        "aria": {"enabled": True, "label": {"description": figure.title.text(language)}},
        "legend": {"show": bool(names), "type": "scroll", "top": 0, "data": names},
        "series": parts.series,
    }
    return result | {name: entries for name, entries in parts.components().items() if entries}


def cells(count: int, columns: int, top: float = 12.0, wide: float = 100.0) -> list[Cell]:
    """Places of `count` drawings, `columns` beside each other, within `wide` [% of the whole].

    Examples:
        >>> [(cell.left, cell.width) for cell in cells(2, 2)]
        [(2.0, 44.0), (52.0, 44.0)]
    """
    across = min(columns, count)
    high = -(-count // across)
    width, height = wide / across, (100.0 - top) / high
    pad = 7.0 if count > 1 else 0.0
    return [
        Cell(
            round(at % across * width + 2, 2), round(top + at // across * height + pad / 2, 2), round(width - 6, 2), round(height - pad, 2)
        )
        for at in range(count)
    ]


def _text(size: int) -> dict[str, Any]:
    return {"fontSize": size, "fontWeight": 600, "color": INK}
