"""Bias and error of three models in a target diagram. · 三个模型的目标图。

Run: python examples/target.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.target(samples.forecasts()).figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["target.svg"]))
