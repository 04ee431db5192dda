"""Every judgement of the standards at ten million rows in one run: daily AQI, water class, emissions with substitution.

python benchmarks/judging.py [--rows 10000000] [--repeat 3]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PARTS = ("daily_aqi", "water_class", "emissions")


def main() -> None:
    """Run each benchmark in a process of its own, so that none finds the memory of another."""
    for part in PARTS:
        print(f"== {part}", flush=True)
        subprocess.run([sys.executable, str(Path(__file__).with_name(f"{part}.py")), *sys.argv[1:]], check=True)


if __name__ == "__main__":
    main()
