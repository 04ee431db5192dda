"""Wind by day and by night: the breeze turns. · 昼夜风玫瑰对照。

Run: python examples/rose_daylight.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.wind_rose(samples.air_hours(365), by="daylight", place=stats.Place(39.9, 116.4)).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["rose_daylight.svg"]))
