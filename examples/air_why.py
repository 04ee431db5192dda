"""One hour under the old and the new standard, and why: printed in both languages.

Run: python examples/air_why.py
"""

from __future__ import annotations

import sys
from datetime import datetime

from bilan.science import air

HOUR = {"so2": 9, "no2": 41, "co": 0.8, "o3": 64, "pm10": 119, "pm25": 61}

if __name__ == "__main__":
    for start in (datetime(2026, 2, 28, 23), datetime(2026, 3, 1, 0)):
        why = air.explain({"start": start, **HOUR})
        sys.stdout.write(f"{why.text('zh-hans')}\n\n{why.text('en')}\n\n")
