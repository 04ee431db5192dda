"""Water class of samples: our rules in narwhals beside the same by hand in Polars, in DuckDB SQL, and in a loop of Python a value.

Every sample: class of nine items by GB 3838 (lakes with limits of their own for phosphorus), times over class III, the worst class, the
main pollutants in their order, the items that decide.

    python benchmarks/water_class.py [--rows 10000000] [--repeat 3]

No package on PyPI judges by GB 3838 (looked for in November 2026), so the loop stands for the scripts people write. The nearest of kin
that grades a sample a call is iqa-calculator (index of CETESB, eight items, checked input); it is measured where it can be imported
(`pip install --no-deps iqa-calculator`), and is another index: only its time can be compared.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import polars as pl
from measuring import apart

from bilan.science import water

LIMITS = {
    "do": (7.5, 6.0, 5.0, 3.0, 2.0),
    "codmn": (2.0, 4.0, 6.0, 10.0, 15.0),
    "cod": (15.0, 15.0, 20.0, 30.0, 40.0),
    "bod5": (3.0, 3.0, 4.0, 6.0, 10.0),
    "nh3n": (0.15, 0.5, 1.0, 1.5, 2.0),
    "tp": (0.02, 0.1, 0.2, 0.3, 0.4),
    "cu": (0.01, 1.0, 1.0, 1.0, 1.0),
    "f": (1.0, 1.0, 1.0, 1.5, 1.5),
}
LAKE_TP = (0.01, 0.025, 0.05, 0.1, 0.2)
MEANS = {"do": 7.0, "codmn": 4.0, "cod": 14.0, "bod5": 2.4, "nh3n": 0.5, "tp": 0.12, "cu": 0.02, "f": 0.5}
OVER = tuple(item for item in LIMITS if item != "do")
SYMBOLS = {
    "ph": "pH", "do": "DO", "codmn": "CODMn", "cod": "CODCr", "bod5": "BOD5", "nh3n": "NH3-N", "tp": "TP", "cu": "Cu", "f": "F-",
}  # fmt: skip
KEYS = [f"key_{item}" for item in SYMBOLS]
SLOW = 20_000
"""Samples that the loop judges."""


def samples(rows: int, seed: int = 1) -> pl.DataFrame:
    """Generated samples: pH and eight items, 3 % missing, one section in five a lake."""
    random = np.random.default_rng(seed)
    columns = {"ph": np.round(random.normal(7.4, 0.7, rows), 2)}
    columns |= {item: np.round(random.gamma(3, mean / 3, rows), 3) for item, mean in MEANS.items()}
    kinds = np.where(random.random(rows) < 0.2, "lake", "river")
    frame = pl.DataFrame({**columns, "section_type": kinds})
    return frame.with_columns(pl.when(pl.Series(random.random(rows) >= 0.03)).then(pl.col(name)).alias(name) for name in ("ph", *LIMITS))


def ours(frame: pl.DataFrame) -> pl.DataFrame:
    """The library."""
    return water.classify(frame)


def by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rules written directly for Polars, without any check of the input."""
    lake = pl.col("section_type") == "lake"

    def exceeded(item: str, limits: tuple[float, ...]) -> pl.Expr:
        beyond = [(pl.col(item) < limit if item == "do" else pl.col(item) > limit).cast(pl.Int64) for limit in limits]
        return 1 + sum(beyond[1:], beyond[0])

    ph = pl.when(pl.col("ph").is_between(6, 9)).then(1).when(pl.col("ph").is_not_null()).then(6)
    classes = {item: exceeded(item, limits) for item, limits in LIMITS.items()}
    classes["tp"] = pl.when(lake).then(exceeded("tp", LAKE_TP)).otherwise(classes["tp"])
    thirds = {item: pl.lit(LIMITS[item][2]) for item in OVER} | {"tp": pl.when(lake).then(LAKE_TP[2]).otherwise(LIMITS["tp"][2])}
    return (
        frame.lazy()
        .with_columns(ph.cast(pl.Int64).alias("class_ph"), *(found.alias(f"class_{item}") for item, found in classes.items()))
        .with_columns(
            pl.when(pl.col(item) > thirds[item]).then(_snapped(pl.col(item) / thirds[item] - 1, 6)).alias(f"factor_{item}") for item in OVER
        )
        .with_columns(grade=pl.max_horizontal(*(f"class_{item}" for item in SYMBOLS)))
        .with_columns(_beyond(place, item).alias(f"key_{item}") for place, item in enumerate(SYMBOLS))
        .with_columns(top_0=pl.max_horizontal(*KEYS))
        .with_columns(top_1=pl.max_horizontal(*(pl.when(pl.col(key) < pl.col("top_0")).then(pl.col(key)) for key in KEYS)))
        .with_columns(top_2=pl.max_horizontal(*(pl.when(pl.col(key) < pl.col("top_1")).then(pl.col(key)) for key in KEYS)))
        .with_columns(main=pl.concat_str([_named(place) for place in range(3)], separator=",", ignore_nulls=True))
        .with_columns(
            items=pl.sum_horizontal(*(pl.col(f"class_{item}").is_not_null().cast(pl.Int64) for item in SYMBOLS)),
            deciding=pl.concat_str(
                [
                    pl.when((pl.col(f"class_{item}") == pl.col("grade")) & (pl.col("grade") > 1)).then(pl.lit(symbol))
                    for item, symbol in SYMBOLS.items()
                ],
                separator=",",
                ignore_nulls=True,
            ),
        )
        .drop(*KEYS, "top_0", "top_1", "top_2")
        .collect()
    )


def _beyond(place: int, item: str) -> pl.Expr:
    """What orders an item that is beyond class III: its class, how many times over the limit, its place in the standard."""
    factor = _snapped(pl.col(f"factor_{item}"), 4).fill_null(-1.0) if item in OVER else pl.lit(-1.0)
    metal = 1e7 if item == "cu" else 0.0
    return pl.when(pl.col(f"class_{item}") > 3).then(pl.col(f"class_{item}") * 1e5 + factor + (metal - place * 1e-6))


def _snapped(value: pl.Expr, decimals: int) -> pl.Expr:
    return ((value * 10**decimals + 0.5).floor() / 10**decimals).round(decimals)


def _named(top: int) -> pl.Expr:
    places = pl.coalesce(*(pl.when(pl.col(key) == pl.col(f"top_{top}")).then(place) for place, key in enumerate(KEYS)))
    return places.replace_strict(range(len(SYMBOLS)), list(SYMBOLS.values()), default=None, return_dtype=pl.String)


def in_sql(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rules in one query of DuckDB."""

    def exceeded(item: str, limits: tuple[float, ...]) -> str:
        return "1 + " + " + ".join(f'("{item}" {"<" if item == "do" else ">"} {limit})::BIGINT' for limit in limits)

    classes = {item: exceeded(item, limits) for item, limits in LIMITS.items()}
    classes["tp"] = f"CASE WHEN section_type = 'lake' THEN {exceeded('tp', LAKE_TP)} ELSE {classes['tp']} END"
    thirds = {item: str(LIMITS[item][2]) for item in OVER}
    thirds["tp"] = f"CASE WHEN section_type = 'lake' THEN {LAKE_TP[2]} ELSE {LIMITS['tp'][2]} END"
    columns = [f"{found} AS class_{item}" for item, found in classes.items()]
    columns += [
        f"CASE WHEN {item} > {thirds[item]} THEN floor(({item} / ({thirds[item]}) - 1) * 1e6 + 0.5) / 1e6 END AS factor_{item}"
        for item in OVER
    ]
    names = ", ".join(f"class_{item}" for item in ("ph", *LIMITS))
    keys = ", ".join(
        f"CASE WHEN class_{item} > 3 THEN {{'k': {_key(place, item)}, 's': '{SYMBOLS[item]}'}} END" for place, item in enumerate(SYMBOLS)
    )
    deciding = ", ".join(f"CASE WHEN class_{item} = grade AND grade > 1 THEN '{symbol}' END" for item, symbol in SYMBOLS.items())
    counted = " + ".join(f"(class_{item} IS NOT NULL)::BIGINT" for item in SYMBOLS)
    largest = f"list_reverse_sort(list_filter([{keys}], lambda x: x IS NOT NULL))[1:3]"
    return duckdb.sql(f"""
        SELECT *, array_to_string(list_transform({largest}, lambda x: x.s), ',') AS main, concat_ws(',', {deciding}) AS deciding,
            {counted} AS items
        FROM (SELECT *, greatest({names}) AS grade FROM (
            SELECT *, CASE WHEN ph BETWEEN 6 AND 9 THEN 1 WHEN ph IS NOT NULL THEN 6 END AS class_ph, {", ".join(columns)} FROM frame))
    """).pl()


def _key(place: int, item: str) -> str:
    factor = f"coalesce(floor(factor_{item} * 1e4 + 0.5) / 1e4, -1)" if item in OVER else "-1"
    return f"class_{item} * 1e5 + {factor} + {1e7 if item == 'cu' else 0.0} - {place} * 1e-6"


def a_value_at_a_time(frame: pl.DataFrame) -> list[int]:
    """Class of each sample by a loop, as scripts commonly do it."""
    found = []
    for row in frame.iter_rows(named=True):
        worst = 6 if row["ph"] is not None and not 6 <= row["ph"] <= 9 else 1
        for item, limits in LIMITS.items():
            value = row[item]
            steps = LAKE_TP if item == "tp" and row["section_type"] == "lake" else limits
            if value is not None:
                worst = max(worst, 1 + sum(value < limit if item == "do" else value > limit for limit in steps))
        found.append(worst)
    return found


def of_another_country(frame: pl.DataFrame) -> list[int]:
    """Index of CETESB by iqa-calculator, a sample a call; coliforms, turbidity and solids are made up."""
    from iqa import IQA  # noqa: PLC0415 - only where it is installed

    kept = frame.select("do", pl.col("ph").clip(0, 14), "bod5", "nh3n", "tp").fill_null(1.0)
    return [int(IQA(do, 200.0, ph, bod, nitrogen, tp, 10.0, 100.0)["iqa"]) for do, ph, bod, nitrogen, tp in kept.iter_rows()]


def told(result: Any) -> tuple[Any, Any]:
    """Counts of the classes of a result and, where it says more, sums of the factors and counts of the texts."""
    grades = result["grade"] if isinstance(result, pl.DataFrame) else pl.Series("grade", result)
    counts = grades.value_counts(sort=False).sort("grade").rows()
    if not isinstance(result, pl.DataFrame):
        return counts, ()
    texts = [result[name].fill_null("").value_counts(sort=False).sort(name).rows() for name in ("main", "deciding")]
    return counts, (result.select(pl.col("^factor_.*$").sum().round(2)).row(0), texts)


def main() -> None:
    """Print the table of times, ratios and memory of one run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--repeat", type=int, default=3)
    chosen = options.parse_args()
    works: dict[str, tuple[Callable[[pl.DataFrame], Any], int]] = {
        "hand-written Polars": (by_hand, chosen.rows),
        "hand-written DuckDB SQL": (in_sql, chosen.rows),
        "a value at a time": (a_value_at_a_time, min(SLOW, chosen.rows)),
        "bilan (narwhals on Polars)": (ours, chosen.rows),
    }
    if importlib.util.find_spec("iqa"):
        works["iqa-calculator, another index"] = (of_another_country, min(SLOW, chosen.rows))
    found = {name: apart(samples, work, rows, chosen.repeat, told) for name, (work, rows) in works.items()}
    own = found["bilan (narwhals on Polars)"][0] / chosen.rows
    print(f"{chosen.rows / 1e6:.2f} million samples of nine items, Polars {pl.__version__}, DuckDB {duckdb.__version__}")
    print(f"{'':<30}{'per million':>14}{'CPU':>10}{'memory':>12}{'bilan / this':>14}")
    for name, (wall, processor, peak, _) in found.items():
        rows = works[name][1]
        print(f"{name:<30}{wall / rows * 1e6:12.2f} s{processor / rows * 1e6:8.2f} s{peak / rows * 1e6:9.0f} MB{own / (wall / rows):14.4f}")
    whole = [result[3] for name, result in found.items() if works[name][1] == chosen.rows]
    print(f"results equal: {all(result == whole[0] for result in whole)}")


if __name__ == "__main__":
    main()
