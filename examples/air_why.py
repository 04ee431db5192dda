"""One hour judged by the old and the new standard: which index decides, and why. · 同一小时按新旧标准评价：谁决定，为什么。

Run: python examples/air_why.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys
from datetime import datetime

import polars as pl

from bilan.science import air
from bilan.science.figures import Axis, Figure, Layer, Words

HOUR = {"so2": 9, "no2": 41, "co": 0.8, "o3": 64, "pm10": 119, "pm25": 61}
MOMENTS = (datetime(2026, 2, 28, 23), datetime(2026, 3, 1, 0))

answers = [air.explain({"start": moment, **HOUR}) for moment in MOMENTS]
parts = [{"version": why.version, "symbol": part.symbol, "index": part.index} for why in answers for part in why.parts]

figure = Figure(
    title=Words("同样的浓度，两版标准", "The same hour under two editions"),
    data=pl.DataFrame(parts),
    x=Axis(kind="category", categories=tuple((known.symbol, Words(en=known.symbol)) for known in air.pollutants())),
    y=Axis(Words("空气质量分指数", "Individual index (IAQI)"), lower=0, upper=160),
    layers=(
        Layer("bar", x="symbol", y="index", by="version", groups=(("2012", Words("HJ 633—2012")), ("2026", Words("HJ 633—2026")))),
        Layer("rule", at=100, name=Words("优良上限 100", "Good up to 100")),
    ),
    note=Words(*(" | ".join(why.text(language).split(" · ")[0] for why in answers) for language in ("zh-hans", "en"))),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["air_why.svg"]))
