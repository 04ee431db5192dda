"""Dustfall of the districts against the regional target. · 各区降尘量与区域目标。

Run: python examples/dustfall_target.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import dustfall, samples
from bilan.science.figures import Axis, Figure, Layer, Words

found = dustfall.judge(pl.DataFrame({"place": [place for place, _ in samples.PLACES], "dustfall": [6.4, 11.2, 9.6, 8.8, 4.9]}), "jjj")
found = found.with_columns(pl.col("attained").cast(pl.String))

figure = Figure(
    title=Words("降尘量", "Dustfall"),
    data=found,
    x=Axis(kind="category", categories=samples.PLACES),
    y=Axis(Words("降尘量", "Dustfall"), "t/(km²·30 d)", lower=0),
    layers=(
        Layer(
            "bar",
            x="place",
            y="dustfall",
            by="attained",
            groups=(("true", Words("达标", "Within")), ("false", Words("超标", "Over"))),
            colours=("#0f766e", "#be185d"),
            stack=True,
        ),
        Layer("rule", at=found["limit_dustfall"][0], name=Words("目标", "Target")),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["dustfall_target.svg"]))
