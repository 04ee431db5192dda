"""What each wind brings to the monthly mean of sulphur dioxide. · 各风向对二氧化硫月均值的贡献。

Run: python examples/time_proportion.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.time_proportion(samples.air_hours(365), "so2", every="month").figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["time_proportion.svg"]))
