"""The telemetry store beside what it is built on: plain inserts, and DuckDB over the same Parquet files.

python benchmarks/store.py                     # 20 million values in the lake
python benchmarks/store.py --rows 100000000    # the documented run: about 200 MB and some minutes
python benchmarks/store.py --postgres postgresql://user@host/empty_database
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import polars as pl

from bilan.telemetry import clock
from bilan.telemetry.clock import HOUR
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.store import Store

BEGIN = clock.seconds(datetime(2025, 1, 1))
YEAR_HOURS = 8760
BATCH = 5000
COLUMNS = "(series, start, seconds, value, flag, quality, arrived, source)"


class Line(NamedTuple):
    """One row of the table printed at the end."""

    what: str
    ours: float
    unit: str
    peer: str
    theirs: float
    ratio: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000_000, help="values in the lake")
    parser.add_argument("--insert", type=int, default=500_000, help="readings written to the hot table")
    parser.add_argument("--postgres", default="", help="address of an empty database to measure as well")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bilan-bench-") as folder:
        lines = [insert(f"sqlite:///{folder}/hot.sqlite3", Path(folder), given.insert)]
        if given.postgres:
            lines.append(insert(given.postgres, Path(folder), given.insert))
        lines += reading(Path(folder), given.rows)
    show(lines)


def batches(ids: list[int], total: int) -> Iterator[list[Reading]]:
    """Readings as a city sends them: every series in turn, one span after the other."""
    chance = random.Random(1)
    batch: list[Reading] = []
    for place in range(total):
        span, series = divmod(place, len(ids))
        batch.append(Reading(ids[series], BEGIN + span * 600, 600, chance.random() * 100))
        if len(batch) == BATCH:
            yield batch
            batch = []


def insert(url: str, folder: Path, total: int) -> Line:
    """Write with latest values, statistics, marks and offset in each transaction; beside bare inserts of the same rows."""
    store = Store.connect(url, lake=folder / "unused")
    store.migrate()
    ids = store.catalogue.series_ids([SeriesKey(f"P{n // 12}", f"a{n % 12}", "mean", "minute") for n in range(20_000)])
    work = list(batches(ids, total))

    def ours() -> None:
        for place, batch in enumerate(work):
            with store.database.transaction():
                store.write("minute", batch, arrived=BEGIN + place, source=place)
                store.offsets.set("bench", place)

    rows = len(work) * BATCH
    mine = rows / seconds(ours)
    if store.database.dialect == "postgresql":
        theirs = rows / seconds(lambda: _bare_postgres(store, work))
    else:
        theirs = rows / seconds(lambda: _bare_sqlite(folder / "bare.sqlite3", work))
    store.close()
    return Line(f"insert, {store.database.dialect}", mine, "rows/s", "bare inserts", theirs, mine / theirs)


def _bare_sqlite(file: Path, work: list[list[Reading]]) -> None:
    bare = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -65536", "wal_autocheckpoint = 8192"):
        bare.execute(f"PRAGMA {pragma}")
    kinds = COLUMNS.replace(")", ", PRIMARY KEY (series, start))")
    bare.execute(f"CREATE TABLE bare {kinds} WITHOUT ROWID")
    for place, batch in enumerate(work):
        bare.execute("BEGIN")
        bare.executemany(f"INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, {place}, {place})", batch)
        bare.execute("COMMIT")


def _bare_postgres(store: Store, work: list[list[Reading]]) -> None:
    store.database.execute("CREATE TABLE bare (LIKE obs_minute INCLUDING ALL)")
    for place, batch in enumerate(work):
        store.database.insert_new("bare", COLUMNS.strip("()").split(", "), batch, (place, place))


def reading(folder: Path, rows: int) -> list[Line]:
    """Back-fill a year of hours, then read it: one series-year, the newest of all, everything."""
    store = Store.connect(f"sqlite:///{folder}/cold.sqlite3", lake=folder / "lake")
    store.migrate()
    count = max(12, rows // YEAR_HOURS)
    keys = [SeriesKey(f"P{n // 12}", f"a{n % 12}", "mean", "hour") for n in range(count)]
    store.catalogue.put_points(Point(code, "air", code) for code in {key.point for key in keys})
    ids = store.catalogue.series_ids(keys)
    held = count * YEAR_HOURS
    written = held / seconds(lambda: back_fill(store, ids))
    duck = duckdb.connect()
    table = f"read_parquet('{folder}/lake/observation/kind=hour/*/*.parquet', hive_partitioning = false)"
    copied = held / seconds(lambda: _copy(duck, table, folder))
    lines = [Line("back-fill into the lake", written, "rows/s", "COPY of the same by DuckDB", copied, written / copied)]
    for what, ours, query in _questions(store, ids, table):
        mine, theirs = best(ours), best(lambda query=query: duck.sql(query).fetchall())  # type: ignore[misc]
        lines.append(Line(what, mine * 1e3, "ms", "DuckDB", theirs * 1e3, theirs / mine))
    store.close()
    return lines


def _questions(store: Store, ids: list[int], table: str) -> list[tuple[str, Callable[[], Any], str]]:
    """What is asked, how we answer, and the same for DuckDB."""
    end, one = BEGIN + YEAR_HOURS * HOUR, ids[len(ids) // 2]
    span = f"series = {one} AND start >= {BEGIN} AND start < {end}"
    newest = f"SELECT series, max(start), arg_max(value, start) FROM {table} WHERE start >= {end - 31 * 86400} GROUP BY series"
    value = pl.col("value")
    sums = [value.mean().alias("mean"), value.min().alias("least"), value.max().alias("most"), value.count().alias("count")]
    return [
        (
            "one series-year of hours",
            lambda: store.scan([one], BEGIN, end, "hour"),
            f"SELECT series, start, seconds, value, flag, quality FROM {table} WHERE {span} ORDER BY start",
        ),
        ("newest value of every series", store.latest, newest),
        (
            f"mean, min, max, count of {len(ids) * YEAR_HOURS / 1e6:.0f} million values",
            lambda: store.lake.scan("hour").select(sums).collect(),
            f"SELECT avg(value), min(value), max(value), count(value) FROM {table}",
        ),
    ]


def back_fill(store: Store, ids: list[int]) -> None:
    """Write a year of hours, a month at a time."""
    chance = np.random.default_rng(1)
    for month in range(1, 13):
        begin = clock.seconds(datetime(2025, month, 1))
        end = clock.seconds(datetime(2025 + month // 12, month % 12 + 1, 1))
        starts = np.arange(begin, end, HOUR)
        values = np.round(chance.gamma(2, 20, len(starts) * len(ids)), 1)
        columns = {"series": np.repeat(ids, len(starts)), "start": np.tile(starts, len(ids)), "value": values}
        store.lake.write("hour", pl.DataFrame(columns).with_columns(pl.lit(HOUR, dtype=pl.Int32).alias("seconds")))


def _copy(duck: duckdb.DuckDBPyConnection, table: str, folder: Path) -> None:
    target = folder / "copy.parquet"
    duck.sql(f"COPY (SELECT * FROM {table}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    target.unlink()


def seconds(work: Callable[[], Any]) -> float:
    """Wall time of one run [s]."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def best(work: Callable[[], Any], runs: int = 3) -> float:
    """Shortest of some runs [s]."""
    return min(seconds(work) for _ in range(runs))


def show(lines: list[Line]) -> None:
    """Print the table; a ratio above 1 means that the store is faster."""
    print(f"{'':44}{'store':>12}{'peer':>12}  {'unit':8}{'ratio':>7}  peer")
    for line in lines:
        print(f"{line.what:44}{line.ours:12,.1f}{line.theirs:12,.1f}  {line.unit:8}{line.ratio:7.2f}  {line.peer}")


if __name__ == "__main__":
    main()
