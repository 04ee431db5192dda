"""Amounts of nitrogen oxides, measured and substituted by HJ 75. · 氮氧化物排放量及按 HJ 75 替代的小时。

Run: python examples/emissions_substitution.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import emissions, samples
from bilan.science.figures import Axis, Figure, Layer, Words

# A fault of half a day: nothing valid was measured.
faulty = pl.col("index").is_between(60, 74)
hours = samples.stack_hours(7).with_row_index().with_columns(flag=pl.when(faulty).then(pl.lit("D")).otherwise("flag"))
filled = emissions.substitute(emissions.with_amounts(hours, ["nox"]), ["nox"])
filled = filled.with_columns(kind=pl.when(pl.col("window_nox") > 0).then(pl.lit("filled")).otherwise(pl.lit("measured")))
share = filled["capture_nox"].drop_nulls()[0]

figure = Figure(
    title=Words(f"氮氧化物逐时排放量（有效数据捕集率 {share:.1f}%）", f"NOx of each hour (valid data {share:.1f} %)"),
    data=filled,
    x=Axis(kind="time"),
    y=Axis(Words("排放量", "Amount"), "kg/h", lower=0),
    layers=(
        Layer(
            "point",
            x="start",
            y="amount_nox",
            by="kind",
            groups=(("measured", Words("实测", "Measured")), ("filled", Words("替代", "Substituted"))),
            colours=("#0b6bcb", "#be185d"),
        ),
    ),
    note=Words("零为停运；虚构数据", "Zero: stopped; invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["emissions_substitution.svg"]))
