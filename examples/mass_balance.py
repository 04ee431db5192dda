"""Loads of a river section by section: what no known source explains. · 沿程负荷收支与不明来源。

Run: python examples/mass_balance.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import networks, samples
from bilan.science.figures import Axis, Figure, Layer, Words

NAMES = (("bridge", Words("大桥", "Bridge")), ("weir", Words("水闸", "Weir")), ("mouth", Words("河口", "Mouth")))
GROUPS = {"arriving": Words("上游来量", "From above"), "known": Words("已知源", "Known sources"), "residual": Words("差额", "Unexplained")}
nodes, links = samples.reaches()
measured = pl.DataFrame({"node": ["bridge", "weir", "mouth"], "load": [690.0, 2380.0, 2150.0], "error": [60.0, 120.0, 110.0]})
known = nodes.filter(pl.col("load") > 0).select("node", "load")
found = networks.residuals(networks.network(nodes, links), measured, known, decay=0.05)
parts = found.unpivot(list(GROUPS), index="node", variable_name="kind", value_name="amount")

figure = Figure(
    title=Words("氨氮负荷收支", "Balance of ammonia nitrogen"),
    data=parts,
    x=Axis(kind="category", categories=NAMES),
    y=Axis(Words("负荷", "Load"), "kg/d"),
    layers=(Layer("bar", x="node", y="amount", by="kind", groups=tuple(GROUPS.items())),),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["mass_balance.svg"]))
