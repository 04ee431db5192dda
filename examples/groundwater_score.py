"""Composite score F of the wells beside their single class. · 地下水综合评价 F 值与单指标类别对照。

Run: python examples/groundwater_score.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import groundwater, samples
from bilan.science.figures import Axis, Figure, Layer, Words

wells = groundwater.composite_score(groundwater.judge(samples.wells(60))).with_columns(pl.col("grade").cast(pl.String))
grades = tuple((str(at + 1), Words(f"{numeral}类", f"Class {numeral}")) for at, numeral in enumerate("ⅠⅡⅢⅣⅤ"))

figure = Figure(
    title=Words("综合评分与单指标类别", "Composite score and worst item"),
    data=wells,
    x=Axis(Words("单指标评价类别", "Class by the worst item"), kind="category", categories=grades),
    y=Axis(Words("综合评分 F", "Composite score F"), lower=0),
    layers=(
        Layer("point", x="grade", y="score"),
        Layer("rule", at=2.5, name=Words("良好", "good")),
        Layer("rule", at=4.25, name=Words("较差", "poor")),
        Layer("rule", at=7.2, name=Words("极差", "very poor")),
    ),
    note=Words("虚构数据；F 值法出自已废止的 1993 版", "Invented data; the score is of the edition of 1993, no longer in force"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["groundwater_score.svg"]))
