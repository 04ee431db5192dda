"""What each works may let in so that every section meets its target. · 断面达标约束下的容量分配。

Run: python examples/capacity.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import networks, samples
from bilan.science.figures import Axis, Figure, Layer, Words

NAMES = (("dyeworks", Words("印染厂", "Dye works")), ("farms", Words("养殖场", "Farms")), ("town", Words("污水厂", "Sewage works")))
nodes, links = samples.reaches()
works = nodes.filter(kind="works").select(source="node", current="load", least=pl.col("load") * 0.3, most="load").sort("source")
sections = pl.DataFrame({"section": ["bridge", "weir", "mouth"], "flow": [6.0, 14.0, 16.0], "limit": 1.0, "background": 0.25})
matrix = networks.response(networks.network(nodes, links), works["source"].to_list(), sections, decay=0.15)
found = networks.capacity(matrix, works, sections)
parts = found.sources.unpivot(["current", "allowed"], index="source", variable_name="kind", value_name="load")

figure = Figure(
    title=Words(f"水环境容量分配（可用 {found.total:.0f} kg/d）", f"Allotted capacity ({found.total:.0f} kg/d)"),
    data=parts,
    x=Axis(kind="category", categories=NAMES),
    y=Axis(Words("氨氮负荷", "Load of NH3-N"), "kg/d", lower=0),
    layers=(
        Layer("bar", x="source", y="load", by="kind", groups=(("current", Words("现状", "Now")), ("allowed", Words("允许", "Allowed")))),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["capacity.svg"]))
