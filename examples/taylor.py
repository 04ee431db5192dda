"""Three models beside the measurements in one Taylor diagram. · 三个模型的泰勒图。

Run: python examples/taylor.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.taylor(samples.forecasts()).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["taylor.svg"]))
