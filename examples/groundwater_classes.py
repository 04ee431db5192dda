"""Classes of the wells of each district. · 各区地下水井水质类别。

Run: python examples/groundwater_classes.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import groundwater, samples
from bilan.science.figures import Axis, Figure, Layer, Words

COLOURS = ("#5b9bd5", "#9dd7c8", "#fff2a8", "#f4b183", "#d9534f")
areas = groundwater.evaluate_areas(groundwater.judge(samples.wells(60)), "area")
parts = areas.unpivot([f"class_{grade}" for grade in range(1, 6)], index="area", variable_name="class", value_name="count")

figure = Figure(
    title=Words("地下水水质类别（GB/T 14848—2017）", "Classes of groundwater (GB/T 14848-2017)"),
    data=parts,
    x=Axis(kind="category", categories=samples.PLACES),
    y=Axis(Words("井数", "Wells"), lower=0),
    layers=(
        Layer(
            "bar",
            x="area",
            y="count",
            by="class",
            groups=tuple((f"class_{at + 1}", Words(f"{numeral}类", f"Class {numeral}")) for at, numeral in enumerate("ⅠⅡⅢⅣⅤ")),
            colours=COLOURS,
            stack=True,
        ),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["groundwater_classes.svg"]))
