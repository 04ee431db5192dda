"""Which winds bring the highest tenth of sulphur dioxide. · 二氧化硫高值的条件概率（CPF）。

Run: python examples/probability.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import samples, stats

figure = stats.cpf(samples.air_hours(365), "so2").figure

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["probability.svg"]))
