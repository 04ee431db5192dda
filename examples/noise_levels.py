"""L10 to L90 of each hour as a band around L50, with Leq. · 累积百分声级 L10～L90 与等效声级。

Run: python examples/noise_levels.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import noise, samples
from bilan.science.figures import Axis, Figure, Layer, Words

hours = noise.statistics(samples.noise_minutes().filter(pl.col("point") == "shops")).sort("start")

figure = Figure(
    title=Words("商业街逐时声级", "A street of shops, hour by hour"),
    data=hours,
    x=Axis(kind="time"),
    y=Axis(Words("声级", "Level"), "dB(A)"),
    layers=(
        Layer("band", x="start", lower="l90", upper="l10"),
        Layer("line", x="start", y="l50", name=Words("L50（阴影为 L90～L10）", "L50 (band L90 to L10)"), smooth=True),
        Layer("line", x="start", y="leq", name=Words("Leq", "Leq"), smooth=True, dashed=True),
        Layer("rule", at=60, name=Words("2 类昼间限值", "Limit of zone 2 by day")),
        Layer("rule", at=50, name=Words("2 类夜间限值", "Limit of zone 2 at night")),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["noise_levels.svg"]))
