"""Means of samples as the evaluation measure takes them: non-detects halved, pH through the hydrogen ion."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, run
from bilan.science.rounding import snap
from bilan.science.standards.water.limits import version_at
from bilan.science.standards.water.numbers import evaluation_value, read_text, usable

SNAPPED = 9
"""Decimals that engines agree on: far below what any item is measured to."""

TROPHIC_ONLY = ("chla", "sd")
"""Measured for the trophic state of lakes, without a limit in GB 3838."""


def item_columns(frame: AnyFrame) -> list[str]:
    """Columns of the frame that can be averaged: items of GB 3838 and those of the trophic index."""
    present = frame.collect_schema().names()
    return [column for column in (*version_at().items, *TROPHIC_ONLY) if column in present]


def with_numbers(frame: AnyFrame, columns: Sequence[str]) -> AnyFrame:
    """Turn item columns into usable numbers, reading non-detects written as text."""
    schema = frame.collect_schema()
    return frame.with_columns((read_text(column) if schema[column] == nw.String else usable(column)).alias(column) for column in columns)


def rounded_means(frame: Native) -> Native:
    """Round every item of GB 3838 as evaluation compares it: half-even to the decimals of the measure.

    Reference:
        总站水字[2020]90号, 数据统计 (surface_water_rules.csv ST6)

    Examples:
        >>> import polars as pl
        >>> rounded_means(pl.DataFrame({"do": [4.974], "tp": [0.2025]})).rows()
        [(5.0, 0.202)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        present = data.collect_schema().names()
        items = [entry for entry in version_at().items.values() if entry.column in present]
        return data.with_columns(evaluation_value(nw.col(entry.column), entry.decimals).alias(entry.column) for entry in items)

    return run(frame, rule)


def grouped_means(frame: AnyFrame, keys: Sequence[str], columns: Sequence[str], *counts: nw.Expr) -> AnyFrame:
    """Mean of every item in every group, pH as the negative logarithm of the mean of 10^-pH.

    Parameters:
        frame: numbers as `with_numbers` gives them.
        keys: columns that make a group.
        columns: items to average.
        counts: further aggregations of the group.

    Reference:
        环办监测函[2020]82号, 数据统计 (surface_water_rules.csv ST1 to ST4)
    """
    if "ph" in columns:
        frame = frame.with_columns(ph=nw.lit(10.0) ** (nw.lit(0.0) - nw.col("ph")))
    means = frame.group_by(*keys).agg(*[nw.col(column).mean() for column in columns], *counts)
    if "ph" in columns:
        means = means.with_columns(ph=nw.lit(0.0) - nw.col("ph").log(10))
    return means.with_columns(snap(nw.col(column), SNAPPED).alias(column) for column in columns)
