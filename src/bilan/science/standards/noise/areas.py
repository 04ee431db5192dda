"""Noise of whole areas and of roads by HJ 640: mean levels, grades, what part of area, population or length lies in each grade."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.problems import BilanError, Problem
from bilan.science.engine import AnyFrame, Native, need, run, with_missing
from bilan.science.rounding import half_even
from bilan.science.standards.noise.limits import COLUMN, PERIODS, Topic, levels

UNVERIFIED_MEAN = "noise_rules area-mean"
ROAD_LIMIT = 70.0
"""Day limit of zone 4a, which reports name the share of road length above [dB(A)]."""


def evaluate_area(cells: Native, by: Sequence[str] = (), *, weight: str | None = None) -> Native:
    """Mean level and grade of an urban area from its grid cells.

    Parameters:
        cells: one row a grid cell: ``ld`` and/or ``ln`` [dB(A)], the columns `by`.
        by: columns to group by, such as the city; the whole frame when empty.
        weight: column of weights (area or population); equal cells when not given.

    Returns:
        One row a group: ``ld``, ``ln`` (arithmetic means, one decimal) [dB(A)], ``cells``, ``level_day``, ``level_night`` (1 good to
        5 poor), ``standard``, ``version``, ``valid``, ``unverified``.

    Raises:
        BilanError: a column is missing.

    Reference:
        HJ 640-2012, 区域声环境质量评价: S = (1/n) Σ L_i.

    Examples:
        >>> import polars as pl
        >>> evaluate_area(pl.DataFrame({"ld": [53.0, 56.0], "ln": [45.0, 47.2]})).select("ld", "level_day", "ln", "level_night").rows()
        [(54.5, 2, 46.1, 3)]
    """
    return run(cells, lambda data: _means(data, by, weight, "urban_area", "cells"))


def evaluate_roads(roads: Native, by: Sequence[str] = (), *, length: str = "length") -> Native:
    """Mean level of road traffic weighted by length, its grade, and the share of length above 70 dB(A) by day.

    Parameters:
        roads: one row a road section: ``ld`` and/or ``ln`` [dB(A)], `length` [any unit], the columns `by`.
        by: columns to group by; the whole frame when empty.
        length: column of the length.

    Returns:
        As `evaluate_area`, with ``roads`` and ``over_share_day`` [% of length above 70 dB(A)].

    Raises:
        BilanError: a column is missing.

    Reference:
        HJ 640-2012, 道路交通声环境质量评价: L = Σ l_i L_i / Σ l_i.

    Examples:
        >>> import polars as pl
        >>> roads = pl.DataFrame({"ld": [66.0, 72.0], "length": [3.0, 1.0]})
        >>> evaluate_roads(roads).select("ld", "level_day", "over_share_day").rows()
        [(67.5, 1, 25.0)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, length)
        known = with_missing(data, *COLUMN.values()).filter(~nw.col("ld").is_null())
        over = nw.when(half_even(nw.col("ld").cast(nw.Float64), 1) > ROAD_LIMIT).then(nw.col(length)).otherwise(nw.lit(0.0))
        keys = ["_all", *by]
        shares = known.with_columns(_all=nw.lit(0), _over=over, _length=nw.col(length).cast(nw.Float64)).group_by(*keys)
        counted = shares.agg(nw.col("_over").sum(), nw.col("_length").sum())
        share = nw.when(nw.col("_length") > 0).then(half_even(nw.col("_over") * 100 / nw.col("_length"), 1))
        counted = counted.with_columns(over_share_day=share).select(*keys, "over_share_day")
        means = _means(data, by, length, "road_traffic", "roads").with_columns(_all=nw.lit(0))
        return means.join(counted, on=keys, how="left").drop("_all")  # type: ignore[arg-type]

    return run(roads, rule)


def coverage(cells: Native, topic: Topic = "urban_area", *, weights: Sequence[str] = ()) -> Native:
    """How much of an area, a population or a length lies in each grade of HJ 640.

    Parameters:
        cells: one row a cell or road: ``ld`` and/or ``ln`` [dB(A)] and the `weights`.
        topic: ``urban_area`` or ``road_traffic``.
        weights: columns to sum, such as ``area``, ``population`` or ``length``.

    Returns:
        One row a ``period`` and ``level`` that occurs: ``cells``, ``share_cells`` [%], and ``<weight>``, ``share_<weight>`` [%] of each.

    Raises:
        BilanError: a column is missing.

    Examples:
        >>> import polars as pl
        >>> cells = pl.DataFrame({"ld": [49.0, 54.0, 54.9], "population": [100.0, 300.0, 600.0]})
        >>> coverage(cells, weights=["population"]).sort("level").select("level", "cells", "share_population").rows()
        [(1, 1, 10.0), (2, 2, 90.0)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, *weights)
        present = data.collect_schema().names()
        data = data.with_columns(nw.lit(1.0).alias("cells"), *[nw.col(name).cast(nw.Float64) for name in weights])
        parts = [_by_level(data, topic, period, weights) for period in PERIODS if COLUMN[period] in present]
        if not parts:
            raise BilanError(Problem("noise.no_levels", {"allowed": tuple(COLUMN.values())}))
        return nw.concat(parts)  # type: ignore[type-var]

    return run(cells, rule)


def level_of(mean: nw.Expr, topic: Topic, period: str) -> nw.Expr:
    """Grade of HJ 640 of a mean at one decimal: 1 good to 5 poor."""
    grades = levels(topic, "day" if period == "day" else "night")
    found: nw.Expr = nw.when(~mean.is_null()).then(nw.lit(grades[-1].level))
    for grade in reversed(grades[:-1]):
        found = nw.when(mean <= nw.lit(grade.upper)).then(nw.lit(grade.level)).otherwise(found)
    return found.cast(nw.Int64)


def _by_level(data: AnyFrame, topic: Topic, period: str, weights: Sequence[str]) -> AnyFrame:
    names = ["cells", *weights]
    level = level_of(half_even(nw.col(COLUMN[period]).cast(nw.Float64), 1), topic, period)
    graded = data.with_columns(level=level, period=nw.lit(period)).filter(~nw.col("level").is_null())
    sums = [nw.col(name).sum() for name in names]
    found = graded.group_by("period", "level").agg(*sums)
    total = graded.group_by("period").agg(nw.col(name).sum().alias(f"_{name}") for name in names)
    found = found.join(total, on="period", how="left")  # type: ignore[arg-type]
    shares = {f"share_{name}": half_even(nw.col(name) * 100 / nw.col(f"_{name}"), 1) for name in names}
    found = found.with_columns(**shares).with_columns(cells=nw.col("cells").cast(nw.Int64))
    return found.select("period", "level", "cells", *weights, *shares)


def _means(data: AnyFrame, by: Sequence[str], weight: str | None, topic: Topic, counted: str) -> AnyFrame:
    need(data, *by)
    present = data.collect_schema().names()
    if weight is not None and weight not in present:
        raise BilanError(Problem("noise.no_weight", {"value": weight, "allowed": present}))
    data = with_missing(data, *COLUMN.values()).with_columns(
        _all=nw.lit(0), _w=nw.lit(1.0) if weight is None else nw.col(weight).cast(nw.Float64)
    )
    for column in COLUMN.values():
        known = ~(nw.col(column).is_null() | nw.col("_w").is_null())
        data = data.with_columns(
            nw.when(known).then(nw.col("_w") * nw.col(column).cast(nw.Float64)).alias(f"_s_{column}"),
            nw.when(known).then(nw.col("_w")).alias(f"_w_{column}"),
        )
    sums = [nw.col(f"_{part}_{column}").sum() for column in COLUMN.values() for part in ("s", "w")]
    found = data.group_by("_all", *by).agg(*sums, nw.len().alias(counted))
    for column in COLUMN.values():
        mean = half_even(nw.col(f"_s_{column}") / nw.col(f"_w_{column}"), 1)
        found = found.with_columns(nw.when(nw.col(f"_w_{column}") > 0).then(mean).alias(column))
    return found.with_columns(
        **{counted: nw.col(counted).cast(nw.Int64)},
        level_day=level_of(nw.col("ld"), topic, "day"),
        level_night=level_of(nw.col("ln"), topic, "night"),
        standard=nw.lit("HJ 640-2012"),
        version=nw.lit("2012"),
        valid=~(nw.col("ld").is_null() & nw.col("ln").is_null()),
        unverified=nw.lit(UNVERIFIED_MEAN if topic == "urban_area" else ""),
    ).select(*by, "ld", "ln", counted, "level_day", "level_night", "standard", "version", "valid", "unverified")
