"""Share of each class of water by month, for the sections of a city. · 全市各月水质类别比例。

Run: python examples/water_month_report.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import samples, water
from bilan.science.figures import Axis, Figure, Layer, Words

months = water.evaluate_periods(samples.sections(count=40), "month").with_columns(month=pl.col("start").dt.month())
shares = months.group_by("month", "grade").agg(share=pl.len() * 100 / 40).sort("month", "grade")
known = water.water_classes()

figure = Figure(
    title=Words("各月水质类别比例", "Share of the classes by month"),
    data=shares,
    x=Axis(Words("月", "Month"), kind="category", categories=tuple((str(month), Words(en=str(month))) for month in range(1, 13))),
    y=Axis(Words("断面比例", "Share of sections"), "%", lower=0, upper=100),
    layers=(
        Layer(
            "bar",
            x="month",
            y="share",
            by="grade",
            groups=tuple((str(one.grade), Words(one.name_zh, one.name_en)) for one in known),
            colours=tuple(one.colour for one in known),
            stack=True,
        ),
    ),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["water_month_report.svg"]))
