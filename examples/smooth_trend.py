"""Smooth trend of fine particles: when did it turn. · 细颗粒物平滑趋势。

Run: python examples/smooth_trend.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys
from datetime import date

from bilan.science import samples, stats

hours = samples.air_hours(6 * 365, begin=date(2019, 1, 1), fall=0.06)
figure = stats.smooth_trend(hours, "pm25").figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["smooth_trend.svg"]))
