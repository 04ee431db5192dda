"""Fine particles beside all particles: the ratio of each month. · PM2.5 与 PM10 的线性关系及逐月斜率。

Run: python examples/relation.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.relation(samples.air_hours(365), "pm10", "pm25").figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["relation.svg"]))
