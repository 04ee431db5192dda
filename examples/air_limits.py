"""A year's statistics as parts of the limits of three editions of GB 3095. · 年评价值与 GB 3095 各版限值之比。

Run: python examples/air_limits.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import air, samples
from bilan.science.figures import Axis, Figure, Layer, Words

EDITIONS = (
    ("2012+A1:2018", Words("2012（含修改单）", "2012 with amendment")),
    ("2026 transition", Words("2026 过渡阶段", "2026, transition")),
    ("2026 final", Words("2026", "2026, final")),
)
NAMES = {"mean": "均值"}

years = air.limits_by_edition(air.judge_days(samples.air_hours(365))).drop_nulls("ratio")
years = years.with_columns(key=pl.col("pollutant") + " " + pl.col("statistic"))
known = {key: (pollutant, statistic) for key, pollutant, statistic in years.select("key", "pollutant", "statistic").rows()}
names = {key: Words(f"{one}\n{NAMES.get(two, two.upper())}", f"{one}\n{two}") for key, (one, two) in known.items()}

figure = Figure(
    title=Words("年评价值与限值之比", "Statistics of the year over their limits"),
    data=years,
    x=Axis(kind="category", categories=tuple(names.items())),
    y=Axis(Words("评价值/限值", "Value over limit"), lower=0),
    layers=(
        Layer("bar", x="key", y="ratio", by="edition", groups=EDITIONS),
        Layer("rule", at=1.0, name=Words("限值", "Limit")),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["air_limits.svg"]))
