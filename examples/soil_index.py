"""Nemerow index of farmland with the distance from a smelter. · 农用地内梅罗指数随距离的变化。

Run: python examples/soil_index.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import samples, soil
from bilan.science.figures import Axis, Figure, Layer, Words

found = soil.pollution_index(samples.soils()).with_columns(pl.col("grade").cast(pl.String))
classes = tuple((str(grade), Words(words.zh, words.en)) for grade, words in soil.FARMLAND.items())

figure = Figure(
    title=Words("农用地土壤综合污染指数", "Nemerow index of farmland soil"),
    data=found,
    x=Axis(Words("距旧冶炼厂", "Distance from the old smelter"), "km", lower=0),
    y=Axis(Words("内梅罗指数", "Nemerow index"), lower=0),
    layers=(
        Layer("point", x="distance", y="nemerow", by="grade", groups=classes, colours=("#0f766e", "#a04a06", "#be185d")),
        Layer("rule", at=1.0, name=Words("风险筛选值", "Screening values")),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["soil_index.svg"]))
