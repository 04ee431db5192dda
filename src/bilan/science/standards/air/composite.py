"""The composite index that cities are ranked by, and ranking with ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import TypeVar

import narwhals as nw

from bilan.science.engine import AnyFrame, need, run
from bilan.science.rounding import half_even, snap
from bilan.science.standards.air.periods import PeriodItem, period_items, statistics
from bilan.science.standards.air.pollutants import by_symbol
from bilan.science.standards.air.versions import AUTO
from bilan.science.tables import rows_where

Native = TypeVar("Native")


@cache
def reference_values(symbol: str) -> tuple[tuple[date, float, str], ...]:
    """Values that a pollutant's concentration is divided by: first day, value, confidence; oldest first.

    Examples:
        >>> [value for _, value, _ in reference_values("PM2.5")]
        [35.0, 30.0, 25.0]
    """
    rows = rows_where("air_evaluation_rules", rule="standard_value", pollutant=symbol)
    return tuple(sorted((date.fromisoformat(row["effective_from"]), float(row["value"]), row["confidence"]) for row in rows))


def published_weights() -> dict[str, float]:
    """Weights of the weighted variant of 2026, whose provenance is unclear; never used unless asked for.

    Examples:
        >>> published_weights()["PM2.5"]
        3.0
    """
    return {row["pollutant"]: float(row["value"]) for row in rows_where("air_evaluation_rules", rule="weight")}


def composite_index(
    days: Native,
    by: str = "month",
    standard: str = AUTO,
    *,
    weights: Mapping[str, float] | None = None,
    exclude_dust: bool = False,
) -> Native:
    """Composite index of each point and period: the sum of the six concentrations over their limits; smaller is better.

    Parameters:
        days: daily values as for `evaluate_period`.
        by: ``month``, ``quarter`` or ``year``.
        standard: ``auto`` (reference values in force on the period's last day), ``2012`` or ``2026``.
        weights: weight of each symbol; all one by default.
        exclude_dust: leave the particles of days out whose column ``dust`` is true.

    Returns:
        ``point``, ``period``, ``index_<pollutant>`` (two decimals), ``composite`` (the sum of these, null when a pollutant has no
        value), ``primary`` (the largest single indices, ties together), ``valid`` (every pollutant has enough days).

    Raises:
        BilanError: a column is missing, or the period or standard is unknown.

    Reference:
        City ranking rule of the ministry (notice 64 of 2014 and successors): means of SO2, NO2, PM10, PM2.5; 95th percentile of CO, 90th
        percentile of daily maximum eight-hour ozone. Single indices are rounded to two decimals before they are added: so do the published
        bulletins (rule ``ci-single-round``).

    Examples:
        >>> import polars as pl
        >>> from datetime import date, timedelta
        >>> june = [date(2025, 6, 1) + timedelta(days=n) for n in range(30)]
        >>> days = pl.DataFrame({"point": "a", "day": june, "so2": 6.0, "no2": 20.0, "pm10": 35.0, "pm25": 14.0, "co": 0.8, "o3_8h": 120.0})
        >>> composite_index(days).select("index_o3", "composite", "primary").rows()
        [(0.75, 2.45, 'O3')]
    """
    items = period_items("month")

    def rule(given: AnyFrame) -> AnyFrame:
        wide = statistics(given, by, items, standard, exclude_dust=exclude_dust)
        single = {f"__index_{item.column}": _single(item, standard) for item in items}
        wide = wide.with_columns(**single)
        total: nw.Expr | None = None
        for item in items:
            part = half_even(nw.col(f"__index_{item.column}"), 2) * float((weights or {}).get(item.symbol, 1))
            total = part if total is None else total + part
        highest = nw.max_horizontal(*single)
        primary = [nw.when(snap(nw.col(f"__index_{item.column}")) == snap(highest)).then(nw.lit(item.symbol)) for item in items]
        names = {f"index_{by_symbol(item.symbol).column}": half_even(nw.col(f"__index_{item.column}"), 2) for item in items}
        return wide.select(
            "point",
            "period",
            **names,
            composite=half_even(total if total is not None else nw.lit(0.0), 2),
            primary=nw.concat_str(primary, separator=",", ignore_nulls=True),
            valid=nw.all_horizontal(*(nw.col(f"valid_{item.column}") for item in items), ignore_nulls=False),
        ).sort("point", "period")

    return run(days, rule)


def rank(frame: Native, by: str = "composite", *, within: Sequence[str] = ("period",), descending: bool = False) -> Native:
    """Rank rows by a column; equal values share a rank and the next rank is skipped.

    Parameters:
        frame: has the columns `by` and `within`.
        by: column to rank, e.g. ``composite``, ``ratio`` of good days, ``value``.
        within: columns whose combinations are ranked separately.
        descending: largest value first.

    Returns:
        The frame with ``rank``; null where the value is null.

    Raises:
        BilanError: a column is missing.

    Reference:
        City ranking rule: composite index ascending, equal values share a rank.

    Examples:
        >>> import polars as pl
        >>> rank(pl.DataFrame({"period": [1, 1, 1], "composite": [3.1, 2.9, 3.1]}))["rank"].to_list()
        [2, 1, 2]
    """

    def rule(given: AnyFrame) -> AnyFrame:
        need(given, by, *within, code="air.missing_column")
        place = nw.col(by).rank("min", descending=descending)
        ranked = place.over(*within) if within else place
        return given.with_columns(rank=ranked.cast(nw.Int32))

    return run(frame, rule)


def _single(item: PeriodItem, standard: str) -> nw.Expr:
    """Single index of a pollutant: rounded concentration over the value in force."""
    chosen: nw.Expr | None = None
    for begin, value, _ in reference_values(item.symbol):
        if standard != AUTO and (standard == "2012") != (begin < date(2026, 3, 1)):
            continue
        number = nw.lit(value)
        chosen = number if chosen is None else nw.when(nw.col("last") >= nw.lit(begin)).then(number).otherwise(chosen)
    concentration = half_even(nw.col(item.name), by_symbol(item.symbol).decimals)
    return concentration / (chosen if chosen is not None else nw.lit(None, dtype=nw.Float64))
