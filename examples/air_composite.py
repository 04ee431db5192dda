"""Composite index of the districts, one bar from six single indices. · 各区环境空气质量综合指数及其构成。

Run: python examples/air_composite.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import air, samples
from bilan.science.figures import Axis, Figure, Layer, Words

hours = samples.air_hours(365, points=[place for place, _ in samples.PLACES])
years = air.composite_index(air.judge_days(hours), "year")
symbols = {f"index_{known.column}": known.symbol for known in air.pollutants()}
parts = years.unpivot(list(symbols), index=["point", "composite"], variable_name="part", value_name="index")
parts = parts.with_columns(text=pl.col("composite").round(2).cast(pl.String))

figure = Figure(
    title=Words("综合指数（越小越好）", "Composite index (smaller is better)"),
    data=parts,
    x=Axis(kind="category", categories=samples.PLACES),
    y=Axis(Words("综合指数", "Composite index"), lower=0),
    layers=(
        Layer("bar", x="point", y="index", by="part", groups=tuple((key, Words(en=name)) for key, name in symbols.items()), stack=True),
        Layer("text", x="point", y="composite", text="text", where=(("part", "index_so2"),)),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["air_composite.svg"]))
