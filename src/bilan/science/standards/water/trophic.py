"""Trophic state of lakes and reservoirs: the comprehensive index TLI(Σ) and its grade."""

from __future__ import annotations

import narwhals as nw

from bilan.problems import BilanError, Problem
from bilan.science.bands import band
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.standards.water.means import with_numbers
from bilan.science.tables import Row, table


def trophic_index(frame: Native, *, partial: bool = False) -> Native:
    """Compute the comprehensive trophic level index of every row.

    TLI(chla) = 10 (2.5 + 1.086 ln chla), TLI(TP) = 10 (9.436 + 1.624 ln TP), TLI(TN) = 10 (5.453 + 1.694 ln TN),
    TLI(SD) = 10 (5.118 − 1.94 ln SD), TLI(CODMn) = 10 (0.109 + 2.661 ln CODMn); the sum is weighted by r² with chlorophyll a.

    Parameters:
        frame: ``chla`` [mg/L], ``tp`` ``tn`` ``codmn`` [mg/L], ``sd`` (transparency) [m].
        partial: give an index from the items at hand, with their weights scaled to one; else all five are needed.

    Returns:
        The frame with ``tli_<item>``, ``tli`` and ``trophic`` (1 oligotrophic … 5 hyper-eutrophic).

    Raises:
        BilanError: none of the five items is there.

    Reference:
        环办[2011]22号, 附录 营养状态评价 (surface_water_tli.csv, surface_water_tli_grades.csv)

    Examples:
        >>> import polars as pl
        >>> lake = pl.DataFrame({"chla": [0.010], "tp": [0.05], "tn": [1.0], "sd": [1.0], "codmn": [4.0]})
        >>> trophic_index(lake).select(pl.col("tli").round(2), "trophic").rows()
        [(48.02, 2)]
    """
    return run(frame, lambda data: _index(data, partial))


def _index(data: AnyFrame, partial: bool) -> AnyFrame:
    present = data.collect_schema().names()
    rows = [row for row in table("surface_water_tli") if row["column"] in present]
    if not rows:
        raise BilanError(Problem("water.no_trophic_items", {"allowed": [row["column"] for row in table("surface_water_tli")]}))
    numbers = with_numbers(data.with_columns(nw.col(row["column"]).alias(f"_t_{row['column']}") for row in rows), _temporary(rows))
    for row in rows:
        value = nw.col(f"_t_{row['column']}") * float(row["scale"])
        logarithm = nw.when(value > 0).then(value).log()
        index = 10.0 * (float(row["intercept"]) + float(row["slope"]) * logarithm)
        weight = float(row["correlation"]) ** 2
        numbers = numbers.with_columns(index.alias(f"tli_{row['column']}"))
        numbers = numbers.with_columns(nw.when(~nw.col(f"tli_{row['column']}").is_null()).then(nw.lit(weight)).alias(f"_w_{row['column']}"))
    weights = nw.sum_horizontal(*[nw.col(f"_w_{row['column']}") for row in rows])
    parts = nw.sum_horizontal(*[nw.col(f"_w_{row['column']}") * nw.col(f"tli_{row['column']}") for row in rows])
    every = sum(float(row["correlation"]) ** 2 for row in table("surface_water_tli"))
    enough = weights > 0 if partial else weights > every - 1e-9
    numbers = numbers.with_columns(tli=nw.when(enough).then(parts / weights))
    numbers = numbers.with_columns(trophic=band(nw.col("tli"), table("surface_water_tli_grades")))
    return numbers.drop([*_temporary(rows), *[f"_w_{row['column']}" for row in rows]])


def _temporary(rows: list[Row]) -> list[str]:
    return [f"_t_{row['column']}" for row in rows]
