"""Hourly emissions of a year judged with substitution: our rules in narwhals beside the same by hand in Polars and in DuckDB.

Every hour: conversion to the reference oxygen, comparison with the limits of its source, times over the limit, what was emitted, the
capture rate of the quarter and, where data are lost, the greatest amount of the valid hours before (HJ 75-2017).

    python benchmarks/emissions.py [--rows 10000000] [--repeat 3]

No package on PyPI converts, judges or substitutes emissions by HJ 75, HJ 76 or HJ 356 (looked for in November 2026): there is no peer.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import polars as pl
from measuring import apart

from bilan.science import emissions

HOURS = 8760
ITEMS = ("dust", "so2", "nox")
SYMBOLS = {"dust": "PM", "so2": "SO2", "nox": "NOx"}
KINDS = {
    "gb13223-coal-special": (6.0, (20.0, 50.0, 100.0), "GB 13223", "2011"),
    "gb13271-coal": (9.0, (50.0, 300.0, 300.0), "GB 13271", "2014"),
    "gb13271-gas-special": (3.5, (20.0, 50.0, 150.0), "GB 13271", "2014"),
    "gb4915-kiln": (10.0, (30.0, 200.0, 400.0), "GB 4915", "2013"),
}
WINDOWS = (180, 720, 2160)
NOISE = 1 + 1e-12
"""A value that stands at its limit must not be over it by the last binary digit."""
SHOWN = [
    "grade",
    "main",
    *(f"{name}_{item}" for item in ITEMS for name in ("converted", "limit", "class", "factor", "amount", "window", "capture")),
]


def hours(rows: int, seed: int = 1) -> pl.DataFrame:
    """Generated hours of 2025: three pollutants, oxygen, flow, marks; whole stacks, one hour in forty lost, in runs."""
    stacks = max(1, rows // HOURS)
    random = np.random.default_rng(seed)
    start = pl.datetime_range(datetime(2025, 1, 1), datetime(2025, 12, 31, 23), "1h", eager=True, time_unit="us")
    kinds = list(KINDS)
    points = pl.DataFrame(
        {"point": [f"S{number:05d}" for number in range(stacks)], "source": [kinds[n % len(kinds)] for n in range(stacks)]}
    )
    frame = points.join(pl.DataFrame({"start": start}), how="cross")
    size = frame.height
    begins = np.flatnonzero(random.random(size) < 0.004)
    lost = np.zeros(size, dtype=bool)
    for begin, length in zip(begins, random.geometric(1 / 7, begins.size), strict=True):
        lost[begin : begin + length] = True
    marks = np.where(lost, "D", "N")
    frame = frame.with_columns(
        flag=pl.Series(marks),
        o2=pl.Series(np.round(random.normal(9, 1.5, size).clip(1, 19), 2)),
        gas_flow=pl.Series(np.round(random.gamma(9, 8, size), 2)),
    )
    means = {"dust": 10, "so2": 30, "nox": 60}
    return frame.with_columns(pl.Series(item, np.round(random.gamma(3, mean / 3, size), 2)) for item, mean in means.items())


def ours(frame: pl.DataFrame) -> pl.DataFrame:
    """The library."""
    return emissions.substitute(emissions.with_amounts(emissions.judge(frame, items=ITEMS), ITEMS), ITEMS)


def by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rules written directly for Polars, for complete sorted hours and these sources only, without any check of the input."""
    kinds = pl.DataFrame(
        [(key, oxygen, *limits, standard, version) for key, (oxygen, limits, standard, version) in KINDS.items()],
        schema=["source", "reference", *(f"limit_{item}" for item in ITEMS), "standard", "version"],
        orient="row",
    )
    valid = pl.col("flag") == "N"
    judged = (
        frame.lazy()
        .join(kinds.lazy(), on="source", how="left", maintain_order="left")
        .with_columns(
            pl.when(valid, pl.col("o2") <= 20, pl.col(item) >= 0)
            .then(pl.col(item) * (21 - pl.col("reference")) / (21 - pl.col("o2")))
            .alias(f"converted_{item}")
            for item in ITEMS
        )
        .with_columns(
            (1 + (pl.col(f"converted_{item}") > pl.col(f"limit_{item}") * NOISE).cast(pl.Int64)).alias(f"class_{item}") for item in ITEMS
        )
        .with_columns(
            *(
                pl.when(pl.col(f"class_{item}") == 2)
                .then(((pl.col(f"converted_{item}") / pl.col(f"limit_{item}") - 1) * 1e6 + 0.5).floor() / 1e6)
                .alias(f"factor_{item}")
                for item in ITEMS
            ),
            *(
                pl.when(valid, pl.col(item) >= 0, pl.col("gas_flow") >= 0)
                .then(pl.col(item) * pl.col("gas_flow") * 0.0036)
                .alias(f"amount_{item}")
                for item in ITEMS
            ),
            grade=pl.max_horizontal(*(f"class_{item}" for item in ITEMS)),
            main=pl.concat_str(
                [pl.when(pl.col(f"class_{item}") == 2).then(pl.lit(symbol)) for item, symbol in SYMBOLS.items()],
                separator=",",
                ignore_nulls=True,
            ),
            quarter=pl.col("start").dt.quarter(),
        )
        .collect()
    )
    for item in ITEMS:
        judged = _filled_by_hand(judged, item)
    return judged


def _filled_by_hand(frame: pl.DataFrame, item: str) -> pl.DataFrame:
    amount = f"amount_{item}"
    ready = frame.with_columns(ok=pl.col(amount).is_not_null()).with_columns(seq=pl.col("ok").cum_sum().over("point"))
    capture = ready.group_by("point", "quarter").agg((pl.col("ok").sum() * 100 / pl.len()).alias(f"capture_{item}"))
    maxima = ready.filter("ok").select(
        "point", "seq", *(pl.col(amount).rolling_max(size, min_samples=1).over("point").alias(f"max_{size}") for size in WINDOWS)
    )
    lost = ready.filter(~pl.col("ok")).select("point", "start", "seq", "quarter").with_columns(gap=pl.len().over("point", "seq"))
    share = pl.col(f"capture_{item}")
    window = pl.when(share >= 90).then(pl.when(pl.col("gap") <= 24).then(180).otherwise(720)).when(share >= 75).then(2160)
    filled = (
        lost.join(capture, on=["point", "quarter"])
        .join(maxima, on=["point", "seq"])
        .with_columns(window.cast(pl.Int64).alias(f"window_{item}"))
        .select(
            "point",
            "start",
            f"window_{item}",
            fill=pl.when(pl.col(f"window_{item}") == 180).then("max_180").when(pl.col(f"window_{item}") == 720).then("max_720")
            .when(pl.col(f"window_{item}") == 2160).then("max_2160"),
        )
    )  # fmt: skip
    return (
        frame.join(capture, on=["point", "quarter"], how="left", maintain_order="left")
        .join(filled, on=["point", "start"], how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col(amount).is_not_null()).then(0).otherwise(f"window_{item}").alias(f"window_{item}"),
            pl.coalesce(amount, "fill").alias(amount),
        )
        .drop("fill")
    )


def in_sql(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rules in one query of DuckDB."""
    rows = ", ".join(f"('{key}', {oxygen}, {', '.join(map(str, limits))})" for key, (oxygen, limits, _, _) in KINDS.items())
    limits = ", ".join(f"limit_{item}" for item in ITEMS)
    converted = ", ".join(
        f"CASE WHEN flag = 'N' AND o2 <= 20 AND {item} >= 0 THEN {item} * (21 - reference) / (21 - o2) END AS converted_{item}"
        for item in ITEMS
    )
    amounts = ", ".join(
        f"CASE WHEN flag = 'N' AND {item} >= 0 AND gas_flow >= 0 THEN {item} * gas_flow * 0.0036 END AS raw_{item}" for item in ITEMS
    )
    classes = ", ".join(f"1 + (converted_{item} > limit_{item} * {NOISE!r})::BIGINT AS class_{item}" for item in ITEMS)
    seqs = ", ".join(
        f"count(raw_{item}) OVER hours AS seq_{item}, count(raw_{item}) OVER quarters * 100.0 / count(*) OVER quarters AS capture_{item}"
        for item in ITEMS
    )
    gaps = ", ".join(f"count(*) FILTER (raw_{item} IS NULL) OVER (PARTITION BY point, seq_{item}) AS gap_{item}" for item in ITEMS)
    ctes, joins, columns = [], [], []
    for item in ITEMS:
        maxima = ", ".join(
            f"max(raw_{item}) OVER (PARTITION BY point ORDER BY start ROWS {size - 1} PRECEDING) AS max_{size}" for size in WINDOWS
        )
        ctes.append(f"max_{item} AS (SELECT point, seq_{item} AS seq, {maxima} FROM gapped WHERE raw_{item} IS NOT NULL)")
        joins.append(f"LEFT JOIN max_{item} ON g.raw_{item} IS NULL AND max_{item}.point = g.point AND max_{item}.seq = g.seq_{item}")
        kept, most = f"WHEN raw_{item} IS NOT NULL THEN", f"max_{item}.max_"
        over = f"floor((converted_{item} / limit_{item} - 1) * 1e6 + 0.5) / 1e6"
        columns += [
            f"CASE WHEN class_{item} = 2 THEN {over} END AS factor_{item}",
            f"CASE {kept} 0 WHEN max_{item}.seq IS NULL THEN NULL {_chosen(item, '180', '720', '2160')} END AS window_{item}",
            f"CASE {kept} raw_{item} {_chosen(item, f'{most}180', f'{most}720', f'{most}2160')} END AS amount_{item}",
        ]
    main = ", ".join(f"CASE WHEN class_{item} = 2 THEN '{symbol}' END" for item, symbol in SYMBOLS.items())
    return duckdb.sql(f"""
        WITH kinds(source, reference, {limits}) AS (VALUES {rows}),
        judged AS (SELECT *, {converted}, {amounts}, quarter(start) AS quarter FROM frame JOIN kinds USING (source)),
        counted AS (SELECT *, {classes}, {seqs} FROM judged
            WINDOW hours AS (PARTITION BY point ORDER BY start), quarters AS (PARTITION BY point, quarter)),
        gapped AS (SELECT *, {gaps} FROM counted),
        {", ".join(ctes)}
        SELECT g.*, {", ".join(columns)}, greatest({", ".join(f"class_{item}" for item in ITEMS)}) AS grade, concat_ws(',', {main}) AS main
        FROM gapped g {" ".join(joins)}
    """).pl()


def _chosen(item: str, short: str, long: str, poor: str) -> str:
    within = f"CASE WHEN gap_{item} <= 24 THEN {short} ELSE {long} END"
    return f"WHEN capture_{item} >= 90 THEN {within} WHEN capture_{item} >= 75 THEN {poor}"


def told(result: pl.DataFrame) -> tuple[Any, Any]:
    """Sums and nulls of a result."""
    rows = result.select("point", "start", *SHOWN).sort("point", "start")
    sums = rows.select(pl.col(name).sum().round(3) if name != "main" else pl.col(name).hash(1).sum() for name in SHOWN).row(0)
    return sums, rows.null_count().row(0)


def main() -> None:
    """Print the table of times, ratios and memory of one run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=10_003_920)
    options.add_argument("--repeat", type=int, default=3)
    chosen = options.parse_args()
    works = {"hand-written Polars": by_hand, "hand-written DuckDB SQL": in_sql, "bilan (narwhals on Polars)": ours}
    found = {name: apart(hours, work, chosen.rows, chosen.repeat, told) for name, work in works.items()}
    millions = chosen.rows // HOURS * HOURS / 1e6
    print(f"{millions:.2f} million stack hours, {chosen.rows // HOURS} stacks, Polars {pl.__version__}, DuckDB {duckdb.__version__}")
    print(f"{'':<30}{'wall':>10}{'CPU':>10}{'per million rows':>20}{'bilan / this':>14}")
    for name, (wall, processor, peak, _) in found.items():
        ratio = found["bilan (narwhals on Polars)"][0] / wall
        print(f"{name:<30}{wall:8.2f} s{processor:8.2f} s{peak / millions:14.0f} MB{ratio:17.2f}")
    results = [result[3] for result in found.values()]
    print(f"results equal: {all(result == results[0] for result in results)}")


if __name__ == "__main__":
    main()
