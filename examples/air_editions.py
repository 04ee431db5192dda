"""Good days of each district under the old and the new edition of HJ 633. · 新旧两版技术规定下各区优良天数。

Run: python examples/air_editions.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import air, samples
from bilan.science.figures import Axis, Figure, Layer, Words

hours = samples.air_hours(365, points=[place for place, _ in samples.PLACES])
years = air.good_days_by_edition(air.judge_days(hours)).with_columns(pl.col("share").round(1))

figure = Figure(
    title=Words("新旧标准下的优良天数比例", "Share of good days under both editions"),
    data=years,
    x=Axis(kind="category", categories=samples.PLACES),
    y=Axis(Words("优良天数比例", "Share of good days"), "%", lower=0, upper=100),
    layers=(Layer("bar", x="point", y="share", by="edition", groups=(("2012", Words("HJ 633—2012")), ("2026", Words("HJ 633—2026")))),),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["air_editions.svg"]))
