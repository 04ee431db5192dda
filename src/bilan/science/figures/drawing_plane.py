"""Layers on two axes drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import polars as pl
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Colormap, LinearSegmentedColormap, ListedColormap, Normalize
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from bilan.science.figures.measure import colour_bounds
from bilan.science.figures.palettes import INK, PALETTES, SOFT, series
from bilan.science.figures.spec import Axis, Group, Layer, Scale, Specification, categories

_NAMES, _LETTERS = 13, 60
_DATES = {
    "formats": ["%Y年", "%m月", "%d日", "%H:%M", "%H:%M", "%S"],
    "zero_formats": ["", "%Y年", "%m月", "%m月%d日", "%H:%M", "%H:%M"],
    "offset_formats": ["", "%Y年", "%Y年%m月", "%Y年%m月%d日", "%Y年%m月%d日", "%Y年%m月%d日"],
}


def add(axes: Any, figure: Specification, language: str) -> None:
    """Draw layers on two axes."""
    tiled = any(layer.mark == "tile" for layer in figure.layers)
    places = {which: _places(figure, axis, which, tiled) for which, axis in (("x", figure.x), ("y", figure.y))}
    plain = 0
    for layer in figure.layers:
        heights: dict[float, float] = {}
        for place, (name, rows) in enumerate(layer.split(figure.data)):
            paint = series(place if layer.by else plain, layer.colours)
            _mark(axes, figure, layer, rows, paint, name.text(language), places, language, place, heights)
        plain += not layer.by and layer.mark not in ("band", "rule", "text")
    for which, axis in (("x", figure.x), ("y", figure.y)):
        _axis(axes, axis, which, places[which], language)
        if places[which] and not tiled:
            getattr(axes, f"set_{which}lim")(-0.6, len(places[which]) - 0.4)
        if axis.inverse:
            getattr(axes, f"invert_{which}axis")()
    if not tiled:
        axes.grid(visible=True, axis="y", linewidth=0.6)
    if figure.equal:
        axes.set_aspect("equal")
    if axes.get_legend_handles_labels()[1]:
        stacked = any(layer.stack for layer in figure.layers)
        axes.legend(**({"loc": "upper left", "bbox_to_anchor": (1.0, 1.0), "reverse": True} if stacked else {"loc": "best"}))
    if figure.scale and figure.scale.shown and any(layer.value for layer in figure.layers):
        bar(axes, figure, figure.scale, language)


def bar(axes: Any, figure: Specification, scale: Scale, language: str) -> None:
    """A colour bar beside the axes, or beside all axes of a board."""
    norm, colours = colour_map(figure, scale)
    canvas = axes[0].figure if figure.parts else axes.figure
    made = canvas.colorbar(ScalarMappable(norm, colours), ax=axes, shrink=0.75, pad=0.08 if figure.frame == "compass" else 0.02)
    made.set_label(scale.label(language))
    if all(step.name for step in scale.steps) and scale.steps:
        edges = np.array(norm.boundaries)  # type: ignore[attr-defined]
        made.set_ticks((edges[:-1] + edges[1:]) / 2, labels=[step.name.text(language) for step in scale.steps])
    made.outline.set_visible(False)


def colour_map(figure: Specification, scale: Scale) -> tuple[Normalize, Colormap]:
    """Norm and colours of a scale."""
    low, high = colour_bounds(figure, scale)
    if scale.steps:
        uppers = [step.upper for step in scale.steps]
        first = min(low, uppers[0] - 1e-9)
        last = uppers[-1] if np.isfinite(uppers[-1]) else max(high, uppers[-2] * 1.1 if len(uppers) > 1 else high)
        # A value at the upper edge belongs to its step; the norm alone would give it to the next.
        edges = [first, *(np.nextafter(upper, np.inf) for upper in uppers[:-1]), np.nextafter(last, np.inf)]
        return BoundaryNorm(edges, len(uppers)), ListedColormap([step.colour for step in scale.steps])
    return Normalize(low, high if high > low else low + 1), LinearSegmentedColormap.from_list(scale.palette, PALETTES[scale.palette])


def _mark(
    axes: Any,
    figure: Specification,
    layer: Layer,
    rows: pl.DataFrame,
    paint: str,
    shown: str,
    places: dict[str, tuple[Group, ...]],
    language: str,
    place: int,
    heights: dict[float, float],
) -> None:
    x = _values(rows, layer.x, places["x"])
    y = _values(rows, layer.y, places["y"])
    label = shown or None
    if layer.mark == "line":
        marker = "o" if rows.height < 40 and not layer.smooth else None
        axes.plot(
            x, y, color=paint, linewidth=layer.width, label=label, linestyle="--" if layer.dashed else "-", marker=marker, markersize=3
        )
    elif layer.mark == "band":
        axes.fill_between(x, _values(rows, layer.lower, ()), _values(rows, layer.upper, ()), color=paint, alpha=0.18, linewidth=0)
    elif layer.mark == "range":
        axes.vlines(x, _values(rows, layer.lower, ()), _values(rows, layer.upper, ()), color=paint, linewidth=layer.width, label=label)
    elif layer.mark == "point":
        _points(axes, figure, layer, rows, x, y, paint, label)
    elif layer.mark == "bar":
        _bars(axes, layer, figure, rows, x, y, paint, label, place, heights)
    elif layer.mark == "tile":
        _tiles(axes, figure, layer, rows, x, y, places)
    elif layer.mark == "rule":
        (axes.axhline if layer.along == "y" else axes.axvline)(layer.at, color=SOFT, linestyle="--", linewidth=1)
        where = (0.99, layer.at) if layer.along == "y" else (layer.at, 0.99)
        axis = axes.get_yaxis_transform() if layer.along == "y" else axes.get_xaxis_transform()
        axes.annotate(
            shown,
            where,
            xycoords=axis,
            xytext=(0, 2) if layer.along == "y" else (-3, 0),
            textcoords="offset points",
            ha="right",
            va="bottom" if layer.along == "y" else "top",
            fontsize=8,
            color=SOFT,
        )
    elif layer.mark == "text":
        column = f"{layer.text}_en" if language == "en" and f"{layer.text}_en" in rows.columns else layer.text
        for word, left, up in zip(rows[column], x, y, strict=True):
            if word is not None:
                axes.annotate(str(word), (left, up), xytext=(4, 2), textcoords="offset points", fontsize=8, color=SOFT)


def _points(axes: Any, figure: Specification, layer: Layer, rows: pl.DataFrame, x: Any, y: Any, paint: str, label: str | None) -> None:
    size = 18 if rows.height < 300 else 5
    if not layer.value:
        axes.scatter(x, y, s=size, color=paint, alpha=0.8, label=label, linewidths=0)
        return
    norm, colours = colour_map(figure, figure.scale or Scale())
    axes.scatter(x, y, s=size, c=_values(rows, layer.value, ()), norm=norm, cmap=colours, label=label, linewidths=0)


def _bars(
    axes: Any,
    layer: Layer,
    figure: Specification,
    rows: pl.DataFrame,
    x: Any,
    y: Any,
    paint: str,
    label: str | None,
    place: int,
    heights: dict[float, float],
) -> None:
    if not rows.height:
        # An empty group would enter the legend in a colour of its own.
        return
    lying = figure.y.kind == "category" and figure.x.kind != "category"
    at, reach = (y, x) if lying else (x, y)
    count = 1 if layer.stack else len(layer.split(figure.data))
    width = 0.8 / count * (1.0 if lying or figure.x.kind == "category" else layer.step[0])
    base = np.array([heights.get(float(one), 0.0) for one in at]) if layer.stack else np.zeros(len(at))
    where = at + (place - (count - 1) / 2) * width if count > 1 else at
    if lying:
        axes.barh(where, reach, height=width, left=base, color=paint, label=label)
    else:
        axes.bar(where, reach, width=width, bottom=base, color=paint, label=label)
    if layer.stack:
        heights.update(zip(map(float, at), base + np.nan_to_num(reach), strict=True))


def _tiles(
    axes: Any, figure: Specification, layer: Layer, rows: pl.DataFrame, x: Any, y: Any, places: dict[str, tuple[Group, ...]]
) -> None:
    grid = np.full((len(places["y"]), len(places["x"])), np.nan)
    grid[y.astype(int), x.astype(int)] = _values(rows, layer.value, ())
    norm, colours = colour_map(figure, figure.scale or Scale())
    axes.pcolormesh(np.arange(grid.shape[1]), np.arange(grid.shape[0]), grid, norm=norm, cmap=colours, shading="nearest")
    if layer.text:
        for word, left, up, value in zip(rows[layer.text], x, y, _values(rows, layer.value, ()), strict=True):
            if word is not None:
                red, green, blue, _ = colours(norm(value))
                dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
                axes.annotate(str(word), (left, up), ha="center", va="center", fontsize=7, color="white" if dark else INK)


def _values(rows: pl.DataFrame, column: str, known: tuple[Group, ...]) -> Any:
    if not column:
        return np.array([])
    if known:
        order = {key: float(at) for at, (key, _) in enumerate(known)}
        return np.array([order.get(str(value), np.nan) for value in rows[column]])
    values = rows[column]
    return values.to_numpy() if values.dtype.is_temporal() else values.cast(pl.Float64).to_numpy()


def _places(figure: Specification, axis: Axis, which: str, tiled: bool) -> tuple[Group, ...]:
    if not tiled and axis.kind != "category":
        return ()
    return categories(axis, [layer.rows(figure.data)[getattr(layer, which)] for layer in figure.layers if getattr(layer, which)])


def _axis(axes: Any, axis: Axis, which: str, known: tuple[Group, ...], language: str) -> None:
    getattr(axes, f"set_{which}label")(axis.label(language))
    if known:
        names = [name.text(language) for _, name in known]
        every = -(-len(known) // _room(names, which))
        shown = [(at, name) for at, name in enumerate(names) if at % every == 0]
        getattr(axes, f"set_{which}ticks")([at for at, _ in shown], [name for _, name in shown])
    elif axis.lower is not None or axis.upper is not None:
        getattr(axes, f"set_{which}lim")(axis.lower, axis.upper)
    elif axis.kind == "time" and which == "x":
        ticks: Any = cast(Any, AutoDateLocator)(maxticks=7)
        axes.xaxis.set_major_locator(ticks)
        axes.xaxis.set_major_formatter(cast(Any, ConciseDateFormatter)(ticks, **({} if language == "en" else _DATES)))


def _room(names: Sequence[str], which: str) -> int:
    """How many names of a category axis stand beside each other."""
    if which == "y" or len(names) <= _NAMES:
        return _NAMES
    longest = max(sum(2 if ord(letter) > 0x2E80 else 1 for letter in name) for name in names)
    return max(4, min(_NAMES, _LETTERS // max(1, longest)))
