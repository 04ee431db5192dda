"""Sulphur dioxide of a stack as measured and converted, with the hours over the limit. · 烟气二氧化硫实测、折算与超标小时。

Run: python examples/emissions_hours.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import emissions, samples
from bilan.science.figures import Axis, Figure, Layer, Words

hours = emissions.judge(samples.stack_hours(), "ultra-low-coal-2015")
counted = pl.col("status") == "valid"
hours = hours.with_columns(pl.when(counted).then(pl.col("so2", "converted_so2"))).with_columns(over=pl.col("attained").eq(False) & counted)
limit = hours["limit_so2"].drop_nulls()[0]

figure = Figure(
    title=Words("二氧化硫：实测、折算与限值", "SO2 measured, converted and its limit"),
    data=hours,
    x=Axis(kind="time"),
    y=Axis(Words("浓度", "Concentration"), "mg/m³", lower=0),
    layers=(
        Layer("line", x="start", y="so2", name=Words("实测", "Measured"), smooth=True, dashed=True),
        Layer("line", x="start", y="converted_so2", name=Words("折算", "At reference oxygen"), smooth=True),
        Layer("point", x="start", y="converted_so2", where=(("over", True),), name=Words("超标", "Over the limit"), colours=("#be185d",)),
        Layer("rule", at=limit, name=Words("超低排放限值", "Ultra-low limit")),
    ),
    note=Words("空缺为停运、启动或校准；虚构数据", "Gaps: stopped, starting or calibrating; invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["emissions_hours.svg"]))
