"""How often statements of the odds come true: reliability by decile and Brier scores, on cities and a time that the fit did not see.

    python benchmarks/odds.py [--every 1] [--per-year 6] [--write docs/explanation/odds.md --image docs/images/odds-reliability.svg]
    python benchmarks/odds.py --fit src/bilan/plans/odds/memory.csv

Measured on the daily values of 366 cities in the folder BILAN_SHARED; a run takes two minutes or so, a fit three.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent))

from integrity_tables import Table, markdown, put
from odds_diagram import diagram
from odds_fit import write
from odds_score import ASKED, statements

FORECASTS = ("probability", "climatology", "persistence")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take every so-manieth city")
    parser.add_argument("--per-year", type=int, default=6, help="statements a year")
    parser.add_argument("--fit", type=Path, help="fit again and write the package's table")
    parser.add_argument("--tries", type=int, default=70, help="steps of a fit")
    parser.add_argument("--write", type=Path, help="page whose tables are replaced")
    parser.add_argument("--image", type=Path, help="reliability diagram to be drawn")
    given = parser.parse_args(arguments)
    if given.fit:
        write(given.fit, given.tries)
        return 0
    begun = time.perf_counter()
    found = statements(given.every, given.per_year)
    blind = statements(given.every * 4, given.per_year, trends=False)
    tables = [
        Table("reliability", "Statements by decile", reliability(found)),
        Table("fresh", "Cities never looked at", reliability(found.filter("fresh"))),
        Table("kinds", "What came true, by decile and kind [%]", by_kind(found)),
        Table("brier", "Brier score and its ratio to the peers", brier(found, "asked")),
        Table("dates", "By how much of the year is over", brier(found.with_columns(over=_third()), "over")),
        Table("years", "By the year's end", brier(found.with_columns(pl.col("end").cast(pl.String)), "end")),
        Table("blind", "Without the region's trend", reliability(blind)),
    ]
    pl.Config.set_tbl_rows(60)
    for table in tables:
        assert table.frame is not None
        print(f"\n{table.title}\n{markdown(table.frame)}")
    print(f"\n{found.height:,} statements, {found['city'].n_unique()} cities, {time.perf_counter() - begun:.0f} s")
    if given.write:
        put(given.write, tables)
    if given.image:
        given.image.write_text(diagram(reliability(found)), encoding="utf-8")
    return 0


def reliability(found: pl.DataFrame) -> pl.DataFrame:
    """Said and come true [%] by decile of what was said, with the standard error that comes from which cities were drawn."""
    found = found.with_columns(decile=(pl.col("probability") * 10).floor().clip(0, 9).cast(pl.Int64))
    rows = found.group_by("decile").agg(
        pl.len().alias("statements"), (100 * pl.col("probability").mean()).alias("said"), (100 * pl.col("came").mean()).alias("came true")
    )
    rows = rows.join(_errors(found), on="decile").sort("decile")
    label = pl.format("{}–{} %", pl.col("decile") * 10, pl.col("decile") * 10 + 10)
    return rows.select(
        label.alias("statement"), "statements", _one("said"), _one("came true"), _one("±"), _one("came true", "said").alias("difference")
    )


def _errors(found: pl.DataFrame) -> pl.DataFrame:
    """Standard error [%] of what came true in each decile, cities drawn again with replacement: their statements hang together."""
    parts = found.group_by("city", "decile").agg(pl.len().alias("n"), pl.col("came").sum())
    names = parts["city"].unique().sort().to_list()
    counts, came = np.zeros((len(names), 10)), np.zeros((len(names), 10))
    place = {name: row for row, name in enumerate(names)}
    for city, decile, number, true in parts.iter_rows():
        counts[place[city], decile], came[place[city], decile] = number, true
    drawn = np.random.default_rng(1).integers(0, len(names), (400, len(names)))
    shares = 100.0 * came[drawn].sum(axis=1) / np.maximum(counts[drawn].sum(axis=1), 1)
    return pl.DataFrame({"decile": np.arange(10), "±": shares.std(axis=0)})


def by_kind(found: pl.DataFrame) -> pl.DataFrame:
    """What came true [%] by decile, one column a kind."""
    parts = [
        reliability(found.filter(pl.col("asked") == asked.name)).select("statement", pl.col("came true").alias(asked.name))
        for asked in ASKED
    ]
    table = parts[0]
    for part in parts[1:]:
        table = table.join(part, on="statement", how="full", coalesce=True)
    return table.sort("statement")


def brier(found: pl.DataFrame, by: str) -> pl.DataFrame:
    """Mean squared error of the probabilities, and its ratio to the peers' on the same statements."""
    errors = [((pl.col(name) - pl.col("came")) ** 2).mean().alias(name) for name in FORECASTS]
    both = pl.concat([found.with_columns(pl.col(by)), found.with_columns(pl.lit("all").alias(by))], how="vertical")
    rows = both.group_by(by, maintain_order=True).agg(pl.len().alias("statements"), *errors)
    ratios = [(pl.col("probability") / pl.col(name)).round(2).alias(f"of {name}") for name in FORECASTS[1:]]
    return rows.sort(pl.col(by) == "all", by).select(by, "statements", *[_text(name) for name in FORECASTS], *ratios)


def _one(name: str, less: str = "") -> pl.Expr:
    value = pl.col(name) - pl.col(less) if less else pl.col(name)
    return value.map_elements(lambda number: f"{number:.1f}", return_dtype=pl.String).alias(name)


def _text(name: str) -> pl.Expr:
    return pl.col(name).map_elements(lambda number: f"{number:.3f}", return_dtype=pl.String).alias(name)


def _third() -> pl.Expr:
    part = pl.col("elapsed")
    return (
        pl.when(part < 0.34)
        .then(pl.lit("1 first third"))
        .when(part < 0.67)
        .then(pl.lit("2 second third"))
        .otherwise(pl.lit("3 last third"))
    )


if __name__ == "__main__":
    raise SystemExit(main())
