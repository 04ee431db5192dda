"""What each source brings to each day. · 各源逐日贡献。

Run: python examples/pmf_contributions.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import receptor, samples

found = receptor.pmf(receptor.speciation(*samples.chemistry()), 4, seeds=3)
figure = receptor.contribution_figure(found)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["pmf_contributions.svg"]))
