"""Profiles of four sources of particles found by PMF. · PMF 解析的四类源成分谱。

Run: python examples/pmf_profiles.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import receptor, samples

found = receptor.pmf(receptor.speciation(*samples.chemistry()), 4, seeds=3)
figure = receptor.profile_figure(found, "µg/m³")

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["pmf_profiles.svg"]))
