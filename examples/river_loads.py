"""Nitrogen load of a river by year, and with the flow taken out. · 河流总氮年通量与流量归一化通量。

Run: python examples/river_loads.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import networks, samples

figure = networks.load_figure(networks.loads(*samples.river_record(), method="rating"), first_month=1)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["river_loads.svg"]))
