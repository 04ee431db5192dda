"""Sulphur dioxide by wind speed and direction, a plot a season, on one scale. · 分季节的二氧化硫极坐标图。

Run: python examples/polar_seasons.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.polar_plot(samples.air_hours(365), "so2", by="season").figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["polar_seasons.svg"]))
