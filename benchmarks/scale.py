"""What judging days costs by size and engine: the same rule on 10^6 to 10^9 hourly values, in processor seconds, wall time and memory.

    python benchmarks/scale.py                          # Polars and DuckDB to 10^8, Spark to 10^7
    python benchmarks/scale.py --sizes 1e9 --engines polars --keep /tmp/scale

Values lie in Parquet files of at most `LARGEST` values, some stations each, as a lake holds them; a day needs no hour of another station,
so files are judged one after the other and memory stays that of one. Each engine runs in a process of its own. Processor seconds are
what the work costs on any machine; wall time is that of this one with whatever else ran on it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

POLLUTANTS = {"so2": 8, "no2": 25, "co": 0.7, "o3": 90, "pm10": 55, "pm25": 30}
LARGEST = 100_000_000
HOURS = 8760
ENGINES = ("polars", "duckdb", "spark")
MOST = {"polars": 1e9, "duckdb": 1e8, "spark": 1e7}
"""Largest size that an engine is given unless engines are named."""


def write_file(path: Path, stations: int, first: int) -> None:
    """A year of hours of some stations, 4 % of the values missing."""
    random = np.random.default_rng(first)
    start = pl.datetime_range(datetime(2025, 1, 1), datetime(2025, 12, 31, 23), "1h", eager=True, time_unit="us")
    points = [f"S{first + number:07d}" for number in range(stations)]
    frame = pl.DataFrame({"point": points}).join(pl.DataFrame({"start": start}), how="cross")
    for column, mean in POLLUTANTS.items():
        values = pl.Series(np.round(random.gamma(2, mean / 2, frame.height), 2 if column == "co" else 0))
        frame = frame.with_columns(pl.when(pl.Series(random.random(frame.height) > 0.04)).then(values).alias(column))
    frame.write_parquet(path, row_group_size=HOURS * 16)


def files_of(folder: Path, values: float) -> list[Path]:
    """Files that hold about so many values; made when they are not there."""
    stations = max(1, math.ceil(values / len(POLLUTANTS) / HOURS))
    each = math.ceil(LARGEST / len(POLLUTANTS) / HOURS)
    found = []
    for first in range(0, stations, each):
        count = min(each, stations - first)
        path = folder / f"{first}-{count}.parquet"
        if not path.exists():
            write_file(path, count, first)
        found.append(path)
    return found


def judge(engine: str, files: list[Path], out: Path) -> None:
    """Judge the days of every file and write them."""
    from bilan.science import air, spark  # noqa: PLC0415  # what a run costs begins with this

    if engine == "spark":
        session = spark.session("local[2]", settings={"spark.driver.memory": "6g", "spark.sql.shuffle.partitions": "8"})
        air.judge_days(spark.read(session, *files)).write.mode("overwrite").parquet(str(out / "spark"))
        _end(session)
        return
    for file in files:
        if engine == "polars":
            air.judge_days(pl.read_parquet(file)).write_parquet(out / file.name)
        else:
            import duckdb  # noqa: PLC0415

            air.judge_days(duckdb.read_parquet(str(file))).write_parquet(str(out / file.name))


def _end(session: Any) -> None:
    """End a session and wait for its Java machine: what a child used is known only once it has been waited for."""
    java = session.sparkContext._gateway.proc
    session.stop()
    java.stdin.close()
    java.wait()


def measure(engine: str, files: list[Path], out: Path) -> dict[str, float]:
    """Run an engine in a process of its own."""
    begun = time.perf_counter()
    command = [sys.executable, __file__, "--run", engine, "--out", str(out), *(str(file) for file in files)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ)
    return {"wall": time.perf_counter() - begun, **json.loads(done.stdout.splitlines()[-1])}


def run(engine: str, files: list[Path], out: Path) -> None:
    """What the process of an engine does: judge, then say what it took."""
    judge(engine, files, out)
    own, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime
    print(json.dumps({"cpu": cpu, "memory": max(own.ru_maxrss, below.ru_maxrss) / 1024}))


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", nargs="*", type=float, default=[1e6, 1e7, 1e8])
    parser.add_argument("--engines", nargs="*", choices=ENGINES)
    parser.add_argument("--keep", type=Path, help="folder in which the generated files stay")
    parser.add_argument("--run", choices=ENGINES)
    parser.add_argument("--out", type=Path)
    parser.add_argument("files", nargs="*", type=Path)
    given = parser.parse_args()
    if given.run:
        run(given.run, given.files, given.out)
        return
    print("| values | engine | processor s | wall s | peak MB | Parquet MB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        out = Path(scratch) / "out"
        out.mkdir()
        for size in given.sizes:
            files = files_of(folder, size)
            disk = sum(file.stat().st_size for file in files) / 1e6
            for engine in given.engines or [name for name in ENGINES if size <= MOST[name]]:
                took = measure(engine, files, out)
                print(
                    f"| {size:.0e} | {engine} | {took['cpu']:.1f} | {took['wall']:.1f} | {took['memory']:,.0f} | {disk:,.0f} |", flush=True
                )


if __name__ == "__main__":
    main()
