"""Eutrophication of the stations graded by the two scales in use. · 两种分级下的海水富营养化。

Run: python examples/sea_eutrophication.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import samples, sea
from bilan.science.figures import Axis, Figure, Layer, Words

SCALES = {
    "bulletin": (Words("公报分级", "Bulletin"), (1, 3, 9)),
    "hj442": (Words("HJ 442 分级", "HJ 442"), (1, 2, 5, 15)),
}
stations = sea.eutrophication(samples.sea_stations()).sort("eutrophication")
order = tuple((point, Words(en=point)) for point in stations["point"])


def part(scale: str) -> Figure:
    """Stations in order with the bounds of one scale."""
    graded = sea.eutrophication(stations, scale).with_columns(pl.col("eutrophication_grade").cast(pl.String))
    name, bounds = SCALES[scale]
    grades = graded["eutrophication_grade"].unique().sort()
    groups = tuple((grade, Words(f"{grade} 级", f"Grade {grade}")) for grade in grades)
    return Figure(
        title=name,
        data=graded,
        x=Axis(Words("站位", "Station"), kind="category", categories=order),
        y=Axis(Words("富营养化指数", "Eutrophication index"), lower=0),
        layers=(
            Layer("point", x="point", y="eutrophication", by="eutrophication_grade", groups=groups),
            *(Layer("rule", at=bound, name=Words(en=str(bound))) for bound in bounds),
        ),
    )


figure = Figure(
    title=Words("富营养化指数及分级", "Eutrophication index and its grades"),
    data=stations,
    parts=tuple(part(scale) for scale in SCALES),
    note=Words("虚构数据；两种分级均未核对原文", "Invented data; both scales are from recollection"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["sea_eutrophication.svg"]))
