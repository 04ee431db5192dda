"""Which winds bring which sulphur dioxide. · 二氧化硫污染玫瑰图。

Run: python examples/pollution_rose.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.pollution_rose(samples.air_hours(365), "so2").figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["pollution_rose.svg"]))
