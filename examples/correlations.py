"""Which pollutants go together, and with which weather. · 污染物与气象要素的相关矩阵。

Run: python examples/correlations.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.correlations(samples.air_hours(365), ["so2", "no2", "o3", "pm10", "pm25", "co", "wind_speed", "temp", "rh"]).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["correlations.svg"]))
