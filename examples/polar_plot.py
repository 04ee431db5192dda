"""Sulphur dioxide by wind speed and direction: the works to the south-west shows. · 二氧化硫风速风向极坐标图。

Run: python examples/polar_plot.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.polar_plot(samples.air_hours(365), "so2").figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["polar_plot.svg"]))
