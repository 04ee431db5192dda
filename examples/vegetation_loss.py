"""Where vegetation was lost between two pictures, and how much. · 植被损失图斑。

Run: python examples/vegetation_loss.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import ecology, samples
from bilan.science.figures import Axis, Figure, Layer, Scale, Words

before, after = samples.raster_pair()
found = ecology.vegetation_change(before, after, 10, least=0.1)
side = len(before)
data = pl.DataFrame(
    {
        "row": [row for row in range(side) for _ in range(side)],
        "column": [column for _ in range(side) for column in range(side)],
        "change": (after - before).ravel().round(3),
    }
)
patches = pl.DataFrame(
    [{"row": round(one.row + 1.15 * one.pixels**0.5), "column": round(one.column), "area": f"{one.area:.1f} ha"} for one in found.patches]
)
metres = tuple((str(at), Words(en=str(at * 10))) for at in range(side))

figure = Figure(
    title=Words(f"植被损失 {found.area:.1f} 公顷，{len(found.patches)} 处", f"{found.area:.1f} ha lost in {len(found.patches)} places"),
    data=pl.concat([data.with_columns(kind=pl.lit("change")), patches.with_columns(kind=pl.lit("patch"))], how="diagonal"),
    x=Axis(Words("东", "East"), "m", categories=metres),
    y=Axis(Words("南", "South"), "m", categories=metres, inverse=True),
    equal=True,
    layers=(
        Layer("tile", x="column", y="row", value="change", where=(("kind", "change"),)),
        Layer("text", x="column", y="row", text="area", where=(("kind", "patch"),)),
    ),
    scale=Scale(Words("植被指数变化", "Change of NDVI"), palette="diverging", lower=-0.5, upper=0.5),
    note=Words("左上角为云；虚构数据", "Clouds in the corner; invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["vegetation_loss.svg"]))
