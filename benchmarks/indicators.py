"""All indicators of a city, for five years and all districts: `python benchmarks/indicators.py CITY [--years 5] [--cells 4]`.

CITY is a city folder with data, such as the one `bilan demo` makes. Everything counts from the open store on: reading the tables from
the lake and the database, filling the room that the queries run in, the queries, the rule on missing data. Two peers in the same run:
the same queries asked for one district and one year at a time (on `--cells` of them, given per value), and two indicators written in
plain Polars over the same verdicts, which must give the same values. `busy` is the processor's own time.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl

Result = TypeVar("Result")
NAMES = ("pm25", "good-days")


def timed(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """What something gives, and its wall and processor time [s]."""
    wall, busy = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - busy


def plain(city: str, store: object, first: date, last: date) -> pl.DataFrame:
    """The two indicators as a programmer would write them in Polars."""
    from bilan.evaluation import readback  # noqa: PLC0415
    from bilan.telemetry.clock import DAY  # noqa: PLC0415

    begin, end = (day.toordinal() - date(1970, 1, 1).toordinal() for day in (first, last))
    days = readback.air_days(store, None, begin * DAY, (end + 1) * DAY)  # type: ignore[arg-type]
    areas = days.filter(pl.col("point").str.starts_with(city[:4])).with_columns(pl.col("day").dt.strftime("%Y").alias("period"))
    valid = pl.col("valid")
    return areas.group_by("point", "period").agg(
        pl.col("pm25").mean(), (100 * (valid & (pl.col("level") <= 2)).sum() / valid.sum()).alias("good-days")
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("city", type=Path)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--cells", type=int, default=4)
    given = parser.parse_args()
    os.environ |= {"BILAN_CITY": str(given.city), "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
    import django  # noqa: PLC0415

    django.setup()
    from bilan.pack.city import City  # noqa: PLC0415
    from bilan.pack.indicators import Period, current  # noqa: PLC0415
    from bilan.plans.indicators.computing import compute, jobs  # noqa: PLC0415
    from bilan.plans.indicators.sandbox import Sandbox  # noqa: PLC0415
    from bilan.plans.indicators.spans import spans  # noqa: PLC0415
    from bilan.plans.indicators.tables import Tables  # noqa: PLC0415
    from bilan.telemetry.store import Store  # noqa: PLC0415

    city = City.open(given.city)
    store, catalogue = Store.open(city), current(city.pack)
    tables = Tables.now(city, store)
    years = spans(Period.YEAR, tables.today.year - given.years + 1, tables.today.year)
    found, wall, busy = timed(lambda: compute(catalogue, catalogue.names, tables, years))
    size = f"{len(catalogue.names)} indicators × {len(tables.districts)} areas × {given.years} years"
    print(f"{size}: {found.height} values, {found['value'].count()} with a number; wall {wall:.1f} s, busy {busy:.1f} s")
    again, warm, warm_busy = timed(lambda: compute(catalogue, catalogue.names, tables, years))
    print(f"with the tables at hand: wall {warm:.2f} s, busy {warm_busy:.2f} s; {1e3 * warm_busy / again.height:.2f} ms a value")

    todo = jobs(catalogue, catalogue.names, years, tables.documented, tables.today)
    cells = [(area, year) for year in years[::-1] for area in tables.districts][: given.cells]

    def one_by_one() -> int:
        asked = 0
        with Sandbox(tables.frames(job.query for job in todo)) as sandbox:
            for area, year in cells:
                sandbox.put_periods(Period.YEAR, [year], [area], tables.today)
                for job in todo:
                    sandbox.run(job.query, job.given(tables.today) | {"begin": year.first, "end": year.through(tables.today)})
                    asked += 1
        return asked

    asked, _wall, peer = timed(one_by_one)
    ratio = peer / asked / (warm_busy / again.height)
    print(f"one district and year at a time: {1e3 * peer / asked:.2f} ms a value, {ratio:.1f} times as much")

    ours, _wall, both = timed(lambda: compute(catalogue, NAMES, Tables.now(city, store), years))
    own, _wall, polars = timed(lambda: plain(city.adcode, store, years[0].first, tables.today))
    print(f"{' and '.join(NAMES)}: busy {both:.2f} s, plain Polars {polars:.2f} s: ratio {both / polars:.2f}")
    theirs = {(row["point"], row["period"]): row for row in own.iter_rows(named=True)}
    apart = [
        abs(row["value"] - theirs[row["district"] or city.adcode, row["period"]][row["indicator"]])
        for row in ours.drop_nulls("value").iter_rows(named=True)
    ]
    print(f"{len(apart)} values held against it, greatest difference {max(apart, default=0):.2g}")


if __name__ == "__main__":
    main()
