"""Directions on a compass drawn by matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bilan.science.figures.drawing_plane import bar, colour_map
from bilan.science.figures.measure import outermost
from bilan.science.figures.palettes import SOFT, series
from bilan.science.figures.spec import DIRECTIONS, Layer, Scale, Specification


def add(axes: Any, figure: Specification, language: str) -> None:
    """Draw a compass: north above, clockwise."""
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    place = 0
    for layer in figure.layers:
        if layer.mark == "tile":
            _tiles(axes, figure, layer)
        elif layer.mark == "sector":
            _sectors(axes, figure, layer, language)
        elif layer.mark == "rule":
            axes.plot(np.linspace(0, 2 * np.pi, 181), np.full(181, layer.at), color=SOFT, linestyle="--", linewidth=1)
        else:
            for name, rows in layer.split(figure.data):
                _line(axes, layer, rows, series(place, layer.colours), name.text(language) or None)
                place += 1
    axes.set_ylim(0, outermost(figure))
    axes.set_xticks(np.arange(0, 2 * np.pi, np.pi / 4), [word.text(language) for word in DIRECTIONS])
    axes.tick_params(axis="y", labelsize=7)
    axes.set_rlabel_position(338)
    if figure.y.label(language):
        axes.set_xlabel(figure.y.label(language), fontsize=8, color=SOFT)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0))
    if figure.scale and figure.scale.shown:
        bar(axes, figure, figure.scale, language)


def _tiles(axes: Any, figure: Specification, layer: Layer) -> None:
    rows = layer.rows(figure.data)
    directions = rows[layer.x].unique().sort().to_list()
    rings = rows[layer.y].unique().sort().to_list()
    grid = np.full((len(rings), len(directions)), np.nan)
    column, row = {value: at for at, value in enumerate(directions)}, {value: at for at, value in enumerate(rings)}
    for direction, ring, value in rows.select(layer.x, layer.y, layer.value).iter_rows():
        grid[row[ring], column[direction]] = np.nan if value is None else value
    norm, colours = colour_map(figure, figure.scale or Scale())
    wide, high = layer.step
    # Narrow pieces keep the arcs round.
    pieces = max(1, round(wide / 3))
    grid = np.repeat(grid, pieces, axis=1)
    first = directions[0] - wide / 2
    edges = np.radians(first + wide / pieces * np.arange(grid.shape[1] + 1))
    levels = [rings[0] - high / 2, *(ring + high / 2 for ring in rings)]
    axes.grid(visible=False)
    axes.pcolormesh(edges, levels, grid, norm=norm, cmap=colours)
    axes.grid(visible=True, linewidth=0.4)


def _sectors(axes: Any, figure: Specification, layer: Layer, language: str) -> None:
    directions = figure.data[layer.x].unique().sort()
    base = np.zeros(len(directions))
    for place, (name, rows) in enumerate(layer.split(figure.data)):
        joined = pl.DataFrame({layer.x: directions}).join(rows, on=layer.x, how="left").sort(layer.x)
        height = joined[layer.y].cast(pl.Float64).fill_null(0.0).to_numpy()
        width = np.radians(layer.step[0] * 0.88)
        axes.bar(
            np.radians(directions.to_numpy()),
            height,
            width=width,
            bottom=base,
            color=series(place, layer.colours),
            label=name.text(language),
        )
        base = base + height


def _line(axes: Any, layer: Layer, rows: pl.DataFrame, paint: str, label: str | None) -> None:
    angle = np.radians(rows[layer.x].cast(pl.Float64).to_numpy())
    reach = rows[layer.y].cast(pl.Float64).to_numpy()
    if layer.mark == "point":
        axes.scatter(angle, reach, s=36, color=paint, label=label, zorder=4)
        return
    closed = np.append(angle, angle[:1] + 2 * np.pi), np.append(reach, reach[:1])
    axes.plot(*closed, color=paint, label=label, linestyle="--" if layer.dashed else "-")
