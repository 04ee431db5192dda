"""Classes of sea water between the stations, and the share of good area. · 海水水质分布与优良面积比例。

Run: python examples/sea_area.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import numpy as np
import polars as pl

from bilan.science import samples, sea
from bilan.science.figures import Axis, Figure, Layer, Scale, Step, Words

COLOURS = ("#5b9bd5", "#9dd7c8", "#fff2a8", "#f4b183", "#d9534f")
NAMES = (Words("一类", "I"), Words("二类", "II"), Words("三类", "III"), Words("四类", "IV"), Words("劣四类", "worse"))

stations = samples.sea_stations()
found = sea.area_shares(stations, waters=[[[120.0, 25.0], [120.6, 25.0], [120.6, 25.4], [120.0, 25.4]]], resamples=20)
grid = {axis: found.cells[axis].unique().sort().to_numpy() for axis in ("lon", "lat")}
nearest = {axis: grid[axis][np.abs(grid[axis][None, :] - stations[axis].to_numpy()[:, None]).argmin(axis=1)] for axis in grid}
places = pl.DataFrame({**nearest, "station": [True] * stations.height})
axes = {axis: tuple((str(value), Words(en=f"{value:.2f}")) for value in grid[axis]) for axis in grid}

figure = Figure(
    title=Words(
        f"优良面积 {found.good:.0%}（±{2 * (found.good_deviation or 0):.0%}），站位比例 {found.points_good:.0%}",
        f"Good area {found.good:.0%} (±{2 * (found.good_deviation or 0):.0%}), good stations {found.points_good:.0%}",
    ),
    data=pl.concat([found.cells.select("lon", "lat", "grade", station=pl.lit(False)), places], how="diagonal"),
    x=Axis(Words("经度", "Longitude"), "°", kind="category", categories=axes["lon"]),
    y=Axis(Words("纬度", "Latitude"), "°", kind="category", categories=axes["lat"]),
    equal=True,
    layers=(
        Layer("tile", x="lon", y="lat", value="grade", where=(("station", False),)),
        Layer("point", x="lon", y="lat", where=(("station", True),), colours=("#16242f",)),
    ),
    scale=Scale(Words("海水水质", "Class"), lower=0.5, steps=tuple(Step(at + 1, one, NAMES[at]) for at, one in enumerate(COLOURS))),
    note=Words("圆点为站位；虚构数据", "Dots: stations; invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["sea_area.svg"]))
