"""Places of like wind and like sulphur dioxide in the polar plot: which hours belong together. · 二氧化硫极坐标图聚类。

Run: python examples/polar_clusters.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.polar_clusters(samples.air_hours(365), "so2", clusters=4).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["polar_clusters.svg"]))
