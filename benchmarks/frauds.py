"""How many planted frauds the patterns of `bilan.science.integrity` find, how late, and how often they cry wolf.

    python benchmarks/frauds.py [--seeds 3] [--first 300] [--write docs/explanation/fraud-patterns.md]

Simulated outlets carry labelled frauds; real measurements (folder BILAN_SHARED) carry none, operators' flags, or known fault days.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent))

from integrity_real import real_tables
from integrity_simulated import simulated_tables
from integrity_tables import Table, markdown, put

TUNED_ON = (0, 1, 2, 3, 4, 101, 102, 200, 201)
"""Seeds that were looked at while the thresholds were written down; they are never measured."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="cities to be simulated")
    parser.add_argument("--first", type=int, default=300, help="seed of the first city")
    parser.add_argument("--write", type=Path, help="page whose tables are replaced")
    parser.add_argument("--only", choices=("simulated", "real"), help="one half only")
    given = parser.parse_args(arguments)
    seeds = [seed for seed in range(given.first, given.first + given.seeds) if seed not in TUNED_ON]
    begun = time.perf_counter()
    tables: list[Table] = []
    if given.only != "real":
        tables += simulated_tables(seeds)
    if given.only != "simulated":
        tables += real_tables()
    pl.Config.set_tbl_rows(60)
    for table in tables:
        print(f"\n{table.title}\n{markdown(table.frame) if table.frame is not None else table.note}")
    print(f"\n{time.perf_counter() - begun:.0f} s")
    if given.write:
        put(given.write, tables)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
