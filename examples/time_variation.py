"""Nitrogen dioxide by hour, weekday and month, with intervals. · 二氧化氮的日、周、月变化。

Run: python examples/time_variation.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.time_variation(samples.air_hours(365), "no2").figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["time_variation.svg"]))
