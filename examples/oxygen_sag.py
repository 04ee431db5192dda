"""Dissolved oxygen along the river below a town. · 溶解氧氧垂曲线。

Run: python examples/oxygen_sag.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import numpy as np
import polars as pl

from bilan.science import networks
from bilan.science.figures import Axis, Figure, Layer, Words

SATURATION = 8.6
days = np.linspace(0, 8, 161)
worst = networks.sag(18.0, 1.2, decay=0.35, reaeration=0.65)
oxygen = SATURATION - networks.deficit(days, 18.0, 1.2, decay=0.35, reaeration=0.65)
lowest = SATURATION - worst.deficit

figure = Figure(
    title=Words(f"氧垂曲线：{worst.days:.1f} d 处最低 {lowest:.1f} mg/L", f"Oxygen sag: lowest {lowest:.1f} mg/L after {worst.days:.1f} d"),
    data=pl.DataFrame({"day": days, "oxygen": oxygen}),
    x=Axis(Words("流行时间", "Travel time"), "d", lower=0, upper=8),
    y=Axis(Words("溶解氧", "Dissolved oxygen"), "mg/L", lower=0, upper=10),
    layers=(
        Layer("line", x="day", y="oxygen", smooth=True, name=Words("溶解氧", "Dissolved oxygen")),
        Layer("rule", at=5.0, name=Words("Ⅲ类", "Class III")),
        Layer("rule", at=2.0, name=Words("Ⅴ类", "Class V")),
        Layer("rule", along="x", at=worst.days),
    ),
    note=Words("斯特里特—菲尔普斯模型；虚构数据", "Streeter and Phelps; invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["oxygen_sag.svg"]))
