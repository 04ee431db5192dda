"""PMF of the two example sets of EPA PMF 5.0: Q and time per model beside the reference figures of the same data.

    python benchmarks/receptor.py FOLDER [--seeds 20] [--questions]

FOLDER holds the concentration and uncertainty files of Baton Rouge (307 × 41, 4 factors) and Baltimore (630 × 26, 7 factors). The
reference figures were measured on two cores: ESAT 2025.0.1 (ls-nmf, numba, 20 models) and short numpy programs of ten starts each.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import polars as pl

from bilan.science import receptor

SETS = {
    "Baton Rouge": ("Dataset-BatonRouge-{}.csv.gz", ",", 4),
    "Baltimore": ("Dataset-Baltimore_{}.txt.gz", "\t", 7),
}
REFERENCE = {
    "Baton Rouge": {"ESAT ls-nmf": (83_705, 85_262, 0.40), "numpy LS-NMF": (83_688, 85_213, 0.08), "numpy HALS": (84_082, 85_215, 0.18)},
    "Baltimore": {"ESAT ls-nmf": (14_197, 14_428, 2.0), "numpy LS-NMF": (14_006, 14_024, 0.47), "numpy HALS": (13_993, 13_994, 1.3)},
}
"""Lowest Q, median Q, seconds a model."""


def read(folder: Path, name: str) -> tuple[receptor.Speciation, int]:
    """Every species strong and no uncertainty added, as in the reference runs."""
    pattern, separator, factors = SETS[name]
    tables = [
        pl.read_csv(folder / pattern.format(kind), separator=separator, infer_schema_length=10_000).drop_nulls() for kind in ("con", "unc")
    ]
    species = tables[0].columns[1:]
    return receptor.speciation(tables[0], tables[1], categories=dict.fromkeys(species, "strong")), factors


def main() -> None:
    """Print the table of one run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--questions", action="store_true", help="bootstrap and displacement too")
    chosen = options.parse_args()
    for name in SETS:
        data, factors = read(chosen.folder, name)
        samples, species = data.concentration.shape
        print(f"{name}: {samples} samples, {species} species, {factors} factors")
        print(f"  {'':<24}{'lowest Q':>12}{'median Q':>12}{'worst Q':>12}{'s a model':>12}{'CPU s':>12}")
        for label, (low, middle, seconds) in REFERENCE[name].items():
            print(f"  {label + ' (reference)':<24}{low:>12,}{middle:>12,}{'':>12}{seconds:>12.2f}")
        began, worked = time.perf_counter(), time.process_time()
        found = receptor.pmf(data, factors, seeds=chosen.seeds)
        taken, processor = (time.perf_counter() - began) / chosen.seeds, (time.process_time() - worked) / chosen.seeds
        q = found.runs["q_true"]
        print(f"  {'bilan':<24}{q.min():>12,.1f}{q.median():>12,.1f}{q.max():>12,.1f}{taken:>12.2f}{processor:>12.2f}")
        print(f"  Q(robust) {found.q_robust:,.1f}, Q(expected) {found.q_expected:,.0f}, starts that ended {found.runs['converged'].sum()}")
        if chosen.questions:
            ask(found)


def ask(found: receptor.Solution) -> None:
    """Time twenty bootstrap runs and the displacement of one factor."""
    began = time.perf_counter()
    drawn = receptor.bootstrap(found, runs=20)
    print(
        f"  bootstrap, 20 runs: {time.perf_counter() - began:.1f} s, mapped {drawn.mapping['mapped'].to_list()}, unmapped {drawn.unmapped}"
    )
    began = time.perf_counter()
    moved = receptor.displacement(found, factors=[1])
    swaps = moved.swaps["swaps"].sum()
    print(f"  displacement of factor 1: {time.perf_counter() - began:.1f} s, swaps {swaps}, fall of Q {moved.fall:.2f}")


if __name__ == "__main__":
    main()
