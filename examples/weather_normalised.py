"""Nitrogen dioxide with the luck of the weather taken out. · 二氧化氮气象归一化。

Run: python examples/weather_normalised.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys
from datetime import date

from bilan.science import samples, stats

hours = samples.air_hours(2 * 365, begin=date(2024, 1, 1), fall=0.1)
weather = ("wind_speed", "wind_dir", "temp", "rh", "press")
figure = stats.normalise_weather(hours, "no2", weather=weather, resamples=8, rounds=60, threads=1).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["weather_normalised.svg"]))
