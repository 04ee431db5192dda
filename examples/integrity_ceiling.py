"""A monitor that never shows more than its limit: the hours that pile up. · 在线监测数据“顶格”异常。

Run: python examples/integrity_ceiling.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import integrity, samples
from bilan.science.figures import Axis, Figure, Layer, Words

LIMIT = 50.0
hours = samples.stack_hours(10).with_columns(nox=(pl.col("nox") * 1.5).clip(upper_bound=45.5))
found = integrity.clipped(hours, "nox", limit=LIMIT, running="running")

figure = Figure(
    title=Words("疑似被截断的氮氧化物", "NOx that seems cut off"),
    data=found,
    x=Axis(kind="time"),
    y=Axis(Words("氮氧化物", "NOx"), "mg/m³"),
    layers=(
        Layer("line", x="start", y="nox", smooth=True, name=Words("上传值", "As reported")),
        Layer("point", x="start", y="nox", where=(("clipped", True),), name=Words("疑似截断", "Suspect"), colours=("#be185d",)),
        Layer("rule", at=LIMIT, name=Words("限值", "Limit")),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["integrity_ceiling.svg"]))
