"""The class of every section and month in the official colours. · 各断面逐月水质类别。

Run: python examples/water_classes.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import samples, water
from bilan.science.figures import Axis, Figure, Layer, Scale, Step, Words

months = water.evaluate_periods(samples.sections(), "month").with_columns(month=pl.col("start").dt.month())
classes = [Step(known.grade, known.colour, Words(known.name_zh, known.name_en)) for known in water.water_classes()]
names = tuple((str(month), Words(en=str(month))) for month in range(1, 13))

figure = Figure(
    title=Words("各断面逐月水质类别（2025 年）", "Class of each section by month, 2025"),
    data=months,
    x=Axis(Words("月", "Month"), kind="category", categories=names),
    y=Axis(Words("断面", "Section"), kind="category", inverse=True),
    layers=(Layer("tile", x="month", y="point", value="grade"),),
    scale=Scale(Words("类别", "Class"), lower=0.5, steps=tuple(classes)),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["water_classes.svg"]))
