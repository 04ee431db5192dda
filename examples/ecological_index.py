"""Ecological index of the districts and what each part earns. · 各区生态环境状况指数及构成。

Run: python examples/ecological_index.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.pack.scores import load
from bilan.science import samples, scores
from bilan.science.figures import Axis, Figure, Layer, Words

table = load()["ecological-index"]
districts = pl.DataFrame(
    {
        "place": [place for place, _ in samples.PLACES],
        "richness": [72, 55, 64, 41, 80],
        "vegetation": [85, 62, 70, 48, 90],
        "water_network": [40, 55, 35, 30, 45],
        "stress": [12, 30, 20, 42, 8],
        "pollution": [15, 35, 25, 48, 10],
    }
)
judged = scores.judge(table, districts)
parts = judged.unpivot([f"points_{item.name}" for item in table.items], index=["place", "score"], variable_name="item", value_name="points")
parts = parts.with_columns(pl.col("points") * 100, text=pl.col("score").cast(pl.String))

figure = Figure(
    title=Words("生态环境状况指数（EI）", "Ecological index (EI)"),
    data=parts,
    x=Axis(kind="category", categories=samples.PLACES),
    y=Axis(Words("得分", "Points"), lower=0, upper=100),
    layers=(
        Layer(
            "bar",
            x="place",
            y="points",
            by="item",
            groups=tuple((f"points_{item.name}", Words(item.title.zh, item.title.en)) for item in table.items),
            stack=True,
        ),
        Layer("text", x="place", y="score", text="text", where=(("item", "points_richness"),)),
    ),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["ecological_index.svg"]))
