"""Daily AQI of a year of station hours: our rules in narwhals on Polars beside the best hand-written Polars query; and beside the
packages that work a value at a time: one pollutant's index by python-aqi, the hourly AQI of six pollutants by aqi-hub.

    python benchmarks/daily_aqi.py [--rows 10000000] [--repeat 3]

aqi-hub is measured where it can be imported (`pip install --no-deps aqi-hub`).
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aqi as python_aqi
import narwhals as nw
import numpy as np
import polars as pl

from bilan.science import air
from bilan.science.standards.air.iaqi import index_of, scale, units

HOURS = 8760
SCALES = {"so2": 10, "no2": 30, "co": 0.8, "o3": 70, "pm10": 60, "pm25": 35}
BREAKPOINTS = {
    "so2": ([0, 50, 150, 475, 800, 1600, 2100, 2620], 0),
    "no2": ([0, 40, 80, 180, 280, 565, 750, 940], 0),
    "pm10": ([0, 50, 150, 250, 350, 420, 500, 600], 0),
    "pm25": ([0, 35, 75, 115, 150, 250, 350, 500], 0),
    "co": ([0, 20, 40, 140, 240, 360, 480, 600], 1),
    "o3_8h": ([0, 100, 160, 215, 265, 800], 0),
    "o3_1h": ([0, 160, 200, 300, 400, 800, 1000, 1200], 0),
}
INDEX = [0, 50, 100, 150, 200, 300, 400, 500]
SYMBOLS = {"so2": "SO2", "no2": "NO2", "pm10": "PM10", "pm25": "PM2.5", "o3": "O3", "co": "CO"}


def hours(rows: int, seed: int = 1) -> pl.DataFrame:
    """Generated hours of a year: six pollutants, 4 % nulls, whole stations."""
    stations = max(1, rows // HOURS)
    random = np.random.default_rng(seed)
    start = pl.datetime_range(datetime(2025, 1, 1), datetime(2025, 12, 31, 23), "1h", eager=True, time_unit="us")
    points = pl.DataFrame({"point": [f"S{number:05d}" for number in range(stations)]})
    frame = points.join(pl.DataFrame({"start": start}), how="cross")
    for column, mean in SCALES.items():
        values = pl.Series(column, np.round(random.gamma(2, mean / 2, frame.height), 1 if column == "co" else 0))
        present = pl.Series(random.random(frame.height) >= 0.04)
        frame = frame.with_columns(pl.when(present).then(values).alias(column))
    return frame


def by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rules written directly for Polars, for complete sorted hours of 2025 only, without any check of the input."""
    means = [name for name in SCALES if name != "o3"]
    daily = (
        frame.lazy()
        .with_columns(
            day=pl.col("start").dt.date(),
            window=pl.when(pl.col("start").dt.hour() >= 7).then(pl.col("o3").rolling_mean(8, min_samples=6)),
        )
        .group_by("point", "day")
        .agg(
            pl.col(means).mean(),
            pl.col(*SCALES).count().name.prefix("n_"),
            o3_1h=pl.col("o3").max(),
            o3_8h=pl.col("window").max(),
            n_o3_8h=pl.col("window").count(),
        )
        .with_columns(pl.when(pl.col(f"n_{name}") >= 20).then(pl.col(name)) for name in means)
        .with_columns(stands=(pl.col("n_o3_8h") >= 14) | (whole("o3_8h", 0) > 160))
        .with_columns(pl.when("stands").then(name).alias(name) for name in ("o3_8h", "o3_1h"))
        .with_columns(interpolated(name).alias(f"iaqi_{name}") for name in BREAKPOINTS)
        .with_columns(iaqi_o3=pl.max_horizontal("iaqi_o3_8h", "iaqi_o3_1h"))
        .with_columns(aqi=pl.max_horizontal(*(f"iaqi_{name}" for name in SYMBOLS)))
        .with_columns(
            level=pl.when(pl.col("aqi").is_not_null()).then(
                1 + sum((pl.col("aqi") > top).cast(pl.Int32) for top in (50, 100, 150, 200, 300))
            ),
            primary=pl.concat_str(
                [pl.when((pl.col(f"iaqi_{n}") == pl.col("aqi")) & (pl.col("aqi") > 50)).then(pl.lit(s)) for n, s in SYMBOLS.items()],
                separator=",",
                ignore_nulls=True,
            ),
        )
        .sort("point", "day")
    )
    return daily.collect()


def whole(name: str, decimals: int) -> pl.Expr:
    """Half to even in whole units of the last decimal, free of binary noise."""
    return (pl.col(name) * 10**decimals).round(6).round(0, mode="half_to_even")


def interpolated(name: str) -> pl.Expr:
    """Index of one column by a chain of conditions."""
    points, decimals = BREAKPOINTS[name]
    value = whole(name, decimals)
    chain: Any = pl.when(value > points[-1]).then(pl.lit(None if name == "o3_8h" else 500))
    for low, high, index_low, index_high in reversed(list(zip(points, points[1:], INDEX, INDEX[1:], strict=False))):
        chain = pl.when(value <= high).then(((value - low) * (index_high - index_low) / (high - low)).ceil() + index_low).otherwise(chain)
    return chain.cast(pl.Int32)


def race(repeat: int, *works: Callable[[], Any]) -> list[tuple[float, float, Any]]:
    """Shortest wall time [s], shortest CPU time [s] and result of each work; they take turns, so a busy machine hurts them alike."""
    times: list[list[tuple[float, float]]] = [[] for _ in works]
    results: list[Any] = [None for _ in works]
    for _ in range(repeat):
        for place, work in enumerate(works):
            wall, processor = time.perf_counter(), time.process_time()
            results[place] = work()
            times[place].append((time.perf_counter() - wall, time.process_time() - processor))
    return [(min(t[0] for t in taken), min(t[1] for t in taken), result) for taken, result in zip(times, results, strict=True)]


def per_value(count: int, repeat: int) -> tuple[float, float]:
    """CPU time per PM2.5 index [s]: python-aqi (a Decimal a value) and our column."""
    values = np.random.default_rng(2).integers(1, 500, count)
    texts = [str(value) for value in values]
    frame = nw.from_native(pl.DataFrame({"pm25": values.astype(float)}))
    steps = scale("2012", "PM2.5", "24h")
    theirs, ours = race(
        repeat,
        lambda: [python_aqi.to_iaqi(python_aqi.POLLUTANT_PM25, text, algo=python_aqi.ALGO_MEP) for text in texts[:2000]],
        lambda: frame.with_columns(u=units("pm25", 0)).select(index_of(nw.col("u"), steps)),
    )
    return theirs[1] / 2000, ours[1] / count


def per_row(rows: int, repeat: int) -> tuple[float, float, float] | None:
    """CPU time per hourly AQI [s] of aqi-hub (a call a row) and of ours (explained, with level and primary), and the share that agree."""
    if importlib.util.find_spec("aqi_hub") is None:
        return None
    from aqi_hub.aqi_cn.aqi import cal_aqi_cn  # noqa: PLC0415 - only where it is installed

    frame = hours(rows).drop_nulls()
    few = frame.head(2000)
    given = few.select("pm25", "pm10", "so2", "no2", "co", "o3").rows()
    theirs, own = race(repeat, lambda: [cal_aqi_cn(*row, "hourly")[0] for row in given], lambda: air.judge_hours(frame, standard="2026"))
    ours = own[2].head(few.height)["aqi"].to_list()
    agree = sum(one == other for one, other in zip(theirs[2], ours, strict=True)) / few.height
    return theirs[1] / few.height, own[1] / frame.height, agree


def main() -> None:
    """Print the table of times and ratios of one run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_003_920)
    options.add_argument("--repeat", type=int, default=3)
    chosen = options.parse_args()
    frame = hours(chosen.rows)
    print(f"{frame.height:,} station hours, {frame['point'].n_unique()} stations, Polars {pl.__version__}, narwhals {nw.__version__}")
    hand, ours = race(chosen.repeat, lambda: by_hand(frame), lambda: air.judge_days(frame))
    same = ours[2].select("aqi", "level", "primary").equals(hand[2].select("aqi", "level", "primary"))
    theirs, value = per_value(1_000_000, chosen.repeat)
    print(f"{'':<40}{'wall':>10}{'ratio':>8}{'CPU':>10}{'ratio':>8}")
    print(f"{'daily AQI, hand-written Polars':<40}{hand[0]:8.2f} s{1:8.2f}{hand[1]:8.2f} s{1:8.2f}")
    print(f"{'daily AQI, bilan (narwhals on Polars)':<40}{ours[0]:8.2f} s{ours[0] / hand[0]:8.2f}{ours[1]:8.2f} s{ours[1] / hand[1]:8.2f}")
    print(f"{'one index, python-aqi':<40}{theirs * 1e9:7.0f} ns{1:8.2f}")
    print(f"{'one index, bilan':<40}{value * 1e9:7.0f} ns{value / theirs:8.4f}")
    if row := per_row(HOURS * 20, chosen.repeat):
        print(f"{'hourly AQI of a row, aqi-hub':<40}{row[0] * 1e9:7.0f} ns{1:8.2f}")
        print(f"{'hourly AQI of a row, bilan':<40}{row[1] * 1e9:7.0f} ns{row[1] / row[0]:8.4f}   equal {row[2]:.1%}")
    print(f"daily results equal: {same}")


if __name__ == "__main__":
    main()
