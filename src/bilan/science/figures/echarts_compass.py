"""Directions on a compass as ECharts polar series: roses of stacked sectors, surfaces of coloured tiles, lines and points."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from bilan.science.figures.echarts_parts import Cell, Parts, decimals, pairs
from bilan.science.figures.measure import colour_bounds, outermost, rounded_up
from bilan.science.figures.palettes import LINE, NOTHING, SOFT, colour, series
from bilan.science.figures.spec import DIRECTIONS, Layer, Scale, Specification

_Entry = dict[str, Any]
BOARD = 60.0
"""A drawing with less than this of a side of the canvas stands on a board [%]."""


def add(parts: Parts, figure: Specification, cell: Cell) -> None:
    """Add a compass to an option: below the marks a polar with the names of the directions, above it those of the marks."""
    reach = outermost(figure)
    names = [word.text(parts.language) for word in DIRECTIONS]
    _polar(parts, cell, reach, names, figure.y.label(parts.language), shown=True)
    place = 0
    for layer in figure.layers:
        if layer.mark == "tile":
            _tiles(parts, figure, layer, cell, reach)
        elif layer.mark == "sector":
            _sectors(parts, figure, layer, cell, reach)
        elif layer.mark == "rule":
            _line(parts, _ring(layer), layer, cell, reach, SOFT, "")
        else:
            for name, rows in layer.split(figure.data):
                _line(parts, rows, layer, cell, reach, series(place, layer.colours), name.text(parts.language))
                place += 1
    if figure.scale and figure.scale.shown:
        # The tiles carry their colours; the scale only explains them.
        parts.series.append({"type": "scatter", "coordinateSystem": "polar", "polarIndex": 0, "data": []})
        parts.add_scale(figure.scale, colour_bounds(figure, figure.scale), [len(parts.series) - 1], 2, cell)


def _polar(parts: Parts, cell: Cell, reach: float, directions: list[Any] | None, name: str = "", shown: bool = False) -> int:
    """Add a polar with a category axis of these directions, or a value axis of degrees; its index."""
    at = len(parts.polars)
    # A radius counts in halves of the shorter side of the canvas; on a board of about square drawings that is the side of the larger share.
    shares = cell.height, cell.width
    radius = round(0.8 * min(shares) if min(shares) > BOARD else 0.68 * max(shares), 2)
    centre = [f"{round(cell.left + cell.width / 2, 2)}%", f"{round(cell.top + cell.height / 2, 2)}%"]
    parts.polars.append({"center": centre, "radius": f"{radius}%"})
    quiet: _Entry = {"axisLabel": {"show": shown, "color": SOFT}, "axisTick": {"show": False}, "axisLine": {"show": shown}}
    if directions is None:
        angle: _Entry = {"type": "value", "min": 0, "max": 360, "startAngle": 90, "splitLine": {"show": False}}
    else:
        angle = {"type": "category", "data": directions, "startAngle": round(90 + 180 / len(directions), 4)}
    parts.angles.append({"polarIndex": at, "clockwise": True, **quiet, **angle})
    rings = {"show": shown, "lineStyle": {"color": LINE}}
    # The outermost label would be an odd number and stand on its neighbour.
    label = {"show": shown, "color": SOFT, "showMaxLabel": reach == rounded_up(reach)}
    scale: _Entry = {
        "type": "value",
        "min": 0,
        "max": reach,
        "axisLabel": label,
        "name": name,
        "nameLocation": "end",
        "nameTextStyle": {"color": SOFT},
    }
    parts.radii.append({"polarIndex": at, "z": 3, **quiet, "axisLine": {"show": False}, "splitLine": rings, **scale})
    return at


def _sectors(parts: Parts, figure: Specification, layer: Layer, cell: Cell, reach: float) -> None:
    directions = figure.data[layer.x].unique().sort().to_list()
    at = _polar(parts, cell, reach, [f"{direction:g}°" for direction in directions])
    for place, (name, rows) in enumerate(layer.split(figure.data)):
        values = dict(zip(rows[layer.x], rows[layer.y], strict=True))
        parts.series.append(
            {
                "name": parts.name(name.text(parts.language)),
                "type": "bar",
                "coordinateSystem": "polar",
                "polarIndex": at,
                "stack": f"rose {at}",
            }
            | {"barCategoryGap": "12%", "color": series(place, layer.colours), "data": [_number(values.get(d)) for d in directions]}
        )


def _tiles(parts: Parts, figure: Specification, layer: Layer, cell: Cell, reach: float) -> None:
    """Each ring a stacked bar of equal height, each tile with its own colour."""
    rows = layer.rows(figure.data)
    directions = rows[layer.x].unique().sort().to_list()
    rings = rows[layer.y].unique().sort().to_list()
    scale = figure.scale or Scale()
    low, high = colour_bounds(figure, scale)
    digits = decimals(high - low) + 1
    at = _polar(parts, cell, reach, [f"{direction:g}°" for direction in directions])
    known = {(d, r): value for d, r, value in rows.select(layer.x, layer.y, layer.value).iter_rows()}
    height = layer.step[1]
    shared = {"type": "bar", "coordinateSystem": "polar", "polarIndex": at, "stack": f"tiles {at}", "barCategoryGap": 0}
    inner = rings[0] - height / 2 if rings else 0.0
    if inner > 1e-9:
        parts.series.append({**shared, "silent": True, "itemStyle": {"color": NOTHING}, "data": [round(inner, 6)] * len(directions)})
    for ring in rings:
        data = [_one(known.get((d, ring)), d, ring, height, scale, (low, high), digits) for d in directions]
        parts.series.append({**shared, "tooltip": {"formatter": "{b}"}, "data": data})


def _one(
    value: float | None, direction: float, ring: float, height: float, scale: Scale, bounds: tuple[float, float], digits: int
) -> _Entry:
    if value is None or math.isnan(value):
        return {"value": height, "itemStyle": {"color": NOTHING}}
    fill = colour(value, scale, *bounds)
    return {
        "value": height,
        "name": f"{direction:g}° · {ring:.3g} · {value:.{digits}f}",
        "itemStyle": {"color": fill},
    }


def _line(parts: Parts, rows: pl.DataFrame, layer: Layer, cell: Cell, reach: float, paint: str, shown: str) -> None:
    at = _polar(parts, cell, reach, None)
    shared = {"name": parts.name(shown), "coordinateSystem": "polar", "polarIndex": at, "color": paint}
    data = pairs(rows[layer.y or "at"], rows[layer.x or "direction"])
    if layer.mark == "point":
        parts.series.append({**shared, "type": "scatter", "symbolSize": 9, "data": data})
        return
    broken = layer.dashed or layer.mark == "rule"
    style = {"width": 1.6, "type": "dashed" if broken else "solid"}
    closed = [*data, [data[0][0], data[0][1] + 360]] if data else data
    parts.series.append({**shared, "type": "line", "showSymbol": False, "lineStyle": style, "data": closed})


def _ring(layer: Layer) -> pl.DataFrame:
    """A circle at the place of a rule."""
    return pl.DataFrame({"direction": [float(degree) for degree in range(0, 360, 3)]}).with_columns(at=pl.lit(layer.at))


def _number(value: float | None) -> float:
    return 0.0 if value is None else round(value, 6)
