"""OH reactivity by hour of day and kind of species. · 各类挥发性有机物 OH 反应活性日变化。

Run: python examples/voc_reactivity.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import samples, voc
from bilan.science.figures import Axis, Figure, Layer, Words

NAMES = {"alkane": "烷烃", "alkene": "烯烃", "alkyne": "炔烃", "aromatic": "芳香烃"}
KINDS = tuple((kind, Words(zh, f"{kind}s")) for kind, zh in NAMES.items())
hours = voc.oh_reactivity(samples.voc_hours(), unit="ppb").with_columns(hour=pl.col("start").dt.hour())
means = hours.group_by("hour").agg(pl.mean(f"loh_{kind}").alias(kind) for kind in NAMES).sort("hour")
parts = means.unpivot(list(NAMES), index="hour", variable_name="kind", value_name="reactivity")

figure = Figure(
    title=Words("OH 反应活性日变化", "OH reactivity by hour of day"),
    data=parts,
    x=Axis(Words("时", "Hour"), kind="category"),
    y=Axis(Words("OH 反应活性", "OH reactivity"), "1/s", lower=0),
    layers=(
        Layer(
            "bar",
            x="hour",
            y="reactivity",
            by="kind",
            groups=KINDS,
            stack=True,
        ),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["voc_reactivity.svg"]))
