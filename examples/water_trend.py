"""Ammonia of three sections over eight years, and which trend is significant. · 三个断面八年氨氮变化及秩相关检验。

Run: python examples/water_trend.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys
from datetime import date

import polars as pl

from bilan.science import samples, water
from bilan.science.figures import Axis, Figure, Layer, Words

years = (
    water.evaluate_periods(samples.sections(months=96, count=3, begin=date(2018, 1, 1)), "year")
    .with_columns(year=pl.col("start").dt.year())
    .sort("year")
)
found = {row["point"]: row for row in water.spearman_trend(years, "nh3n").iter_rows(named=True)}
DIRECTIONS = {"falling": Words("显著下降", "falling"), "rising": Words("显著上升", "rising"), "none": Words("无显著变化", "no trend")}
names = tuple(
    (point, Words(f"{point} {DIRECTIONS[row['direction']].zh}", f"{point} {DIRECTIONS[row['direction']].en} (rs {row['rs']:.2f})"))
    for point, row in sorted(found.items())
)

figure = Figure(
    title=Words("氨氮年均值", "Annual means of ammonia nitrogen"),
    data=years,
    x=Axis(kind="category"),
    y=Axis(Words("氨氮", "NH3-N"), "mg/L", lower=0),
    layers=(
        Layer("line", x="year", y="nh3n", by="point", groups=names),
        Layer("rule", at=1.0, name=Words("Ⅲ类限值", "Limit of class III")),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["water_trend.svg"]))
