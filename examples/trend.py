"""Trend of fine particles over six years with its band. · 细颗粒物六年趋势及其置信带。

Run: python examples/trend.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys
from datetime import date

from bilan.science import samples, stats

hours = samples.air_hours(6 * 365, begin=date(2019, 1, 1), fall=0.06)
figure = stats.trend(hours, "pm25", resamples=200).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["trend.svg"]))
