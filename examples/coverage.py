"""How complete a year of measurements is, month by month. · 各参数逐月数据有效率。

Run: python examples/coverage.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import polars as pl

from bilan.science import samples, stats

hours = samples.air_hours(365)
month = pl.col("start").dt.month()
gaps = hours.with_columns(
    pl.when(month != 3).then("o3").alias("o3"),
    pl.when(~month.is_in([7, 8]) | (pl.col("start").dt.day() > 20)).then("pm10").alias("pm10"),
    pl.when(pl.int_range(pl.len()) % 9 != 0).then("co").alias("co"),
)
figure = stats.coverage(gaps, ["so2", "no2", "o3", "pm10", "pm25", "co"]).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["coverage.svg"]))
