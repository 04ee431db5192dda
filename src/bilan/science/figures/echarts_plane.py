"""Layers on two axes as ECharts series."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from bilan.science.figures.echarts_parts import Cell, Parts, pairs, plain
from bilan.science.figures.measure import colour_bounds
from bilan.science.figures.palettes import LINE, SOFT, series
from bilan.science.figures.spec import Axis, Layer, Specification, categories

_Entry = dict[str, Any]
SCALE = 84
"""Room for a scale of colours at the right edge [px]."""
WHOLE = 90.0
"""A drawing that reaches further right than this stands at the edge [%]."""


@dataclass(frozen=True, slots=True)
class _Along:
    """One axis of a drawing: its option, and how a column stands on it."""

    entry: _Entry
    places: dict[str, int] | None

    def values(self, column: pl.Series) -> list[Any]:
        """The column as ECharts takes it: on a category axis the place of each value."""
        if self.places is None:
            return [plain(value) for value in column]
        return [self.places.get(str(value)) for value in column]


def add(parts: Parts, figure: Specification, cell: Cell) -> None:
    """Add a drawing on two axes to an option."""
    at = len(parts.grids)
    box: _Entry = dict(cell.box())
    if figure.scale and figure.scale.shown:
        # The words of the scale are as wide on a phone as on a desk.
        del box["width"]
        box["right"] = SCALE if cell.left + cell.width > WHOLE else f"{round(100 - cell.left - cell.width + 8, 2)}%"
    parts.grids.append({**box, "outerBoundsMode": "same", "outerBoundsContain": "all"})
    tiled = any(layer.mark == "tile" for layer in figure.layers)
    x, y = (_along(figure, axis, which, tiled, parts.language) for axis, which in ((figure.x, "x"), (figure.y, "y")))
    parts.x.append({**x.entry, "gridIndex": at})
    parts.y.append({**y.entry, "gridIndex": at})
    coloured = []
    for layer, colour, shown, rows in _entries(figure, parts.language):
        for entry in _MARKS[layer.mark](layer, rows, x, y, parts.language):
            if layer.value:
                coloured.append(len(parts.series))
            parts.series.append({"name": parts.name(shown), "xAxisIndex": at, "yAxisIndex": at, "color": colour, **entry})
    if figure.scale and figure.scale.shown and coloured:
        parts.add_scale(figure.scale, colour_bounds(figure, figure.scale), coloured, 2, cell)


def _entries(figure: Specification, language: str) -> Iterator[tuple[Layer, str, str, pl.DataFrame]]:
    """Each group of each layer with its colour, its name in the legend and its rows."""
    plain_layers = 0
    for layer in figure.layers:
        for place, (name, rows) in enumerate(layer.split(figure.data)):
            shown = "" if layer.mark == "rule" else name.text(language)
            yield layer, series(place if layer.by else plain_layers, layer.colours), shown, rows
        plain_layers += not layer.by and layer.mark not in ("band", "rule", "text")


def _along(figure: Specification, axis: Axis, which: str, tiled: bool, language: str) -> _Along:
    entry: _Entry = {
        "name": axis.label(language),
        "nameLocation": "middle",
        "nameGap": 28 if which == "x" else 40,
        "inverse": axis.inverse,
        "axisLine": {"lineStyle": {"color": LINE}},
        "axisLabel": {"color": SOFT, "hideOverlap": True},
        "splitLine": {"show": which == "y" and not tiled, "lineStyle": {"color": LINE}},
    }
    if tiled or axis.kind == "category":
        columns = [layer.rows(figure.data)[getattr(layer, which)] for layer in figure.layers if getattr(layer, which)]
        known = categories(axis, columns)
        named = {"type": "category", "data": [name.text(language) for _, name in known]}
        return _Along(entry | named, {key: at for at, (key, _) in enumerate(known)})
    barred = any(layer.mark == "bar" for layer in figure.layers)
    bounds = {key: value for key, value in (("min", axis.lower), ("max", axis.upper)) if value is not None}
    return _Along(entry | {"type": axis.kind, "scale": axis.lower is None and not barred} | bounds, None)


def _line(layer: Layer, rows: pl.DataFrame, x: _Along, y: _Along, language: str) -> list[_Entry]:
    _ = language
    style = {"width": layer.width, "type": "dashed" if layer.dashed else "solid"}
    data = pairs(x.values(rows[layer.x]), y.values(rows[layer.y]))
    return [{"type": "line", "showSymbol": len(data) < 40 and not layer.smooth, "symbolSize": 4, "lineStyle": style, "data": data}]


def _band(layer: Layer, rows: pl.DataFrame, x: _Along, y: _Along, language: str) -> list[_Entry]:
    """Two stacked lines: an unseen lower edge, and the width above it filled."""
    _ = language, y
    # Bands of one drawing must not stand on each other.
    key = f"band {layer.lower} {layer.upper} {layer.where}"
    shared = {"type": "line", "stack": key, "stackStrategy": "all", "showSymbol": False, "silent": True, "lineStyle": {"width": 0}}
    at = x.values(rows[layer.x])
    return [
        {**shared, "data": pairs(at, rows[layer.lower]), "tooltip": {"show": False}},
        {**shared, "data": pairs(at, rows[layer.upper] - rows[layer.lower]), "areaStyle": {"opacity": 0.18}, "tooltip": {"show": False}},
    ]


def _range(layer: Layer, rows: pl.DataFrame, x: _Along, y: _Along, language: str) -> list[_Entry]:
    """Upright strokes as one broken line."""
    _ = language, y
    ends = zip(x.values(rows[layer.x]), rows[layer.lower], rows[layer.upper], strict=True)
    data = [point for at, low, high in ends for point in ([at, plain(low)], [at, plain(high)], [at, None])]
    style = {"width": 2 * layer.width, "cap": "butt"}
    return [{"type": "line", "showSymbol": False, "lineStyle": style, "connectNulls": False, "data": data}]


def _point(layer: Layer, rows: pl.DataFrame, x: _Along, y: _Along, language: str) -> list[_Entry]:
    _ = language
    columns: list[Any] = [x.values(rows[layer.x]), y.values(rows[layer.y])]
    data = pairs(*columns, *([rows[layer.value]] if layer.value else []))
    return [{"type": "scatter", "symbolSize": 7 if len(data) < 300 else 4, "itemStyle": {"opacity": 0.8}, "data": data}]


def _bar(layer: Layer, rows: pl.DataFrame, x: _Along, y: _Along, language: str) -> list[_Entry]:
    _ = language
    stack = {"stack": f"bar {layer.x} {layer.y}"} if layer.stack else {}
    return [{"type": "bar", "barMaxWidth": 26, **stack, "data": pairs(x.values(rows[layer.x]), y.values(rows[layer.y]))}]


def _tile(layer: Layer, rows: pl.DataFrame, x: _Along, y: _Along, language: str) -> list[_Entry]:
    _ = language
    values = pairs(x.values(rows[layer.x]), y.values(rows[layer.y]), rows[layer.value])
    if not layer.text:
        return [{"type": "heatmap", "data": values}]
    words = ["" if word is None else str(word) for word in rows[layer.text]]
    data = [{"name": word, "value": value} for word, value in zip(words, values, strict=True)]
    return [
        {"type": "heatmap", "label": {"show": True, "formatter": "{b}", "fontSize": 10}, "labelLayout": {"hideOverlap": True}, "data": data}
    ]


def _rule(layer: Layer, rows: pl.DataFrame, x: _Along, y: _Along, language: str) -> list[_Entry]:
    _ = rows, x, y
    line = {"symbol": "none", "silent": True, "lineStyle": {"color": SOFT, "type": "dashed", "width": 1}}
    label = {"formatter": layer.name.text(language), "position": "insideEndTop", "color": SOFT}
    at = {f"{layer.along}Axis": plain(layer.at), "label": label}
    return [{"type": "line", "data": [], "markLine": {**line, "data": [at]}}]


def _text(layer: Layer, rows: pl.DataFrame, x: _Along, y: _Along, language: str) -> list[_Entry]:
    column = _in(layer.text, rows, language)
    rows = rows.drop_nulls(column)
    words = [str(word) for word in rows[column]]
    values = pairs(x.values(rows[layer.x]), y.values(rows[layer.y]))
    data = [{"name": word, "value": value} for word, value in zip(words, values, strict=True)]
    label = {"show": True, "formatter": "{b}", "position": "right", "color": SOFT}
    return [{"type": "scatter", "symbolSize": 1, "silent": True, "label": label, "data": data}]


def _in(column: str, rows: pl.DataFrame, language: str) -> str:
    """The English sister of a column of words when there is one and English is asked for."""
    return f"{column}_en" if language == "en" and f"{column}_en" in rows.columns else column


_MARKS: dict[str, Callable[[Layer, pl.DataFrame, _Along, _Along, str], list[_Entry]]] = {
    "line": _line,
    "band": _band,
    "range": _range,
    "point": _point,
    "bar": _bar,
    "tile": _tile,
    "rule": _rule,
    "text": _text,
}
