"""How often the wind comes from where, and how strong. · 风玫瑰图。

Run: python examples/wind_rose.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.wind_rose(samples.air_hours(365), sector=22.5).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["wind_rose.svg"]))
