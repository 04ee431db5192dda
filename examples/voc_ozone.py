"""The ten species that form most ozone. · 臭氧生成潜势前十物种。

Run: python examples/voc_ozone.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import samples, voc
from bilan.science.figures import Axis, Figure, Layer, Words

NAMES = {"alkane": "烷烃", "alkene": "烯烃", "alkyne": "炔烃", "aromatic": "芳香烃"}
KINDS = tuple((kind, Words(zh, f"{kind}s")) for kind, zh in NAMES.items())
top = voc.top_species(samples.voc_hours(), "ofp", unit="ppb")
names = {item: Words(zh, en) for item, zh, en in top.select("species", "name_zh", "name_en").rows()}

figure = Figure(
    title=Words(f"臭氧生成潜势前十（占 {top['share'].sum():.0%}）", f"Ten species that form most ozone ({top['share'].sum():.0%})"),
    data=top.with_columns(pl.col("mean").round(2)),
    x=Axis(Words("臭氧生成潜势", "Ozone formation potential"), "µg/m³", lower=0),
    y=Axis(kind="category", categories=tuple(names.items()), inverse=True),
    layers=(Layer("bar", x="mean", y="species", by="kind", groups=KINDS, stack=True),),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["voc_ozone.svg"]))
