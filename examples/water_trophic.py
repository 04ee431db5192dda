"""Trophic level index of two reservoirs against the grades. · 两座水库综合营养状态指数。

Run: python examples/water_trophic.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, water
from bilan.science.figures import Axis, Figure, Layer, Words

LAKES = (("L1", Words("水库甲", "Reservoir 1")), ("L2", Words("水库乙", "Reservoir 2")))
months = water.evaluate_lakes(samples.lakes(), "month").sort("start")

figure = Figure(
    title=Words("综合营养状态指数", "Trophic level index"),
    data=months,
    x=Axis(kind="time"),
    y=Axis(Words("TLI", "TLI"), lower=25, upper=70),
    layers=(
        Layer("line", x="start", y="tli", by="lake", groups=LAKES),
        Layer("rule", at=30, name=Words("中营养", "mesotrophic")),
        Layer("rule", at=50, name=Words("轻度富营养", "light eutrophic")),
        Layer("rule", at=60, name=Words("中度富营养", "moderate eutrophic")),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["water_trophic.svg"]))
