"""Benzene beside toluene: which sources the ratio points to. · 苯/甲苯比值与来源。

Run: python examples/voc_ratios.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import samples, voc
from bilan.science.figures import Axis, Figure, Layer, Scale, Words

hours = voc.ratios(samples.voc_hours(), unit="ppb").with_columns(hour=pl.col("start").dt.hour().cast(pl.Float64))
reach, middle = hours["toluene"].max(), hours["ratio_bt"].median()
lines = pl.DataFrame({"line_x": [0.0, reach] * 2, "line_y": [0.0, 0.5 * reach, 0.0, 0.2 * reach], "line": ["0.5", "0.5", "0.2", "0.2"]})

figure = Figure(
    title=Words(f"苯与甲苯（比值中位数 {middle:.2f}）", f"Benzene and toluene (median ratio {middle:.2f})"),
    data=pl.concat([hours, lines], how="diagonal"),
    x=Axis(Words("甲苯", "Toluene"), "ppb", lower=0),
    y=Axis(Words("苯", "Benzene"), "ppb", lower=0),
    layers=(
        Layer("point", x="toluene", y="benzene", value="hour"),
        Layer("line", x="line_x", y="line_y", where=(("line", "0.5"),), name=Words("0.5 机动车", "0.5 traffic"), dashed=True, smooth=True),
        Layer("line", x="line_x", y="line_y", where=(("line", "0.2"),), name=Words("0.2 溶剂", "0.2 solvents"), dashed=True, smooth=True),
    ),
    scale=Scale(Words("时", "Hour of day"), lower=0, upper=23),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["voc_ratios.svg"]))
