"""From where a pollutant comes, and how sure that is. · 污染来向及其区间。

Run: python examples/source_direction.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.source_direction(samples.air_hours(365), "so2", resamples=40).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["source_direction.svg"]))
