"""Polar plot and trend beside PythonAQ, the closest Python port of openair.

    python benchmarks/analysis.py [--repeat 5] [--data mydata.csv.gz]

PythonAQ is not among our dependencies and is not installed by this script; it is measured when it can be imported. To have it, use an
environment of its own (it pins older pandas in some extras) and run this script there:

    python -m venv compare && compare/bin/pip install . pythonaq && compare/bin/python benchmarks/analysis.py

The data are generated unless `--data` names a file with the columns date, ws, wd, nox (openair's mydata).
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from bilan.science import stats

HOURS = 65_533
"""As many as in openair's example data."""


def hours(count: int = HOURS, seed: int = 1) -> pl.DataFrame:
    """Generated hours: wind rounded to 10°, a source to the south-west at 5 m/s, a season, a trend of −4 a year."""
    random = np.random.default_rng(seed)
    date = pl.datetime_range(datetime(1998, 1, 1), datetime(2006, 1, 1), "1h", eager=True)[:count]
    wd, ws = np.round(random.uniform(0, 36, count)) * 10, random.gamma(3.5, 1.3, count)
    plume = 120 * np.exp(-((ws - 5) ** 2) / 6 - (((wd - 225 + 180) % 360 - 180) / 40) ** 2)
    day = np.arange(count) / 24
    nox = 160 + plume + 30 * np.cos(2 * np.pi * day / 365.25) - 4 * day / 365.25 + random.gamma(2, 20, count)
    return pl.DataFrame({"date": date, "ws": ws, "wd": wd, "nox": nox})


def best(run: Callable[[], Any], repeat: int) -> float:
    """The best of some runs [s]."""
    taken = []
    for _ in range(repeat):
        begin = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def ours(frame: pl.DataFrame) -> dict[str, Callable[[], Any]]:
    """What we do: surface and figure specification; trend with 1,000 resamples."""

    def polar() -> Any:
        return stats.polar_plot(frame, "nox", speed="ws", direction="wd").figure.option()

    def trend() -> Any:
        return stats.trend(frame, "nox", time="date").figure.option()

    return {"polar plot": polar, "trend": trend}


def theirs(frame: pl.DataFrame) -> dict[str, Callable[[], Any]]:
    """The same of PythonAQ, empty when it is not installed; its trend takes the season out by STL and has no bootstrap."""
    if importlib.util.find_spec("PythonAQ") is None:
        return {}
    import pandas as pd  # noqa: PLC0415
    from PythonAQ.polar_plot import polar_plot  # noqa: PLC0415 - only where it is installed
    from PythonAQ.theil_sen_plot import theil_sen_plot  # noqa: PLC0415

    table = pd.DataFrame({column: frame[column].to_numpy() for column in frame.columns})
    return {
        "polar plot": lambda: polar_plot(table, ws_col="ws", wd_col="wd", conc_col="nox"),
        "trend": lambda: theil_sen_plot(table, date_col="date", pollutant_col="nox", agg_freq="MS", deseason=True),
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--data", help="CSV with date, ws, wd, nox")
    options = parser.parse_args()
    frame = pl.read_csv(options.data, try_parse_dates=True, infer_schema_length=None) if options.data else hours()
    frame = frame.select("date", "ws", "wd", "nox")
    own, other = ours(frame), theirs(frame)
    print(f"{frame.height:,} hours; best of {options.repeat} (PythonAQ: one run)")
    for name, run in own.items():
        mine = best(run, options.repeat)
        peer = best(other[name], 1) if other else None
        said = f"{peer:8.2f} s   {peer / mine:7.0f} ×" if peer else "not installed: pip install pythonaq"
        print(f"{name:12} bilan {mine:8.3f} s   PythonAQ {said}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
